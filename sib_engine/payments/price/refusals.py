"""Say why a row cannot be priced: its number, by which a service names it, the metric and the date."""

from typing import NoReturn

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.errors import RowRefusedError
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.missing_day import missing_day
from sib_engine.payments.price.table import UNCLEAR_DAY, UNCLEAR_SITE, UNCLEAR_START, UNPRICED, TariffArray
from sib_engine.terms.contract import Contract


def refuse_unpriced(
    contract: Contract, rows: OutcomeRows, dates: DayArray, used: TariffArray, block: slice
) -> NoReturn:
    """Refuse the first row of a block that has no price.

    Args:
        contract: The terms.
        rows: All rows.
        dates: The date that decides each row's price, shape ``(n,)``.
        used: For each row of the block its tariff, ``NONE``, or the code of why there is none.
        block: Which rows.

    Raises:
        RowRefusedError: Always.
    """
    place = int(np.flatnonzero(used < NONE)[0])
    row = block.start + place
    metric = contract.metric_codes[rows.metric[row]]
    site = "" if rows.site[row] == NONE or not contract.sites else f" at site {contract.site_codes[rows.site[row]]!r}"
    day = dates[row]
    lacks = missing_day(contract)
    on = f"without a {lacks}" if np.isnat(day) else f"on {day}"
    starts = sorted({tariff.starts_on for tariff in contract.tariffs if tariff.metric == metric})
    if used[place] == UNPRICED:
        message = f"the tariff of metric {metric!r} {on}{site} is unpriced, so no amount can be given"
    elif used[place] == UNCLEAR_DAY:
        what = f"{_have(rows, row)} no {lacks}, and more than one tariff could apply"
        message = f"{rows.count[row]} of metric {metric!r}{site} {what}"
    elif used[place] == UNCLEAR_START:
        message = (
            f"{rows.count[row]} of metric {metric!r} {on}{site} {_have(rows, row)} no day of referral on or before the "
            "outcome, and quick outcomes have another price"
        )
    elif used[place] == UNCLEAR_SITE:
        what = f"{_have(rows, row)} no site, and sites have different tariffs"
        message = f"{rows.count[row]} of metric {metric!r} {on} {what}"
    elif starts:
        message = f"metric {metric!r} has no tariff {on}{site}; its first starts on {starts[0]}"
    else:
        message = f"metric {metric!r} has no tariff {on}{site}, nor on any other day"
    raise RowRefusedError(message, row=int(rows.row[row]))


def _have(rows: OutcomeRows, row: int) -> str:
    return "has" if int(rows.count[row]) == 1 else "have"
