"""How plainly and how exactly a checklist must be written: every fault of its texts, in words.

`python -m tests.content.lint FILE` prints the faults of a definition.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.content.readability import reading_age

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "toolkit" / "content"
LEVELS = {0, 1, 2, 3, 4}

BANNED = (
    r"e\.g\.|i\.e\.|etc\.|and/or|inter alia|leverag\w+|utili[sz]\w+|facilitat\w+|stakeholders?|holistic\w*|synerg\w+|"
    r"robust\w*|paradigm\w*|modalit\w+|operationali[sz]\w+|impactful|going forward|best practices?|beneficiar\w+|"
    r"empower\w*|capacity[- ]building|enhanc\w+|ensur\w+|framework conditions|human capital|low-hanging|buy-in"
)
# Words that two honest people would judge differently; a criterion states facts instead.
VAGUE = (
    r"adequate\w*|appropriate\w*|significant\w*|effective\w*|sufficient\w*|relevant|strong\w*|good|regular\w*|"
    r"systematic\w*|where possible|as needed|substantial\w*|meaningful\w*|often|usually|(?<!how )many|some"
)
# What is written for programs, not for people.
NOT_READ = frozenset(
    {"id", "references", "tags", "also_in", "related", "kind", "track", "ask_if", "scale", "method", "layer"}
)
SHARES = {"a quarter": 1, "half": 2, "three quarters": 3}

Definition = Mapping[str, Any]


def read(path: Path) -> Any:
    """A YAML file as plain data."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def known_references() -> set[str]:
    """Every instrument, target, indicator and framework in the dated data."""
    sdg = read(CONTENT / "sdg.yaml")
    entries = [
        *read(CONTENT / "instruments.yaml")["instruments"],
        *sdg["targets"],
        *sdg["indicators"],
        *read(CONTENT / "frameworks.yaml")["frameworks"],
    ]
    return {entry["id"] for entry in entries}


def themes_of(definition: Definition) -> dict[str, Any]:
    """Theme id to theme."""
    return {theme["id"]: theme for part in definition["parts"] for theme in part["themes"]}


def questions_of(definition: Definition) -> dict[str, Any]:
    """Question id to question."""
    return {question["id"]: question for theme in themes_of(definition).values() for question in theme["questions"]}


def texts(node: object) -> Iterator[str]:
    """Every text that a person reads."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in NOT_READ:
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)
    elif isinstance(node, str):
        yield node


def faults(definition: Definition) -> list[str]:
    """All that is wrong with the texts and names of a definition; empty when nothing is."""
    return [
        *_of_names(definition),
        *_of_themes(definition),
        *_of_questions(definition),
        *_of_repetition(definition),
        *_of_words(definition),
    ]


def _of_names(definition: Definition) -> Iterator[str]:
    themes = [theme for part in definition["parts"] for theme in part["themes"]]
    for ids in (
        [part["id"] for part in definition["parts"]],
        [theme["id"] for theme in themes],
        [question["id"] for theme in themes for question in theme["questions"]],
    ):
        yield from (f"{name}: this id stands {count} times" for name, count in Counter(ids).items() if count > 1)
        yield from (f"{name}: not a permanent name" for name in ids if not re.fullmatch(r"[a-z][a-z0-9_]{1,51}", name))
    known = known_references()
    for entry in [*themes, *questions_of(definition).values()]:
        yield from (
            f"{entry['id']}: {name} is not in the dated data"
            for name in entry.get("references", ())
            if name not in known
        )
        for tag in entry.get("tags", ()):
            if "tags" in definition and tag not in definition["tags"]:
                yield f"{entry['id']}: the tag {tag} is not declared"
        for fact in re.findall(r"'fact': '(\w+)'", str(entry.get("ask_if", ""))):
            if "facts" in definition and fact not in {one["id"] for one in definition["facts"]}:
                yield f"{entry['id']}: the fact {fact} is not declared"


def _of_themes(definition: Definition) -> Iterator[str]:
    for theme in themes_of(definition).values():
        name, why = theme["id"], theme.get("why", "")
        if not theme.get("references"):
            yield f"{name}: a theme names what it rests on"
        if not 50 <= len(why.split()) <= 90:
            yield f"{name}: why has {len(why.split())} words, not 50 to 90"
        elif reading_age(why) > 14.5:
            yield f"{name}: why reads at {reading_age(why):.1f} years"


def _of_questions(definition: Definition) -> Iterator[str]:
    for name, question in questions_of(definition).items():
        text = question["text"]
        if len(text.split()) > 30:
            yield f"{name}: the question has {len(text.split())} words"
        if not text.endswith(("?", ".")) or (question["kind"] == "rating" and not text.endswith("?")):
            yield f"{name}: a question ends with a question mark"
        if reading_age(text) > 16:
            yield f"{name}: the question reads at {reading_age(text):.1f} years"
        if not 1 <= question.get("minutes", 0) <= 15:
            yield f"{name}: minutes are missing"
        if question["kind"] == "rating":
            yield from _of_a_rating(name, question)


def _of_a_rating(name: str, question: Mapping[str, Any]) -> Iterator[str]:
    if set(question.get("criteria", ())) != LEVELS or set(question.get("advice", ())) != LEVELS - {4}:
        yield f"{name}: criteria for 0 to 4 and advice for 0 to 3 are wanted"
        return
    if not question.get("references"):
        yield f"{name}: a rating names what it rests on"
    for field in ("guidance", "evidence", "not_enough"):
        if not question.get(field, "").endswith((".", "?", "”")):
            yield f"{name}: {field} is missing or has no full stop"
    for field, most in (("criteria", 40), ("advice", 30)):
        for level, text in question[field].items():
            if len(text.split()) > most:
                yield f"{name}: {field} {level} has {len(text.split())} words"
    body = [
        question["text"],
        question.get("guidance", ""),
        *question["criteria"].values(),
        *question["advice"].values(),
    ]
    if reading_age(" ".join(body)) > 14.5:
        yield f"{name}: reads at {reading_age(' '.join(body)):.1f} years"
    ranks = [
        max((rank for words, rank in SHARES.items() if words in text), default=0)
        for _, text in sorted(question["criteria"].items())
    ]
    stated = [rank for rank in ranks if rank]
    if stated != sorted(set(stated)):
        yield f"{name}: a level names a share that is not higher than the one before"
    for level, text in question["criteria"].items():
        if vague := re.search(rf"\b(?:{VAGUE})\b", text, re.I):
            yield f"{name}: criterion {level} is vague: {vague.group(0)}"
    rewarded = " ".join([question["text"], question.get("evidence", ""), *question["criteria"].values()])
    if "ratif" in rewarded.lower():
        yield f"{name}: ratification is rewarded"


def _of_repetition(definition: Definition) -> Iterator[str]:
    ratings = [question for question in questions_of(definition).values() if question["kind"] == "rating"]
    for field in ("text", "guidance", "evidence", "not_enough"):
        seen = Counter(question.get(field, "") for question in ratings)
        yield from (f"{field} stands {count} times: {text[:60]}" for text, count in seen.items() if count > 1)
    for field in ("criteria", "advice"):
        seen = Counter(text for question in ratings for text in question.get(field, {}).values())
        yield from (f"{field} stand {count} times: {text[:60]}" for text, count in seen.items() if count > 1)


def _of_words(definition: Definition) -> Iterator[str]:
    for text in texts(dict(definition)):
        if banned := re.search(rf"\b(?:{BANNED})", text, re.I):
            yield f"banned: {banned.group(0)} in “{text[:60]}”"
        if text != text.strip() or "  " in text:
            yield f"spaces in “{text[:60]}”"
        if twice := re.search(r"\b(\w+) \1\b", text, re.I):
            yield f"“{twice.group(0)}” in “{text[:60]}”"


def main(arguments: list[str]) -> int:
    """Print the faults of a definition. Returns 1 when there are some."""
    definition = read(Path(arguments[0]))
    found = faults(definition)
    print("\n".join(found) or "nothing found")
    print(f"{len(questions_of(definition))} questions, {len(themes_of(definition))} themes, {len(found)} faults")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
