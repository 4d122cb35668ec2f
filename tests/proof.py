"""What a run counted: printed, and kept in the file that TEST_PROOF names (docs/reliability.md in `./test --proof`)."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def record(title: str, sentence: str) -> None:
    """Say what was counted. In the file, the line of the same title is replaced and the others stay."""
    print(f"\n{title}: {sentence}")
    if not (name := os.environ.get("TEST_PROOF")):
        return
    path = Path(name)
    lines = [line for line in between(path, "measured").splitlines() if line and not line.startswith(f"- **{title}**")]
    day = datetime.now(UTC).date().isoformat()
    lines.append(f"- **{title}** ({day}, Python {platform.python_version()}): {sentence}")
    replace_between(path, "measured", "\n".join(sorted(lines)))


def between(path: Path, mark: str) -> str:
    """What stands in a page between `<!-- mark -->` and `<!-- /mark -->`."""
    return path.read_text(encoding="utf-8").partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0].strip()


def replace_between(path: Path, mark: str, text: str) -> None:
    """Put something else there."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(f"<!-- {mark} -->")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    if not (begin and end):
        raise ValueError(f"{path} has no marks for {mark}.")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
