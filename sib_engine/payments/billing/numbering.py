"""Invoice numbers: a declared scheme, and the next number in its series."""

import re
from typing import Final

from sib_engine.core.errors import RefusedError

LONGEST: Final = 60
_ACCEPTED: Final = (
    "letters, digits, - / . _ with {serial} once, or {serial:04} with leading zeros, and {year}, {statement}, {payer}"
    " where wanted, such as SIB-{year}-{serial:04}"
)
_SCHEME: Final = re.compile(r"(?:[A-Za-z0-9\-/._]|\{serial(?::0[1-9])?\}|\{year\}|\{statement\}|\{payer\})+", re.ASCII)
_SERIAL: Final = re.compile(r"\{serial(?::0([1-9]))?\}", re.ASCII)


def checked_scheme(scheme: str) -> str:
    """Return a scheme of invoice numbers.

    Raises:
        RefusedError: If no number, or the same number twice, could come of it.
    """
    scheme = scheme.strip()
    if _SCHEME.fullmatch(scheme) is None or len(_SERIAL.findall(scheme)) != 1 or len(scheme) > LONGEST:
        message = f"{scheme!r} is no scheme for invoice numbers; accepted: {_ACCEPTED}"
        raise RefusedError(message)
    return scheme


def numbered(scheme: str, *, serial: int, year: int, statement: int, payer: str) -> str:
    """Return the number of an invoice in its scheme."""
    text = _SERIAL.sub(lambda found: f"{serial:0{found[1] or 1}d}", scheme)
    return text.replace("{year}", str(year)).replace("{statement}", str(statement)).replace("{payer}", payer)
