"""What a run counted: printed, and kept in the file that TEST_PROOF names (docs/reliability.md in `./test --proof`)."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

BEGIN, END = "<!-- measured -->", "<!-- end -->"


def record(title: str, sentence: str) -> None:
    """Say what was counted. In the file, the line of the same title is replaced and the others stay."""
    print(f"\n{title}: {sentence}")
    if not (name := os.environ.get("TEST_PROOF")):
        return
    path = Path(name)
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    measured, _, after = rest.partition(END)
    lines = [line for line in measured.strip().splitlines() if line and not line.startswith(f"- **{title}**")]
    day = datetime.now(UTC).date().isoformat()
    lines.append(f"- **{title}** ({day}, Python {platform.python_version()}): {sentence}")
    path.write_text(f"{before}{BEGIN}\n\n" + "\n".join(sorted(lines)) + f"\n\n{END}{after}", encoding="utf-8")
