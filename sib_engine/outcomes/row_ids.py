"""Ids for outcome rows that a file leaves without one: the same whatever the order of its rows."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from sib_engine.core.dates import DayArray


def base_id(person: str, metric: str, job: str, site: str, group: str, achieved_on: str) -> str:
    """Return what an outcome is called before it is told apart from others like it.

    A person's outcome is ``person/metric`` or ``person/metric/job``; a published count is
    ``count/metric``, followed by its site, group and date where it has them.
    """
    parts = (person, metric, job) if person else ("count", metric, site, group, achieved_on)
    return "/".join(part for part in parts if part)


def unique_ids(bases: Sequence[str], order: Sequence[DayArray], *, taken: Collection[str]) -> list[str]:
    """Return one id for each row: its base, then ``base/2``, ``base/3`` in order of dates.

    The earliest of a person's equal outcomes keeps the plain id, so that it does not change hands
    when a later one becomes known.

    Args:
        bases: What each row is called, shape ``(n,)``.
        order: Days, the most significant first, each of shape ``(n,)``, that tell equal rows apart;
            NaT comes last, and rows alike in all of them keep their order.
        taken: Ids that other rows already have.
    """
    times = Counter(bases)
    if len(times) == len(bases) and not any(base in taken for base in times):
        return list(bases)
    ids = list(bases)
    used = set(taken)
    next_number: dict[str, int] = {}
    for place in np.lexsort(list(reversed(order))).tolist():
        base = bases[place]
        number = next_number.get(base, 1)
        while (name := base if number == 1 else f"{base}/{number}") in used:
            number += 1
        next_number[base] = number + 1
        used.add(name)
        ids[place] = name
    return ids
