"""Why a statement corrects what was stated of a row, in words."""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from sib_engine.core.dates import Period
from sib_engine.core.personal import shown
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.statement.lines import Standing

EARNS_OTHERWISE: Final = "counted as stated; other outcomes, or other terms, change what it earns"

FACTS_ELSEWHERE: Final = "what is known of other outcomes has changed"

_NO_LONGER_THERE: Final = "no longer among the rows"
_NO_LONGER_SCHEDULED: Final = "no longer scheduled by the contract"
_TERMS: Final = ("metric", "site", "group", "day", "what was measured", "tariff", "price", "share")

Against = Callable[[Collection[str]], Mapping[str, str]]
"""Returns in words what speaks against outcomes that do not count, of those among some row ids."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Stated rows that do not enter a statement: ``why``, in words by their ids.

    ``by_terms`` are those whose facts are as stated and that terms no longer let count. ``moved_by`` says what can
    leave less of a row that does enter, counted and priced as stated.
    """

    why: Mapping[str, str] = field(default_factory=dict)
    by_terms: Collection[str] = ()
    moved_by: str = FACTS_ELSEWHERE


NOTHING_GONE: Final = Gone()


def what_changed(before: Sequence[object], now: Sequence[object]) -> Iterator[str]:
    """Yield what is not as it was stated of a row, of metric, site, group, day, measure, tariff, price and share."""
    for name, old, new in zip(_TERMS, before, now, strict=True):
        if old != new:
            yield f"{name} was {_shown(old)}, is {_shown(new)}"


def counted_otherwise(before: int, now: int) -> Iterator[str]:
    """Yield the two counts, where they are not the same."""
    if before != now:
        yield f"count was {before:,}, is {now:,}"


def left_less(limits: Sequence[str], moved_by: str) -> str:
    """Return that limits leave less of a row than was stated, in words; ``moved_by`` says what has changed."""
    by = " and ".join(limits) or "the limits"
    return f"counted as stated; {by} {'leave' if len(limits) != 1 else 'leaves'} less for it, as {moved_by}"


def why_gone(
    standing: Mapping[str, Standing],
    entering: Collection[str],
    known: tuple[OutcomeRows, Sequence[str]],
    against: Against | None,
    *,
    period: Period,
    known_on: date,
) -> dict[str, str]:
    """Return why rows of which something stands stated do not enter a statement, by their ids.

    Args:
        standing: What stands stated for each row id.
        entering: Ids that enter, scheduled amounts included.
        known: Rows that count, and their ids.
        against: Says what speaks against rows that do not count.
        period: The period to be stated.
        known_on: Last day whose records the statement uses.
    """
    present = set(entering)
    gone = [row for row, stands in standing.items() if row not in present and not stands.is_withdrawn]
    if not gone:
        return {}
    found = {row: _NO_LONGER_THERE if standing[row].line.metric else _NO_LONGER_SCHEDULED for row in gone}
    found |= {} if against is None else {row: text for row, text in against(gone).items() if text}
    rows, ids = known
    for place in (place for place, row in enumerate(ids) if row in found):
        late = known_later(rows, place, known_on)
        is_past_period = rows.achieved_on[place] > np.datetime64(period.end, "D")
        until = f"{period.label} ends" if is_past_period else _last_day(known_on)
        found[ids[place]] = late or f"achieved on {rows.achieved_on[place]}, after {until}"
    return {row: _as_read(text) for row, text in found.items()}


def _as_read(text: str) -> str:
    """Return a text as a table gives it back, so that the digest of what is read is that of what was written."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def known_later(rows: OutcomeRows, place: int, known_on: date) -> str:
    """Return that a row was recorded after the last day of records, in words; blank where it was not."""
    recorded_on = rows.recorded_on[place]
    if not recorded_on > np.datetime64(known_on, "D"):
        return ""
    return f"recorded on {recorded_on}, after {_last_day(known_on)}"


def _last_day(known_on: date) -> str:
    return f"{known_on}, the last day whose records this statement uses"


def _shown(value: object) -> str:
    if not value:
        return "blank"
    return shown(value) if isinstance(value, str) else str(value)
