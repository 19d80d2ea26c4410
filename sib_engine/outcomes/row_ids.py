"""Ids for outcome rows that a file leaves without one: the same whatever the order of its rows.

An id keeps what statements say of an outcome with that outcome. So it is made of what the outcome is
(person, metric, job, and the day where a person can have several), and not of how many others
there are: an earlier one that comes to light late takes an id of its own and leaves theirs alone.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.terms.metric import Counts

RESERVED: Final = ("grant", "fee", "guarantee", "termination")
"""First parts of the ids of scheduled money: an outcome called so would take that money's place in a statement."""

RESERVED_ACCEPTED: Final = f"one that does not begin with {', '.join(f'{kind}/' for kind in RESERVED)}"


def is_reserved(row_id: str) -> bool:
    """Return whether an id is kept for scheduled money."""
    kind, slash, _ = row_id.partition("/")
    return bool(slash) and kind in RESERVED


def person_id(person: str, metric: str, job: str, achieved_on: str, counts: Counts) -> str:
    """Return what an outcome of a person is called before it is told apart from others like it.

    That is ``person/metric`` or ``person/metric/job``; with the day behind it where the metric counts
    every time, unless the outcome has none.
    """
    parts = (person, metric, job, achieved_on if counts is Counts.EVERY_TIME else "")
    return "/".join(part for part in parts if part)


def count_id(metric: str, site: str, group: str, achieved_on: str) -> str:
    """Return what a published count is called: ``count/metric``, then its site, group and date where it has them."""
    return "/".join(part for part in ("count", metric, site, group, achieved_on) if part)


def unique_ids(
    bases: Sequence[str], order: Sequence[DayArray], *, taken: Collection[str], days: Sequence[str]
) -> list[str]:
    """Return one id for each row: its base, then ``base/day``, and ``base/2``, ``base/day/2`` for equals of one day.

    The first of equal bases keeps the plain one: of a person's outcomes that count once, the earliest.
    A row whose base ends with its day already is not given it again. Of equal rows of one day, the
    one that became known first keeps its id when another follows.

    Args:
        bases: What each row is called, shape ``(n,)``.
        order: Days, the most significant first, each of shape ``(n,)``, that put equal rows in order;
            NaT comes last, and rows alike in all of them keep their order.
        taken: Ids that other rows already have.
        days: Day of each outcome as text, blank where it has none, shape ``(n,)``.
    """
    times = Counter(bases)
    if len(times) == len(bases) and not any(base in taken for base in times):
        return list(bases)
    ids = list(bases)
    used = set(taken)
    next_number: dict[str, int] = {}
    for place in np.lexsort(list(reversed(order))).tolist():
        name = bases[place]
        if name in used and days[place] and not name.endswith(f"/{days[place]}"):
            name = f"{name}/{days[place]}"
        number = next_number.get(name, 1)
        while (numbered := name if number == 1 else f"{name}/{number}") in used:
            number += 1
        next_number[name] = number + 1
        used.add(numbered)
        ids[place] = numbered
    return ids
