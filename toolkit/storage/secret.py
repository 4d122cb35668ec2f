"""The site's secret: the key that signs forms and stop links."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from toolkit.config import Config


def site_secret(config: Config) -> str:
    """The key of these settings, or the one that is kept in the data folder."""
    return config.text("SECRET_KEY") or kept_secret(config.data)


def kept_secret(data: Path, name: str = "secret.key") -> str:
    """A key, made when it is first wanted and kept in the data folder, readable by its owner only."""
    path = data / name
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text(encoding="ascii").strip()
