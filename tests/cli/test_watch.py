"""Watching processes, with real ones."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from toolkit.cli.watch import Child, KeepsDying, keep_alive


def appears(path, seconds=10):
    """Wait for a file to be there with something in it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.02)
    raise AssertionError(f"{path.name} did not appear")


def is_gone(pid, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # dead, and only waiting for init to take note
            return True
        time.sleep(0.02)
    return False


def sleeper(folder, name="sleeper", **given):
    """A child that writes a line with its pid at each start and then sleeps."""
    code = f"import os, time; open({str(folder / name)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    return Child(name, [sys.executable, "-c", code], **given)


def test_a_child_that_dies_is_started_again_and_all_end_at_the_stop(tmp_path):
    # The watcher is a process of its own: the kernel ties children to the thread that made them.
    script = tmp_path / "watcher.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, signal, sys, threading
            from toolkit.cli.watch import Child, keep_alive
            stop = threading.Event()
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            code = "import os, time; open(r'{tmp_path}/pids', 'a').write(str(os.getpid()) + chr(10)); time.sleep(60)"
            keep_alive([Child("sleeper", [sys.executable, "-c", code])], os.environ, stop)
            """
        )
    )
    watcher = subprocess.Popen([sys.executable, str(script)])
    first = int(appears(tmp_path / "pids"))
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while len((tmp_path / "pids").read_text().split()) < 2:
        assert time.monotonic() < deadline, "not started again"
        time.sleep(0.02)
    second = int((tmp_path / "pids").read_text().split()[1])
    watcher.terminate()
    assert watcher.wait(10) == 0
    assert is_gone(second)


def test_children_end_with_a_watcher_that_is_killed(tmp_path):
    script = tmp_path / "watcher.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, sys, threading
            from toolkit.cli.watch import Child, keep_alive
            code = "import os, time; open(r'{tmp_path}/pids', 'a').write(str(os.getpid())); time.sleep(60)"
            keep_alive([Child("sleeper", [sys.executable, "-c", code])], os.environ, threading.Event())
            """
        )
    )
    watcher = subprocess.Popen([sys.executable, str(script)])
    child = int(appears(tmp_path / "pids"))
    watcher.kill()
    watcher.wait(10)
    assert is_gone(child)


def test_what_a_killed_child_leaves_behind_is_ended_before_it_starts_again(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, subprocess, sys, time
            left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            open(r'{tmp_path}/left', 'a').write(str(left.pid) + chr(10))
            time.sleep(60)
            """
        )
    )
    child = Child("parent", [sys.executable, str(script)])
    stop = threading.Event()

    def kill_it_once():
        appears(tmp_path / "left")
        os.kill(child.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while len((tmp_path / "left").read_text().split()) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        stop.set()

    threading.Thread(target=kill_it_once).start()
    keep_alive([child], os.environ, stop)
    first, second = (int(pid) for pid in (tmp_path / "left").read_text().split())
    assert is_gone(first, 1)
    assert is_gone(second, 1)


def test_a_child_that_keeps_dying_ends_the_others_and_is_named(tmp_path):
    steady = sleeper(tmp_path)
    broken = Child("The web server", [sys.executable, "-c", "raise SystemExit(3)"], deaths_allowed=1)
    with pytest.raises(KeepsDying, match=r"The web server ended 2 times within a minute \(status 3\)"):
        keep_alive([steady, broken], os.environ, threading.Event())
    assert not steady.is_alive


def test_a_child_that_may_die_is_started_later_each_time(tmp_path):
    child = Child("jobs", [sys.executable, "-c", ""])
    stop = threading.Event()
    threading.Timer(3, stop.set).start()
    keep_alive([child], os.environ, stop)
    assert 2 <= len(child.deaths) <= 5
