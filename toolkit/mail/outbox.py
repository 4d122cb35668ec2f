"""Outgoing mail: one small interface, and two ways to send: to a folder, or to an SMTP server."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from toolkit.config import Config
from toolkit.domain.errors import ToolkitError

TIMEOUT_SECONDS = 20


class MailNotSent(ToolkitError):
    """The mail server did not take a message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in plain text to one person.

    `unsubscribe` is the address of its stop link, for messages that have one. `id` is the end of its file's name in
    the folder, by which whoever had it sent finds it again; random where it is empty.
    """

    to: str
    subject: str
    text: str
    unsubscribe: str = ""
    id: str = ""


class Outbox(Protocol):
    """Where messages go."""

    def send(self, message: Message) -> None:
        """Hand a message on; afterwards it is safe. Raises MailNotSent."""


def outbox(config: Config) -> Outbox:
    """The outbox of these settings: SMTP by its URL, otherwise files in the folder `mail` of the data folder."""
    url = config.text("SMTP_URL")
    sender = config.text("MAIL_FROM")
    return SmtpOutbox(url, sender) if url else FolderOutbox(config.data / "mail", sender)


def sent_here(config: Config) -> FolderOutbox:
    """The messages that lie in the data folder, from times without a mail server too."""
    return FolderOutbox(config.data / "mail", config.text("MAIL_FROM"))


class FolderOutbox:
    """Writes each message to a file of its own, `<time>-<random>.eml`."""

    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, message: Message) -> None:
        """Write the message; it is on disk afterwards, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{message.id or uuid4().hex[:8]}"
        part = self.folder / f".{name}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(as_email(message, self.sender).as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / f"{name}.eml")
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def texts(self, ids: Collection[str]) -> dict[str, str]:
        """What the messages with these ids say, as far as their files are there."""
        found: dict[str, str] = {}
        for path in sorted(self.folder.glob("*.eml")) if ids else []:
            name = path.stem.partition("-")[2]
            if name in ids:
                email = message_from_bytes(path.read_bytes(), policy=SMTP)
                found[name] = email.get_content().strip()
        return found

    def addressed_to(self, address: str) -> Iterator[tuple[Path, EmailMessage]]:
        """The messages to an address, the oldest first."""
        for path in sorted(self.folder.glob("*.eml")):
            email = message_from_bytes(path.read_bytes(), policy=SMTP)
            if str(email["To"] or "").casefold() == address.casefold():
                yield path, email

    def forget(self, address: str) -> int:
        """Remove the messages to an address: how many."""
        found = [path for path, _ in self.addressed_to(address)]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)


class SmtpOutbox:
    """Sends through a server: `smtp://user:password@host:port` (STARTTLS where offered) or `smtps://`.

    `?tls=required` refuses a server that does not offer STARTTLS.
    """

    def __init__(self, url: str, sender: str) -> None:
        self.parts = urlsplit(url)
        if self.parts.scheme not in {"smtp", "smtps"} or not self.parts.hostname:
            raise ValueError("SMTP_URL does not read smtp://user:password@host:port.")
        self.sender = sender

    def send(self, message: Message) -> None:
        """Hand the message to the server. Raises MailNotSent."""
        try:
            with self._connect() as server:
                if self.parts.username:
                    server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
                server.send_message(as_email(message, self.sender))
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent("The mail server did not take the message.") from error

    def _connect(self) -> smtplib.SMTP:
        host = self.parts.hostname or ""
        safe = ssl.create_default_context()
        if self.parts.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=TIMEOUT_SECONDS, context=safe)
        server = smtplib.SMTP(host, self.parts.port or 25, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo()
            required = parse_qs(self.parts.query).get("tls") == ["required"]
            if server.has_extn("starttls") or required:
                server.starttls(context=safe)
        except BaseException:
            server.close()
            raise
        return server


def as_email(message: Message, sender: str) -> EmailMessage:
    """The message as it travels. Raises ValueError for an address or subject with a line break."""
    email = EmailMessage(policy=SMTP)
    email["From"] = sender
    email["To"] = Address(addr_spec=message.to) if message.to.isascii() else message.to
    email["Subject"] = message.subject
    email["Date"] = format_datetime(datetime.now(UTC))
    email["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    email["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:
        email["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email.set_content(message.text, cte="quoted-printable")
    return email
