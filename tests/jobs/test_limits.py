"""Work under limits, with real processes. The functions here are found by name in the new process."""

import os
import signal
import time
from pathlib import Path

import pytest

from toolkit.domain.errors import ToolkitError
from toolkit.jobs.limits import Limits, TookTooLong, TookTooMuchMemory, WorkFailed, run_limited

ROOMY = Limits(seconds=30, megabytes=1500)


def double(text: str) -> bytes:
    return (text * 2).encode()


def megabytes_of_nothing(count: int) -> bytes:
    return bytes(count * 1024 * 1024)


def who_am_i() -> bytes:
    return str(os.getpid()).encode()


def sleep_and_leave(path: str) -> bytes:
    time.sleep(8)
    Path(path).touch()
    return b""


def refuse() -> bytes:
    raise ToolkitError("There is nothing to print.")


def divide() -> bytes:
    return bytes(1 // 0)


def die() -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def test_the_result_comes_back():
    assert run_limited(double, "ab", limits=ROOMY) == b"abab"


def test_a_result_larger_than_a_pipe_comes_back_whole():
    assert len(run_limited(megabytes_of_nothing, 20, limits=ROOMY)) == 20 * 1024 * 1024


def test_each_piece_of_work_has_a_process_of_its_own():
    pids = {run_limited(who_am_i, limits=ROOMY) for _ in range(2)}
    assert len(pids) == 2
    assert str(os.getpid()).encode() not in pids


def test_work_that_takes_too_long_is_ended(tmp_path):
    began = time.monotonic()
    with pytest.raises(TookTooLong, match="1 seconds"):
        run_limited(sleep_and_leave, str(tmp_path / "finished"), limits=Limits(seconds=1, megabytes=1500))
    assert time.monotonic() - began < 7
    assert not (tmp_path / "finished").exists()


def test_work_that_asks_for_too_much_memory_is_refused_it():
    with pytest.raises(TookTooMuchMemory, match="700 MB"):
        run_limited(megabytes_of_nothing, 900, limits=Limits(seconds=30, megabytes=700))


def test_the_limit_of_one_does_not_stay_for_the_next():
    with pytest.raises(TookTooMuchMemory):
        run_limited(megabytes_of_nothing, 900, limits=Limits(seconds=30, megabytes=700))
    assert len(run_limited(megabytes_of_nothing, 900, limits=Limits(seconds=30, megabytes=0))) == 900 * 1024 * 1024


def test_an_error_meant_for_people_keeps_its_words():
    with pytest.raises(WorkFailed, match=r"^There is nothing to print\.$"):
        run_limited(refuse, limits=ROOMY)


def test_another_error_is_named_without_its_details():
    with pytest.raises(WorkFailed, match="ZeroDivisionError"):
        run_limited(divide, limits=ROOMY)


def test_a_crash_of_the_process_is_an_error_like_any_other():
    with pytest.raises(WorkFailed, match="SIGSEGV"):
        run_limited(die, limits=ROOMY)
