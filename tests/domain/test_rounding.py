"""Rounding: half up, once, and never onto a mark that was not reached."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.domain.checklist import Thresholds
from toolkit.domain.rounding import exact, marks, one_decimal, points, whole_percent

EIGHTY = Fraction(80, 100)
FIFTEEN = Fraction(15, 100)


@pytest.mark.parametrize(
    ("share", "whole", "decimal"),
    [
        (Fraction(23, 32), "72 %", "71.9"),  # 71.875
        (Fraction(1, 2), "50 %", "50.0"),
        (Fraction(125, 1000), "13 %", "12.5"),  # half up, not to the even neighbour
        (Fraction(145, 1000), "15 %", "14.5"),
        (Fraction(7185, 10000), "72 %", "71.9"),  # half up in tenths: 71.85
        (Fraction(0), "0 %", "0.0"),
        (Fraction(1), "100 %", "100.0"),
        (Fraction(3, 1000), "1 %", "0.3"),  # above nothing: not 0
        (Fraction(1, 100000), "1 %", "0.1"),
        (Fraction(996, 1000), "99 %", "99.6"),  # below everything: not 100
        (Fraction(9996, 10000), "99 %", "99.9"),
    ],
)
def test_a_share_is_rounded_half_up_and_never_onto_nothing_or_everything(share, whole, decimal):
    assert whole_percent(share) == whole
    assert one_decimal(share) == decimal


@pytest.mark.parametrize(
    ("share", "whole", "decimal"),
    [
        (Fraction(7996, 10000), "79 %", "79.9"),
        (Fraction(796, 1000), "79 %", "79.6"),
        (Fraction(80, 100), "80 %", "80.0"),
        (Fraction(8004, 10000), "80 %", "80.0"),  # reached, so it may print as the mark
        (Fraction(794, 1000), "79 %", "79.4"),
    ],
)
def test_a_share_below_a_threshold_never_prints_as_it(share, whole, decimal):
    assert whole_percent(share, EIGHTY) == whole
    assert one_decimal(share, EIGHTY) == decimal


def test_a_threshold_that_is_no_whole_per_cent_is_not_met_by_a_smaller_share_either():
    two_thirds = Fraction(2, 3)  # prints 67 %
    assert whole_percent(two_thirds, two_thirds) == "67 %"
    assert whole_percent(Fraction(666, 1000), two_thirds) == "66 %"


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Fraction(256, 1000), "26"),
        (Fraction(255, 1000), "26"),
        (Fraction(1, 10), "10"),
        (Fraction(996, 10000), "10"),  # 9.96
        (Fraction(5, 100), "5"),
        (Fraction(1, 192), "0.5"),  # 0.52
        (Fraction(1, 100000), "0.1"),
        (Fraction(0), "0"),
        (Fraction(-256, 1000), "−26"),
        (Fraction(-125, 10000), "−1.3"),  # as large as the rise of 1.25, which prints 1.3
    ],
)
def test_a_difference_is_printed_in_points(difference, text):
    assert points(difference) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (Fraction(15, 100), "15"),
        (Fraction(1502, 10000), "15.1"),
        (Fraction(1498, 10000), "14.9"),
        (Fraction(152, 1000), "15.2"),
        (Fraction(16, 100), "16"),
    ],
)
def test_a_difference_on_either_side_of_a_threshold_never_prints_as_it(difference, text):
    assert points(difference, FIFTEEN) == text


def test_no_score_is_said_in_words_and_never_printed_as_nothing():
    assert {whole_percent(None), one_decimal(None), points(None), exact(None)} == {"no score"}


def test_the_exact_fraction_is_written_out():
    assert exact(Fraction(46, 64)) == "23/32"
    assert exact(Fraction(1)) == "1"


def test_each_figure_has_the_marks_of_its_own_place():
    limits = Thresholds()
    assert marks(limits, "overall", "coverage") == (limits.coverage,)
    assert marks(limits, "objective", "coverage") == (limits.objective_coverage,)
    assert marks(limits, "objective", "score") == (limits.low_objective,)
    assert marks(limits, "theme", "score") == ()


SHARES = st.fractions(min_value=0, max_value=1)


@given(SHARES, st.lists(SHARES.filter(lambda mark: mark > Fraction(1, 50)), max_size=2))
def test_what_is_printed_is_near_and_on_the_right_side_of_every_mark(share, thresholds):
    printed = Fraction(one_decimal(share, *thresholds))
    assert abs(printed - 100 * share) <= Fraction(3, 20)  # half a step, and one more to stay off a mark
    for mark in (*thresholds, Fraction(1)):
        if share < mark:
            assert printed < Fraction(one_decimal(mark))
    if share > 0:
        assert printed > 0


@given(SHARES, SHARES)
def test_a_larger_share_never_prints_smaller(one, other):
    low, high = sorted((one, other))
    assert Fraction(one_decimal(low)) <= Fraction(one_decimal(high))
    assert int(whole_percent(low).split()[0]) <= int(whole_percent(high).split()[0])


@given(st.fractions(min_value=-1, max_value=1))
def test_a_rise_and_the_same_fall_print_alike(difference):
    assert points(-difference).lstrip("−") == points(difference).lstrip("−")
