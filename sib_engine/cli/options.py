"""Option types of the command line."""

from datetime import date
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
