"""Marshmallow fields for what stands in a contract file; each refusal says what would be accepted.

The fields read what ``tomllib`` gives (``parse_float=Decimal``): no value passes through a binary float.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeVar

from marshmallow import ValidationError, fields

from sib_engine.core.dates import parse_month
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import Currency, to_minor
from sib_engine.terms.format.problems import CODE, Problem, shown_value

REQUIRED: Final = [Problem("missing-key", "{key} is missing", "this key, with a value")]
MAX_TEXT: Final = 4000
MAX_COUNT: Final = 2**31 - 1
MAX_DAYS: Final = 36_500
MAX_WEEKS: Final = 5_200
MAX_MONTHS: Final = 1_200
"""A hundred years, so that time counted on from any date of a contract stays inside the calendar."""

MAX_NUMBER: Final = 10**12
MAX_PLACES: Final = 10
"""Numbers stay below 28 digits in all, which is what ``Decimal`` keeps exact."""
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Dates of a contract lie between these years, so that counting months on from them stays inside the calendar."""

MAX_ENTRIES: Final = 1_000
MAX_TARIFFS: Final = 10_000
"""Positions of metrics, sites and clauses stand in two bytes in the tables of outcomes."""

FRACTION: Final = re.compile(r"([0-9]{1,12})/([0-9]{1,12})", re.ASCII)
DAY_OF_YEAR: Final = re.compile(r"([0-9]{2})-([0-9]{2})", re.ASCII)
_COMMON_YEAR: Final = 2001
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?%", re.ASCII)
_QUOTED_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?", re.ASCII)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Control characters and marks of writing direction: either can make a terminal show another text than the file's."""

E = TypeVar("E", bound=StrEnum)


def refusal(value: object, rule: str, accepted: str) -> ValidationError:
    """Return the error for one value that is not accepted."""
    return ValidationError([Problem(rule, f"{{key}} is {shown_value(value)}", accepted)])


class StrictField(fields.Field[Any]):
    """A field that is read by ``read`` and whose standard refusals (missing, null) are problems too."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges this mapping along the class hierarchy
        "required": REQUIRED,
        "null": [Problem("missing-key", "{key} is empty", "a value")],
    }

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> object:  # noqa: ARG002 - marshmallow names them
        return self.read(value)

    def read(self, value: object) -> object:
        """Return the value read.

        Raises:
            ValidationError: If it is not accepted.
        """
        raise NotImplementedError


class Text(StrictField):
    """Text that is not blank and holds no control characters."""

    def read(self, value: object) -> str:
        """Return the text without space around it."""
        if not isinstance(value, str) or not value.strip():
            raise refusal(value, "not-text", "text that is not blank")
        if len(value) > MAX_TEXT or _UNPRINTABLE.search(value):
            raise refusal(value, "not-text", f"at most {MAX_TEXT} characters, none of them control characters")
        return value.strip()


class Code(StrictField):
    """An id or code: lower-case letters, digits, ``-`` and ``_``."""

    def read(self, value: object) -> str:
        """Return the code."""
        if not isinstance(value, str) or CODE.fullmatch(value) is None:
            raise refusal(value, "not-a-code", "lower-case letters, digits, - and _, at most 64")
        return value


class Day(StrictField):
    """A TOML date."""

    def read(self, value: object) -> date:
        """Return the date."""
        if not isinstance(value, date) or isinstance(value, datetime):
            raise refusal(value, "not-a-date", "a date without quotes, such as 2020-04-01")
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise refusal(value, "not-a-date", f"a date in the years {FIRST_YEAR} to {LAST_YEAR}")
        return value


class DayOfYear(StrictField):
    """A day that every year has, as text, ``04-01``; read as month and day."""

    def read(self, value: object) -> tuple[int, int]:
        """Return month and day."""
        found = DAY_OF_YEAR.fullmatch(value) if isinstance(value, str) else None
        try:
            day = date(_COMMON_YEAR, *map(int, found.groups())) if found is not None else None
        except ValueError:
            day = None
        if day is None:
            raise refusal(value, "not-a-day-of-the-year", 'month and day in quotes, such as "04-01"; not 29 February')
        return day.month, day.day


class Month(StrictField):
    """A month as text, ``2020-04``; read as its first day."""

    def read(self, value: object) -> date:
        """Return the month's first day."""
        try:
            month = parse_month(value if isinstance(value, str) else "")
        except ValueError:
            month = date.min
        if not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise refusal(value, "not-a-month", 'a month in quotes, such as "2020-04"')
        return month


class Count(StrictField):
    """A whole number from ``least`` to ``most``."""

    def __init__(self, *, least: int = 0, most: int = MAX_COUNT, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's
        """Accept whole numbers from ``least`` to ``most``."""
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def read(self, value: object) -> int:
        """Return the number."""
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise refusal(value, "not-a-count", f"a whole number from {self.least} to {self.most}")
        return value


class CountOrAny(Count):
    """A whole number, or ``"any"`` for a bound that nothing passes, which is read as ``unbounded``."""

    word = "any"

    def __init__(self, *, unbounded: int, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's options
        """Accept whole numbers and the word, for which ``unbounded`` stands."""
        super().__init__(**kwargs)
        self.unbounded = unbounded

    def read(self, value: object) -> int:
        """Return the number, or what stands for the word."""
        if value == self.word:
            return self.unbounded
        if isinstance(value, str):
            accepted = f'a whole number from {self.least} to {self.most}, or "{self.word}"'
            raise refusal(value, "not-a-count", accepted)
        return super().read(value)


class Flag(StrictField):
    """``true`` or ``false``."""

    def read(self, value: object) -> bool:
        """Return the flag."""
        if not isinstance(value, bool):
            raise refusal(value, "not-true-or-false", "true or false, without quotes")
        return value


class Number(StrictField):
    """A decimal number from 0 to ``most``, read exactly."""

    def __init__(self, *, most: int = MAX_NUMBER, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's options
        """Accept numbers up to ``most``."""
        super().__init__(**kwargs)
        self.most = most

    def read(self, value: object) -> Decimal:
        """Return the number."""
        number = as_decimal(value)
        if number is None or not 0 <= number <= self.most:
            accepted = f"a number from 0 to {self.most} with at most {MAX_PLACES} decimal places, such as 16 or 7.5"
            raise refusal(value, "not-a-number", accepted)
        return number


class Amount(StrictField):
    """An amount that is not negative, read into minor units of the file's currency.

    The schema of its table carries ``file_currency``.
    """

    def read(self, value: object) -> int:
        """Return minor units."""
        currency = getattr(self.root, "file_currency", None)
        if not isinstance(currency, Currency):
            message = "an amount needs a schema that knows its currency"
            raise TypeError(message)
        accepted = f"an amount from 0 to {MAX_NUMBER} with at most {currency.places} decimal places ({currency.code})"
        amount = as_decimal(value)
        if amount is None or not 0 <= amount <= MAX_NUMBER:
            raise refusal(value, "not-an-amount", accepted)
        try:
            return to_minor(amount, currency)
        except (ValueError, RefusedError):
            raise refusal(value, "not-an-amount", accepted) from None


class Part(StrictField):
    """A share of the whole, exactly: ``"58%"``, ``"1/3"``."""

    def read(self, value: object) -> Fraction:
        """Return the share as a fraction of the whole."""
        text = value if isinstance(value, str) else ""
        ratio = FRACTION.fullmatch(text)
        if ratio is not None and int(ratio[2]) > 0:
            part = Fraction(int(ratio[1]), int(ratio[2]))
        elif _PERCENT.fullmatch(text):
            part = Fraction(text[:-1]) / 100
        else:
            raise refusal(value, "not-a-share", 'a share in quotes, such as "58%" or "1/3", at most 6 decimal places')
        if part > 1:
            raise refusal(value, "not-a-share", "a share of at most the whole")
        return part


class Choice(StrictField):
    """One word of a closed list."""

    def __init__(self, kind: type[E], *, refused: Collection[E] = (), **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's options
        """Accept the values of ``kind``; the table says itself why those ``refused`` do not suit it."""
        super().__init__(**kwargs)
        self.kind = kind
        self.refused = refused

    def read(self, value: object) -> StrEnum:
        """Return the word."""
        choices = tuple(member.value for member in self.kind)
        if not isinstance(value, str) or value not in choices:
            meant = value if isinstance(value, str) else ""
            what = f"{{key}} is {shown_value(value)}"
            raise ValidationError([Problem("not-a-choice", what, "one of: " + ", ".join(choices), choices, meant)])
        return self.kind(value)


class ListOf(fields.List[Any]):
    """A list; a single value is accepted where ``single`` says so."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges this mapping along the class hierarchy
        "required": REQUIRED,
        "null": [Problem("missing-key", "{key} is empty", "a list")],
    }

    def __init__(
        self,
        inner: fields.Field[Any],
        *,
        single: bool = False,
        least: int = 0,
        most: int = MAX_ENTRIES,
        **kwargs: Any,  # noqa: ANN401 - marshmallow's options
    ) -> None:
        """Accept lists of ``inner`` with ``least`` to ``most`` entries."""
        super().__init__(inner, **kwargs)
        self.single = single
        self.least = least
        self.most = most

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **kwargs: object) -> Any:  # noqa: ANN401 - the tuple stands where marshmallow promises a list
        if self.single and isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            is_table = isinstance(self.inner, fields.Nested)
            accepted = "tables headed [[{key}]], in double brackets" if is_table else "a list in square brackets"
            raise ValidationError([Problem("not-a-list", f"{{key}} is {shown_value(value)}", accepted)])
        if len(value) < self.least:
            raise refusal(value, "list-too-short", f"at least {self.least} in the list")
        if len(value) > self.most:
            raise refusal(value, "list-too-long", f"at most {self.most} in the list")
        read = super()._deserialize(value, attr, data, **kwargs)
        if isinstance(self.inner, Choice | Code | Text) and len(set(read)) < len(read):
            raise refusal(value, "listed-twice", "each entry once")
        return tuple(read)


class Alternatives(ListOf):
    """A text, or a list of two or more of which one is enough; read into a text or a tuple."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's options
        """Accept each text once."""
        super().__init__(Text(), single=True, least=2, **kwargs)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **kwargs: object) -> Any:  # noqa: ANN401 - marshmallow's signature
        if isinstance(value, list):
            return super()._deserialize(value, attr, data, **kwargs)
        return self.inner.deserialize(value, attr, data, **kwargs)


class TableOf(fields.Nested):
    """A table with a schema of its own, which inherits the file's currency."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges this mapping along the class hierarchy
        "required": REQUIRED,
        "null": [Problem("missing-key", "{key} is empty", "a table")],
    }

    def _deserialize(self, value: object, *args: Any, **kwargs: Any) -> object:  # noqa: ANN401 - passed on as they are
        if hasattr(self.schema, "file_currency"):
            self.schema.file_currency = getattr(self.root, "file_currency", None)
        return super()._deserialize(value, *args, **kwargs)


class NamedTables(fields.Dict):
    """Tables with a code each, as ``[metric.CODE]``."""

    default_error_messages = {  # noqa: RUF012 - marshmallow merges this mapping along the class hierarchy
        "required": REQUIRED,
        "invalid": [Problem("not-a-table", "{key} is not a table of named tables", "[{key}.CODE] tables")],
    }

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - marshmallow's options
        """Accept at most ``MAX_ENTRIES`` tables."""
        super().__init__(validate=_few_enough, **kwargs)


def _few_enough(tables: Mapping[str, object]) -> None:
    if len(tables) > MAX_ENTRIES:
        raise refusal(tables, "list-too-long", f"at most {MAX_ENTRIES} such tables")


def as_decimal(value: object) -> Decimal | None:
    """Return a TOML number, or a number in quotes, as a ``Decimal`` that arithmetic keeps exact; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str) and _QUOTED_NUMBER.fullmatch(value):
        return Decimal(value)
    if not isinstance(value, Decimal):
        return None
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -MAX_PLACES else None
