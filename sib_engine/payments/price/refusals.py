"""Say why a row cannot be priced: its number, by which a service names it, the metric and the date."""

from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.errors import RowRefusedError
from sib_engine.core.personal import shown
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.missing_day import missing_day
from sib_engine.payments.price.table import (
    NO_TARIFF,
    UNCLEAR_DAY,
    UNCLEAR_SITE,
    UNCLEAR_START,
    UNPRICED,
    TariffArray,
)
from sib_engine.terms.contract import Contract, PriceDate


def refuse_unpriced(
    contract: Contract,
    rows: OutcomeRows,
    dates: DayArray,
    used: TariffArray,
    block: slice,
    groups: Sequence[str],
) -> NoReturn:
    """Refuse the first row of a block that has no price.

    Args:
        contract: The terms.
        rows: All rows.
        dates: The date that decides each row's price, shape ``(n,)``.
        used: For each row of the block its tariff, ``NONE``, or the code of why there is none.
        block: Which rows.
        groups: Labels of the rows' group codes.

    Raises:
        RowRefusedError: Always.
    """
    place = int(np.flatnonzero(used < NONE)[0])
    row = block.start + place
    metric = contract.metric_codes[rows.metric[row]]
    code = None if rows.site[row] == NONE or not contract.sites else contract.site_codes[rows.site[row]]
    site = "" if code is None else f" at site {code!r}"
    day = dates[row]
    lacks = missing_day(contract)
    on = f"without a {lacks}" if np.isnat(day) else f"on {day}"
    group = None if not NONE < rows.group[row] < len(groups) else groups[rows.group[row]]
    priced = [
        tariff
        for tariff in contract.tariffs
        if tariff.metric == metric and (code is None or not tariff.sites or code in tariff.sites)
    ]
    starts = sorted({tariff.starts_on for tariff in priced if not tariff.groups or group in tariff.groups})
    is_of_group = used[place] == NO_TARIFF and not starts and bool(priced)
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
    elif is_of_group:
        whose = "an outcome of no group" if group is None else f"group {shown(group)}"
        named = ", ".join(dict.fromkeys(each for tariff in priced for each in tariff.groups))
        message = f"metric {metric!r} has no tariff{site} for {whose}; its tariffs{site} are for: {named}"
    elif starts:
        message = f"metric {metric!r} has no tariff {on}{site}; its first starts on {starts[0]}"
        if contract.price_date is PriceDate.START:
            message += "; prices go by the day of referral: accepted is a tariff from that day or an earlier one"
    else:
        message = f"metric {metric!r} has no tariff {on}{site}, nor on any other day"
    raise RowRefusedError(message, row=int(rows.row[row]), is_of_group=is_of_group)


def _have(rows: OutcomeRows, row: int) -> str:
    return "has" if int(rows.count[row]) == 1 else "have"
