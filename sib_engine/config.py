"""Settings of the service, read from the environment once; unknown and unsafe ones are refused, all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sib_engine.core.errors import RefusedError

PREFIX: Final = "SIB_"
OF_OTHERS: Final = frozenset({"SIB_USER", "SIB_PYTHON"})
"""Variables of the command line and the scripts, which a service meets and does not need."""

SHORTEST_SECRET: Final = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What a service runs with; each field is the variable ``SIB_`` and its name in capitals.

    ``secret_key`` signs what browsers hold and seals second factors. ``base_url`` is the address that people
    use. ``evidence_folder`` is where evidence files are kept; without it none are taken. ``smtp_url`` sends
    notices (``smtp://`` or ``smtps://``, with user and password where needed) from ``mail_from``.
    ``demonstration`` lets in accounts that are marked as such, on a database of this machine only.
    """

    database_url: str = "sqlite:///sib.db"
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    evidence_folder: Path | None = None
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    smtp_url: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    log_level: str = "info"
    largest_upload_mb: int = 64
    demonstration: bool = False

    @property
    def is_https(self) -> bool:
        """Whether people reach the service over TLS."""
        return self.base_url.startswith("https://")


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment gives.

    Raises:
        RefusedError: If a variable is unknown, cannot be read or is unsafe; every one of them is named.
    """
    names = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    wrong = [
        f"{name} is no setting; accepted: {', '.join(names)}"
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in names and name not in OF_OTHERS
    ]
    found: dict[str, Any] = {}
    for variable, name in names.items():
        text = environment.get(variable, "").strip()
        if not text:
            continue
        try:
            found[name] = _READ.get(name, str)(text)
        except ValueError as unread:
            wrong.append(f"{variable} {unread}")
    settings = Settings(**found)
    wrong.extend(_unsafe(settings))
    if wrong:
        raise RefusedError("; ".join(wrong))
    return settings


def _unsafe(settings: Settings) -> list[str]:
    """Return what must not go into service."""
    wrong = []
    if len(settings.secret_key) < SHORTEST_SECRET:
        wrong.append(
            f"SIB_SECRET_KEY has {len(settings.secret_key)} characters; accepted: {SHORTEST_SECRET} or more, drawn at"
            " random, such as `python -c 'import secrets; print(secrets.token_urlsafe(48))'` prints"
        )
    host = urlsplit(settings.base_url).hostname or ""
    is_here = host in {"127.0.0.1", "localhost", "::1"}
    if not settings.is_https and not is_here:
        wrong.append(f"SIB_BASE_URL is {settings.base_url}; accepted: https, or an address of this machine")
    if settings.demonstration and not is_here:
        wrong.append("SIB_DEMONSTRATION lets in accounts that anybody knows; accepted: only where SIB_BASE_URL is here")
    if bool(settings.smtp_url) != bool(settings.mail_from):
        wrong.append("SIB_SMTP_URL and SIB_MAIL_FROM belong together; accepted: both, or neither")
    of_oidc = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if any(of_oidc) and not all(of_oidc):
        wrong.append(
            "SIB_OIDC_ISSUER, SIB_OIDC_CLIENT_ID and SIB_OIDC_CLIENT_SECRET belong together; accepted: all, or none"
        )
    return wrong


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000):  # noqa: PLR2004 - no machine runs more
        message = f"is {text!r}; accepted: a whole number from 1 to 1,000"
        raise ValueError(message)
    return int(text)


def _yes(text: str) -> bool:
    if text not in {"yes", "no"}:
        message = f"is {text!r}; accepted: yes or no"
        raise ValueError(message)
    return text == "yes"


def _level(text: str) -> str:
    if text not in {"debug", "info", "warning", "error"}:
        message = f"is {text!r}; accepted: debug, info, warning or error"
        raise ValueError(message)
    return text


def _address(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            message = (
                f"cannot be read; accepted: an address that begins with {' or '.join(f'{each}://' for each in schemes)}"
            )
            raise ValueError(message)
        return text.rstrip("/")

    return read


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "base_url": _address("http", "https"),
    "evidence_folder": Path,
    "workers": _whole,
    "smtp_url": _address("smtp", "smtps"),
    "oidc_issuer": _address("http", "https"),
    "log_level": _level,
    "largest_upload_mb": _whole,
    "demonstration": _yes,
}
