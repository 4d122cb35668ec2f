"""Every setting as data: its name, type, default and help. Nothing of ours is imported here.

A setting is read from the environment as DECENT_WORK_<NAME>, or given to `decent-work serve` as an option.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PACKAGE = Path(__file__).resolve().parent


def packaged_folder(name: str) -> Path:
    """A folder that the wheel carries inside the package and a checkout keeps beside it."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `kind` is str, int or bool; a bool is written 1 or 0 in the environment."""

    name: str
    kind: type
    default: str | int | bool
    help: str


SETTINGS = (
    Setting("DATA", str, "data", "Folder for the database, evidence, reports and outgoing mail."),
    Setting("DATABASE_URL", str, "", "A PostgreSQL URL; empty means the SQLite file in the data folder."),
    Setting("CHECKLISTS", str, "", "Folder with checklist definitions; empty means those that come with the program."),
    Setting("HOST", str, "127.0.0.1", "Address that the site listens on."),
    Setting("PORT", int, 8000, "Port that the site listens on."),
    Setting("WORKERS", int, 2, "Number of web worker processes."),
    Setting(
        "PUBLIC_URL",
        str,
        "",
        "Address that people type, such as https://assess.example.org; it decides the cookies and the links in mail.",
    ),
    Setting(
        "ALLOW_HTTP", bool, False, "Serve a public address over plain http all the same. Passwords travel unprotected."
    ),
    Setting("TRUSTED_PROXIES", int, 0, "Number of reverse proxies in front whose forwarded headers are believed."),
    Setting(
        "SECRET_KEY", str, "", "Key that signs forms; empty means one made at first start and kept in the data folder."
    ),
    Setting("QUEUE_URL", str, "", "A Redis URL for the job queue; empty means a SQLite file in the data folder."),
    Setting(
        "FILES_URL",
        str,
        "",
        "s3://bucket/folder for evidence and reports; empty: the data folder.",
    ),
    Setting(
        "FILES_ENDPOINT", str, "", "Address of object storage other than Amazon's, such as https://s3.example.org."
    ),
    Setting("FILES_REGION", str, "us-east-1", "Region of the object storage."),
    Setting("FILES_KEY_ID", str, "", "Name of the key to the object storage; empty takes the machine's own role."),
    Setting("FILES_SECRET", str, "", "The key itself."),
    Setting(
        "SMTP_URL", str, "", "smtp://user:password@host:port; empty writes each message to a file in the data folder."
    ),
    Setting("MAIL_FROM", str, "decent-work@localhost", "Sender of outgoing mail."),
    Setting("TIME_ZONE", str, "UTC", "Time zone in which a day begins and a due day ends, such as Africa/Nairobi."),
    Setting(
        "SECOND_FACTOR_FOR",
        str,
        "",
        "Roles that must sign in with a second step, such as administrator,focal_point; empty leaves it open.",
    ),
    Setting(
        "FACTOR_KEY",
        str,
        "",
        "Key that encrypts the secrets of second steps; empty means one made when first wanted, in the data folder.",
    ),
    Setting("OIDC_ISSUER", str, "", "Address of an OpenID Connect provider to sign in with; empty: passwords alone."),
    Setting("OIDC_CLIENT_ID", str, "", "Name that the provider gave this site."),
    Setting("OIDC_CLIENT_SECRET", str, "", "Secret that the provider gave this site."),
    Setting("OIDC_LABEL", str, "your organization", "What the button calls the provider: Sign in with …"),
    Setting(
        "OIDC_SECOND_STEP",
        str,
        "",
        "Ways of signing in at the provider (amr), such as mfa,hwk, that make our own second step needless.",
    ),
    Setting("SESSION_HOURS", int, 12, "Hours after which a session ends, however busy."),
    Setting("SESSION_IDLE_MINUTES", int, 120, "Minutes without a request after which a session ends."),
    Setting(
        "SANDBOX_LIMIT", int, 200, "How many visitors may have a demo of their own at one time; 0 switches it off."
    ),
    Setting("REPORT_SECONDS", int, 120, "Seconds after which making one PDF is given up."),
    Setting("REPORT_MEGABYTES", int, 1500, "Memory that making one PDF may take."),
)


@dataclass(frozen=True)
class Config:
    """The settings in force. `values` has every name of SETTINGS."""

    values: Mapping[str, str | int | bool]

    def text(self, name: str) -> str:
        """A setting that is text."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.values[name])

    def flag(self, name: str) -> bool:
        """A setting that is on or off."""
        return bool(self.values[name])

    @property
    def data(self) -> Path:
        """The data folder."""
        return Path(self.text("DATA")).resolve()

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.text("DATABASE_URL") or f"sqlite:///{self.data / 'toolkit.sqlite3'}"

    @property
    def checklists(self) -> Path:
        """The folder with checklist definitions."""
        given = self.text("CHECKLISTS")
        return Path(given).resolve() if given else packaged_folder("checklists")


LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def served_securely(config: Config) -> bool:
    """Whether people reach the site by https: True gives Secure cookies, False plain ones.

    The address is PUBLIC_URL; where it is empty, the host that the site listens on over http. Plain http to another
    machine is refused with ValueError unless ALLOW_HTTP is set, since passwords would travel unprotected.
    """
    address = config.text("PUBLIC_URL")
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError(
            f"PUBLIC_URL is {address!r}; write an address that starts with https:// (or http://localhost)."
        )
    if parts.scheme == "https":
        return True
    host = parts.hostname or config.text("HOST")
    if host not in LOCAL_HOSTS and not config.flag("ALLOW_HTTP"):
        raise ValueError(
            f"People would reach this site over plain http at {host}, and their passwords would travel unprotected. "
            "Put a server with https in front and give its address as PUBLIC_URL, or set ALLOW_HTTP to 1."
        )
    return False


def files_bucket(config: Config) -> tuple[str, str] | None:
    """Bucket and folder of the object storage, None where files lie in the data folder.

    Raises ValueError for an address of another form.
    """
    if not (address := config.text("FILES_URL")):
        return None
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError(f"FILES_URL is {address!r}; write s3://bucket or s3://bucket/folder.")
    return parts.netloc, parts.path.strip("/")


def site_address(config: Config) -> str:
    """The address that people type, without a slash at the end: PUBLIC_URL, or where the site listens."""
    if public := config.text("PUBLIC_URL"):
        return public.rstrip("/")
    host = config.text("HOST")
    return f"http://{f'[{host}]' if ':' in host else host}:{config.number('PORT')}"


def time_zone(config: Config) -> tzinfo:
    """The time zone of the site. Raises ValueError for a name that this machine does not know."""
    name = config.text("TIME_ZONE")
    if name == "UTC":
        return UTC  # needs no table of time zones
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"TIME_ZONE is {name!r}; write a name such as Europe/Zurich or Africa/Nairobi.") from None


def read_config(environment: Mapping[str, str] | None = None, **given: str | int | bool | None) -> Config:
    """The settings from options (`given`, None means not given), then the environment, then the defaults.

    Raises ValueError naming the setting whose text is not of its kind.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, str | int | bool] = {}
    for setting in SETTINGS:
        raw: str | int | bool | None = given.get(setting.name.lower())
        if raw is None:
            raw = environment.get(f"DECENT_WORK_{setting.name}")
        values[setting.name] = setting.default if raw is None else _of_kind(setting, raw)
    return Config(values)


def as_environment(config: Config) -> dict[str, str]:
    """The settings in force as environment variables, for a process that is started."""
    texts = {name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in config.values.items()}
    return {f"DECENT_WORK_{name}": text for name, text in texts.items()}


def _of_kind(setting: Setting, raw: str | int | bool) -> str | int | bool:
    if setting.kind is bool and not isinstance(raw, bool):
        if str(raw) not in {"0", "1"}:
            raise ValueError(f"DECENT_WORK_{setting.name} is {raw!r}; write 1 for on or 0 for off.")
        return str(raw) == "1"
    if setting.kind is int:
        try:
            return int(raw)
        except ValueError:
            raise ValueError(f"DECENT_WORK_{setting.name} is {raw!r}; write a whole number.") from None
    return raw if setting.kind is bool else str(raw)
