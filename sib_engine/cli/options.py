"""Option types of the command line, and what options may not say together."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click


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
