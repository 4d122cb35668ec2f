"""A real site for tests and benchmarks that need one: `decent-work serve` in a process, and a client of its pages."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class RunningSite:
    """`decent-work serve` on a free port of this machine, to be used as a context manager."""

    def __init__(self, data: Path, **settings: str | int) -> None:
        self.data = data
        self.port = free_port()
        given = {"DATA": data, "PORT": self.port} | settings
        self.environment = os.environ | {f"DECENT_WORK_{name}": str(value) for name, value in given.items()}
        self.log = data.parent / f"{data.name}-serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RunningSite:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "toolkit", "serve"], env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while "The site is ready" not in self.said():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                self.process.wait()
                raise RuntimeError(f"The site did not start:\n{self.said()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """Ask it to end, as systemd would: its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def said(self) -> str:
        """What it printed so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def children(self, pid: int | None = None) -> list[int]:
        """The processes that a process started, itself without an argument."""
        parent = pid or (self.process.pid if self.process else 0)
        path = Path(f"/proc/{parent}/task/{parent}/children")
        return [int(child) for child in path.read_text().split()] if path.exists() else []

    def master(self) -> int:
        """The process of gunicorn that looks after the web workers."""
        return next(pid for pid in self.children() if b"gunicorn" in _command(pid))

    def job_process(self) -> int:
        """The process that does background work."""
        return next(pid for pid in self.children() if b"gunicorn" not in _command(pid))

    def workers(self) -> list[int]:
        """The web workers."""
        return self.children(self.master())

    def client(self, token: str = "") -> Client:
        """A client of this site; with the token of a session it is signed in."""
        return Client(self.port, {"decent_work_sign_in": token} if token else {})


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class Client:
    """A browser without a screen: keeps cookies, sends forms with their token, follows no redirect."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port = port
        self.cookies = dict(cookies)
        self.status = 0
        self.headers: http.client.HTTPMessage = http.client.HTTPMessage()

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> bytes:
        """The body of the answer; its status and headers are kept. Raises OSError when the line broke."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, {"Cookie": cookies, **(headers or {})})
            response = connection.getresponse()
            content = response.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        self.status, self.headers = response.status, response.headers
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return content

    def get(self, path: str) -> str:
        """A page as text."""
        return self.request("GET", path).decode()

    def get_json(self, path: str) -> Any:
        """A page for programs."""
        return json.loads(self.request("GET", path, headers={"Accept": "application/json"}))

    def form_token(self, page: str) -> str:
        """The token in the forms of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, "the page has no form"
        return found[1]

    def post(self, path: str, form: dict[str, str], headers: dict[str, str] | None = None) -> str:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", path, urlencode(form).encode(), kind | (headers or {})).decode()
