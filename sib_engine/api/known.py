"""As known on: the parameter of every list and detail, as a place in the audit chain."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from sib_engine.api.schemas.base import described
from sib_engine.api.serving import Ask
from sib_engine.services.audit.place import AsKnownOn, Place, place_known_on

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ENTRY: Final = re.compile(r"[1-9][0-9]{0,17}")


def _is_known_on(text: str) -> None:
    try:
        _read(text)
    except ValueError:
        message = "Accepted: a day such as 2021-06-30, or the number of an entry of the audit trail"
        raise ValidationError(message) from None


class KnownQuery(Schema):
    """What was known when."""

    as_known_on = fields.String(
        load_default=None,
        validate=[validate.Length(max=20), _is_known_on],
        metadata=described("What was known at the end of this day, or at this entry of the audit trail"),
    )


def place_of(ask: Ask, code: str, asked: Mapping[str, Any]) -> Place:
    """Return the place that a request asks about.

    Raises:
        NotFoundError: If there is no such entry, or the contract was registered later.
        RefusedError: If the day is yet to come.
    """
    text = asked["as_known_on"]
    known_on = None if text is None else _read(text)
    return place_known_on(ask.session, code, known_on, at=ask.at)


def _read(text: str) -> AsKnownOn:
    if _ENTRY.fullmatch(text):
        return int(text)
    if not _DAY.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)
