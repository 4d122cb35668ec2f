"""`decent-work serve`, for real: it starts from nothing, says where it is, heals, and stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.running_site import RunningSite, free_port
from toolkit.__main__ import main
from toolkit.cli.settings import ENVIRONMENT_ONLY
from toolkit.config import SETTINGS, as_environment, read_config, served_securely, site_address

EVERYWHERE = "0.0.0.0"  # noqa: S104  # only looked at, never listened on


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with RunningSite(tmp_path_factory.mktemp("serve") / "data", WORKERS=2) as running:
        yield running


def test_the_first_start_makes_everything_and_prints_a_link_that_works(site):
    said = site.said()
    assert f"The site is ready:  http://127.0.0.1:{site.port}/" in said
    link = re.search(rf"http://127\.0\.0\.1:{site.port}(/welcome/\S+)", said)
    assert link, said
    client = site.client()
    page = client.get(link[1])
    assert client.status == 200
    password = "seven quiet herons by the mill"
    form = {"name": "Amina", "email": "amina@example.org", "password": password, "csrf_token": client.form_token(page)}
    client.post(link[1], form | {"again": password, "confirm": password, "password_again": password})
    assert client.status == 302
    client.get(client.headers["Location"])
    assert client.status == 200


def test_it_says_what_it_runs_on(site):
    client = site.client()
    status = client.get_json("/status")
    assert status["kind"] == "SQLite"
    assert status["synchronous"] == "full"
    assert client.get_json("/health/ready") == {"status": "ready"}


def test_only_the_job_process_may_load_what_draws_pdf(site):
    for pid in [site.master(), *site.workers()]:
        assert "libpango" not in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8")


def test_workers_and_job_process_are_started_again_when_they_are_killed(site):
    job_process, workers = site.job_process(), site.workers()
    os.kill(job_process, signal.SIGKILL)
    os.kill(workers[0], signal.SIGKILL)
    assert until(lambda: len(site.workers()) == 2 and workers[0] not in site.workers())
    assert until(lambda: len(site.children()) == 2 and site.job_process() != job_process)
    client = site.client()
    client.get("/")
    assert client.status == 200


def test_a_second_start_on_the_same_port_says_so(site):
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "serve"], env=site.environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {site.port}" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_order_and_leaves_nobody_behind(tmp_path, number):
    with RunningSite(tmp_path / "data") as running:
        everybody = [running.master(), running.job_process(), *running.workers()]
        running.process.send_signal(number)
        assert running.process.wait(40) == 0, running.said()
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everybody))
        with socket.create_server(("127.0.0.1", running.port)):
            pass  # the port is free again


def test_a_database_that_is_away_ends_the_start_with_a_sentence(tmp_path):
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "serve", "--data", tmp_path, "--port", str(free_port())],
        env=os.environ | {"DECENT_WORK_DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "could not be made ready" in done.stderr


# --- the rule for plain http ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "secure"),
    [
        ({}, False),
        ({"public_url": "http://localhost:8000"}, False),
        ({"public_url": "https://assess.example.org"}, True),
        ({"public_url": "https://assess.example.org", "host": EVERYWHERE}, True),
        ({"public_url": "http://assess.example.org", "allow_http": True}, False),
        ({"host": EVERYWHERE, "allow_http": True}, False),
        ({"host": EVERYWHERE, "public_url": "http://localhost:8000"}, False),
    ],
)
def test_which_addresses_are_served_and_how(given, secure):
    assert served_securely(read_config({}, **given)) is secure


@pytest.mark.parametrize(
    "given",
    [
        {"public_url": "http://assess.example.org"},
        {"host": EVERYWHERE},
        {"host": "::"},
        {"public_url": "ftp://assess.example.org"},
        {"public_url": "assess.example.org"},
        {"public_url": "https://"},
    ],
)
def test_which_addresses_are_refused(given, tmp_path):
    with pytest.raises(ValueError):
        served_securely(read_config({}, **given))
    words = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
    done = CliRunner().invoke(main, ["serve", "--data", str(tmp_path / "data"), *words])
    assert done.exit_code == 2
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": 81}, "http://[::1]:81"),
        ({"public_url": "https://assess.example.org/"}, "https://assess.example.org"),
    ],
)
def test_the_address_that_people_type(given, address):
    assert site_address(read_config({}, **given)) == address


# --- settings ------------------------------------------------------------------------------------


def test_every_setting_is_an_option_save_what_must_not_be_seen():
    help_text = CliRunner().invoke(main, ["serve", "--help"]).output
    for setting in SETTINGS:
        shown = f"--{setting.name.lower().replace('_', '-')}" in help_text
        assert shown is (setting.name not in ENVIRONMENT_ONLY), setting.name


def test_a_process_that_is_started_gets_the_very_same_settings():
    config = read_config({}, port=81, allow_http=True, public_url="https://assess.example.org")
    assert read_config(as_environment(config)) == config


def test_a_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("DECENT_WORK_PORT", "eighty")
    done = CliRunner().invoke(main, ["serve"])
    assert done.exit_code == 2
    assert "DECENT_WORK_PORT is 'eighty'; write a whole number." in done.output
