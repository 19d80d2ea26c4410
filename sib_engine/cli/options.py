"""Option types of the command line, and what options may not say together."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import click

_ENTRY: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?%", re.ASCII)


class Day(click.ParamType[date]):
    """A date written as ``2020-04-30``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401 - click's own signature
        """Return the date, or refuse the option's value."""
        if isinstance(value, date):
            return value
        from sib_engine.core.dates import parse_date

        try:
            return parse_date(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2020-04-30", param, ctx)


DAY = Day()


class AsKnownOn(click.ParamType["date | int"]):
    """A day written as ``2020-04-30``, or the number of an entry of the audit trail."""

    name = "date or entry"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | int:  # noqa: ANN401 - click's own signature
        """Return the day or the number, or refuse the option's value."""
        if isinstance(value, date | int):
            return value
        text = str(value)
        if _ENTRY.fullmatch(text) is not None:
            return int(text)
        from sib_engine.core.dates import parse_date

        try:
            return parse_date(text)
        except ValueError:
            self.fail(f"{text!r} is no date such as 2020-04-30, and no number of an entry such as 12", param, ctx)


AS_KNOWN_ON = AsKnownOn()


class Percent(click.ParamType[Fraction]):
    """A part of the whole written as ``5%`` or ``2.5%``, from 0% to 100%."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:  # noqa: ANN401 - click's own signature
        """Return the part, or refuse the option's value."""
        if isinstance(value, Fraction):
            return value
        text = str(value)
        if _PERCENT.fullmatch(text) is None or Fraction(text[:-1]) > 100:  # noqa: PLR2004 - per hundred
            self.fail(f"{text!r} is not a percentage from 0% to 100%, such as 5% or 2.5%", param, ctx)
        return Fraction(text[:-1]) / 100


PERCENT = Percent()


def refuse_overwriting(out: Path | None, *inputs: Path | str, option: str = "--out") -> None:
    """Refuse to write what a command makes over a file that it reads.

    Raises:
        click.UsageError: If ``out`` is one of the inputs.
    """
    if out is not None and any(out.resolve() == Path(each).resolve() for each in inputs):
        message = f"{option} names {out}, which this command reads: give what it writes another name"
        raise click.UsageError(message)


def refuse_one_file_for_two(outputs: Mapping[str, Path]) -> None:
    """Refuse to write two things into one file.

    Raises:
        click.UsageError: If two options name the same place.
    """
    by_place: dict[Path, str] = {}
    for option, path in outputs.items():
        other = by_place.setdefault(path.resolve(), option)
        if other != option:
            message = f"{other} and {option} both name {path}: give each file a name of its own"
            raise click.UsageError(message)
