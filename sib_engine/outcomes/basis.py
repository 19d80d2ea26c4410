"""What an outcome's amount rests on in the facts, in words: two that differ are not the same thing to decide."""

import numpy as np

from sib_engine.core.dates import day_texts
from sib_engine.outcomes.outcome_table import OutcomeTable, label_texts
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import ClawBackFrom

NOT_SHOWN = ""
"""The basis of an outcome that the facts do not show."""


def basis_of(contract: Contract, table: OutcomeTable) -> list[str]:
    """Return for each row what its amount rests on: day, site and group; where the terms ask for them more days.

    The referral is among them where prices go by it, the day on which the claim was known where prices go by
    that, and the last day of the work where it lies in the window of a claw-back. What may change without moving
    the amount is not: a job that ends after the window, a specialist.
    """
    rows = table.rows
    by_referral = contract.price_date is PriceDate.START or any(tariff.quick for tariff in contract.tariffs)
    ended_on = np.where(_in_window(contract, table), rows.ended_on, np.datetime64("NaT", "D"))
    columns = [
        ("achieved on", day_texts(rows.achieved_on)),
        ("site", list(table.sites)),
        ("group", label_texts(table.labels.groups, rows.group)),
        ("referred on", day_texts(rows.started_on) if by_referral else []),
        ("known on", day_texts(rows.claimed_on) if contract.price_date is PriceDate.CLAIM else []),
        ("work ended on", day_texts(ended_on)),
    ]
    used = [(name, texts) for name, texts in columns if any(texts)]
    names = [name for name, _ in used]
    # Of many outcomes few differ in all of it.
    said: dict[tuple[str, ...], str] = {}
    found = []
    for texts in zip(*(texts for _, texts in used), strict=True) if used else [()] * len(table):
        if texts not in said:
            parts = [f"{name} {text}" for name, text in zip(names, texts, strict=True) if text]
            said[texts] = ", ".join(parts) or "no day yet"
        found.append(said[texts])
    return found


def _in_window(contract: Contract, table: OutcomeTable) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return for which rows the end of the work may take something back, shape ``(n,)``."""
    rows = table.rows
    found = np.zeros(len(rows), dtype=np.bool_)
    for index, metric in enumerate(contract.metrics):
        terms = metric.claw_back
        if terms is None:
            continue
        own = rows.metric == index
        if terms.runs_from is ClawBackFrom.OUTCOME:
            own &= rows.ended_on <= rows.achieved_on + np.timedelta64(terms.days, "D")
        found |= own
    return found
