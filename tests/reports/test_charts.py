from __future__ import annotations

from base64 import b64decode
from xml.etree import ElementTree

import pytest

from toolkit.reports.charts import SVG, Segment, index_bar, level_steps, profile_bar, swatch
from toolkit.reports.palette import LEVELS, OBJECTIVES, SECTION, level_colours

CHARTS = [
    profile_bar("Two <of> three", [Segment(2, 0), Segment(0, 1), Segment(1, 4)], levels=5, open_count=1),
    profile_bar("Nothing", [], levels=5),
    index_bar("Half", 0.5, 0.25, 0.75, colour=OBJECTIVES[0], last=0.4),
    index_bar("No score", None, None, None, colour=OBJECTIVES[0]),
    index_bar("Edges", 1.0, 0.0, 1.0, colour=OBJECTIVES[0], last=0.0),
    level_steps("Level 2", 2, levels=5),
    level_steps("No level", None, levels=2),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_says_in_words_what_it_shows_and_draws_no_text(chart):
    tree = ElementTree.fromstring(chart)  # noqa: S314  # our own text
    assert tree[0].tag == f"{{{SVG}}}title"
    assert tree[0].text
    assert not tree.findall(f".//{{{SVG}}}text")


def test_segments_are_as_wide_as_their_counts():
    chart = ElementTree.fromstring(profile_bar("x", [Segment(1, 0), Segment(3, 4)], levels=5))  # noqa: S314
    widths = [float(box.attrib["width"]) for box in chart.findall(f"{{{SVG}}}rect")]
    assert widths == [158, 478]  # a quarter and three quarters of 640, less the gap of 2


def test_every_level_has_a_look_of_its_own_in_black_and_white():
    for levels in range(2, 6):
        drawings = [b64decode(swatch(position, levels).split(",")[1]).decode() for position in range(levels)]
        grey = {colour: "light" if luminance(colour) > 0.5 else "dark" for colour in level_colours(levels)}
        looks = {drawn.replace(colour, grey[colour]) for drawn, colour in zip(drawings, grey, strict=True)}
        assert len(looks) == levels


def test_the_colours_spread_over_any_number_of_levels():
    assert level_colours(5) == LEVELS
    assert level_colours(2) == (LEVELS[0], LEVELS[-1])
    assert len(set(level_colours(9))) == 9


@pytest.mark.parametrize("colour", [*OBJECTIVES, SECTION])
def test_white_on_an_objectives_colour_can_be_read(colour):
    assert contrast(colour, "#FFFFFF") >= 4.5


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
