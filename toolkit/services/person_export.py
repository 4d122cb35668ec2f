"""Everything that is kept about a person, as one ZIP file, from the register in `storage/personal.py`."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa

from toolkit.domain.errors import NotFound
from toolkit.mail.outbox import sent_here
from toolkit.services import rates
from toolkit.services.viewers import Viewer
from toolkit.storage.assessments import AssessmentRecord
from toolkit.storage.db import current_config, db, reading, transaction
from toolkit.storage.people import PersonRecord
from toolkit.storage.personal import HOLDINGS, Holding
from toolkit.storage.trail import append_to_accounts

EXPORTED = "person_exported"
AT_A_TIME = 500
_SECRET_LINK = re.compile(r"/(reset|invitation|welcome|link)/\S+")
README = """This is what the site keeps about one person.

account.json, grants.json …   one file for each kind of thing, a list of rows each. Ids stand for
                              assessments, questions and units; assessments.json has the titles.
texts.txt                     what the person wrote, to read. The same texts are in the lists.
mail.txt                      messages to them that lie in the site's own mail folder. Where mail goes
                              through a server, the site keeps none. Links in them are left out.

Not in it: the password (only a hash is kept), secrets of a second step of signing in, and what others wrote.
Files of evidence are listed by name; they belong to the assessments and are had there.
"""


def export_own(viewer: Viewer, file: IO[bytes], *, now: datetime) -> None:
    """Write what is kept about whoever asks. Raises TooManyTries."""
    rates.count_try((rates.EXPORT_BY_NAME, str(viewer.person_id)), now=now)
    export_person(viewer.person_id, file, by=viewer.person_id, now=now)


def export_person(person_id: UUID, file: IO[bytes], *, by: UUID | None, now: datetime) -> None:
    """Write what is kept about a person, row by row, as it is at one moment. The trail tells of it. Raises NotFound."""
    with transaction():
        append_to_accounts(db.session, EXPORTED, at=now, by=by, about=str(person_id))
    with reading(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        email = sa.select(PersonRecord.email).where(PersonRecord.id == person_id, PersonRecord.erased_at.is_(None))
        found = db.session.execute(email).one_or_none()
        if found is None:
            raise NotFound
        archive.writestr("README.txt", README)
        named: set[UUID] = set()
        for holding in HOLDINGS:
            if holding.shown:
                _write_list(archive, f"{holding.part.replace(' ', '-')}.json", _rows(holding, person_id, named))
        with archive.open("texts.txt", "w") as texts:
            for holding in HOLDINGS:
                for text in _texts(holding, person_id) if holding.words else ():
                    texts.write(text.encode())
        _write_list(archive, "assessments.json", _titles(named))
        with archive.open("mail.txt", "w") as mail:
            for text in _messages(found.email):
                mail.write(text.encode())


def _select(holding: Holding, person_id: UUID, wanted: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    mapped = sa.inspect(holding.table)
    table = mapped.local_table
    theirs = sa.or_(*(table.c[name] == _as_kept(table.c[name], person_id) for name in holding.person))
    query = sa.select(*(table.c[name] for name in wanted)).where(theirs).order_by(*mapped.primary_key)
    for row in db.session.execute(query, execution_options={"yield_per": AT_A_TIME}).mappings():
        yield {name: _plain(name, value) for name, value in row.items()}


def _as_kept(column: sa.ColumnElement[Any], person_id: UUID) -> UUID | str:
    return person_id if isinstance(column.type, sa.Uuid) else str(person_id)


def _rows(holding: Holding, person_id: UUID, named: set[UUID]) -> Iterator[dict[str, Any]]:
    for row in _select(holding, person_id, holding.shown):
        for name in ("assessment_id", "chain_id"):
            if row.get(name):
                named.add(UUID(row[name]))
        yield row


def _texts(holding: Holding, person_id: UUID) -> Iterator[str]:
    """The person's own words, each under a line that says where they stand."""
    for row in _select(holding, person_id, holding.shown):
        words = [text for name in holding.words for text in _words_in(row[name])]
        if words:
            where = ", ".join(str(row[name]) for name in ("assessment_id", "chain_id", "question_id") if row.get(name))
            yield "\n".join((f"== {holding.part}: {where}", *words, "", ""))


def _words_in(value: Any) -> Iterator[str]:
    """Every text in a value, the keys of an answer left out."""
    if isinstance(value, str):
        yield from [value] if value else []
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from () if name in {"state", "sha256"} else _words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words_in(one)


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it; the content of an answer is JSON already."""
    if name == "content" and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _titles(named: set[UUID]) -> Iterator[dict[str, str]]:
    wanted = sorted(named, key=str)
    for start in range(0, len(wanted), AT_A_TIME):
        some = wanted[start : start + AT_A_TIME]
        row = AssessmentRecord
        query = sa.select(row.id, row.title).where(row.id.in_(some)).order_by(row.id)
        for found in db.session.execute(query):
            yield {"id": str(found.id), "title": found.title}


def _messages(address: str | None) -> Iterator[str]:
    for _, email in sent_here(current_config()).addressed_to(address) if address else ():
        text = _SECRET_LINK.sub(r"/\1/…", str(email.get_content()))
        yield f"== {email['Date']}: {email['Subject']}\n{text.strip()}\n\n"


def _write_list(archive: zipfile.ZipFile, name: str, rows: Iterator[dict[str, Any]]) -> None:
    """A JSON list, a row a line, without holding all of it at once."""
    with archive.open(name, "w") as part:
        part.write(b"[")
        for number, row in enumerate(rows):
            part.write((",\n" if number else "\n").encode() + json.dumps(row, ensure_ascii=False).encode())
        part.write(b"\n]\n")
