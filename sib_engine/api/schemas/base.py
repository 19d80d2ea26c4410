"""Fields that several subjects share: money, pages, and words for the document."""

import re
from datetime import date
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

LONGEST_TEXT: Final = 10_000
MOST_ON_A_PAGE: Final = 200

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONEY: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?")


def described(words: str, **more: object) -> dict[str, object]:
    """Return what the document says of a field."""
    return {"description": words, **more}


class Money(fields.String):
    """An amount as a decimal string with the places of its currency, such as ``1400.95``; never a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401 - marshmallow's own signature
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _MONEY.fullmatch(text):
            message = "Not an amount; accepted: digits with a point before the pence, such as 1400.95"
            raise ValidationError(message)
        return str(text)


class Day(fields.String):
    """A day, as ISO 8601 has it; on the way out it is text already."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's own arguments
        """Say so in the document."""
        super().__init__(metadata={"format": "date", **kwargs.pop("metadata", {})}, validate=_is_a_day, **kwargs)


def _is_a_day(text: str) -> None:
    if not _DAY.fullmatch(text):
        message = "Not a day; accepted: such as 2021-04-06"
        raise ValidationError(message)
    try:
        date.fromisoformat(text)
    except ValueError:
        message = "There is no such day; accepted: such as 2021-04-06"
        raise ValidationError(message) from None


class Text(fields.String):
    """Words of a person: no longer than a page, and without characters that control a terminal."""

    def __init__(self, *, longest: int = LONGEST_TEXT, least: int = 0, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's own arguments
        """Set the bounds."""
        super().__init__(validate=[validate.Length(min=least, max=longest), _printable], **kwargs)


def _printable(text: str) -> None:
    if any((ord(letter) < ord(" ") and letter not in "\n\t") or letter == "\x7f" for letter in text):
        message = "Holds a control character; accepted: text"
        raise ValidationError(message)


class PageQuery(Schema):
    """Which part of a list is wanted."""

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=MOST_ON_A_PAGE),
        metadata=described("How many at most", example=50),
    )
    cursor = fields.String(
        load_default=None,
        validate=validate.Length(max=200),
        metadata=described("Where to go on: `next` of the page before"),
    )
