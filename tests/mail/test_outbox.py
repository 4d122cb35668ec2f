"""Messages go to a folder, one file each, or to a server."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading

import pytest

from toolkit.config import read_config
from toolkit.mail.outbox import FolderOutbox, MailNotSent, Message, SmtpOutbox, outbox

MESSAGE = Message("bo@example.org", "Your invitation – “today”", "Hello Bo,\n\nhttps://example.org/" + "x" * 90 + "\n")


def test_each_message_is_a_file_that_mail_programs_can_read(tmp_path):
    box = FolderOutbox(tmp_path / "mail", "site@example.org")
    box.send(MESSAGE)
    box.send(MESSAGE)
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    read = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert (read["To"], read["From"], read["Subject"]) == ("bo@example.org", "site@example.org", MESSAGE.subject)
    assert read.get_content().replace("\r\n", "\n") == MESSAGE.text
    assert files[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_line_break_smuggles_no_header_in(tmp_path, field):
    given = {"to": MESSAGE.to, "subject": MESSAGE.subject, "text": MESSAGE.text}
    bad = Message(**(given | {field: f"{given[field]}\r\nBcc: all@example.org"}))
    with pytest.raises(ValueError):
        FolderOutbox(tmp_path, "site@example.org").send(bad)
    assert list(tmp_path.glob("*.eml")) == []


def test_the_settings_choose(tmp_path):
    assert isinstance(outbox(read_config({}, data=str(tmp_path))), FolderOutbox)
    assert isinstance(outbox(read_config({}, smtp_url="smtp://mail.example.org")), SmtpOutbox)
    with pytest.raises(ValueError, match="SMTP_URL"):
        outbox(read_config({}, smtp_url="mail.example.org"))


class Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP to take one message."""

    def handle(self):
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.taken = b"".join(iter(self.rfile.readline, b".\r\n"))
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"550 no\r\n" if word == b"RCPT" and self.server.refuses else b"250 ok\r\n")


@pytest.fixture
def server():
    """A mail server on this machine."""
    with socketserver.TCPServer(("127.0.0.1", 0), Conversation) as server:
        server.taken, server.refuses = b"", False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_message_is_handed_to_the_server(server):
    SmtpOutbox(f"smtp://127.0.0.1:{server.server_address[1]}", "site@example.org").send(MESSAGE)
    read = email.message_from_bytes(server.taken, policy=email.policy.default)
    assert (read["To"], read["Subject"]) == ("bo@example.org", MESSAGE.subject)


def test_a_refusal_has_a_name(server):
    server.refuses = True
    with pytest.raises(MailNotSent):
        SmtpOutbox(f"smtp://127.0.0.1:{server.server_address[1]}", "site@example.org").send(MESSAGE)


def test_a_server_without_encryption_can_be_refused(server):
    with pytest.raises(MailNotSent):
        SmtpOutbox(f"smtp://127.0.0.1:{server.server_address[1]}?tls=required", "site@example.org").send(MESSAGE)
    assert server.taken == b""


def test_a_server_that_is_not_there_has_a_name():
    with pytest.raises(MailNotSent):
        SmtpOutbox("smtp://127.0.0.1:1", "site@example.org").send(MESSAGE)
