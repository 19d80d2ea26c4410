"""Outcomes from facts: derive what may count, then decide what does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.derive.derived import Derived
from sib_engine.outcomes.derive.employment import hours_text
from sib_engine.outcomes.due import reasons_in_time, reasons_without
from sib_engine.outcomes.facts import Facts, Flags
from sib_engine.outcomes.match import match
from sib_engine.outcomes.matching.rests_on import known_with_prerequisites
from sib_engine.outcomes.outcome_table import OutcomeTable, RowLabels
from sib_engine.outcomes.reasons import MENDED_BY_A_RECORD, WITHOUT_DEADLINE, MaskArray, Reason, bit, mask_of
from sib_engine.outcomes.rows import NO_DAY
from sib_engine.outcomes.turns import with_turns, words_of_turns
from sib_engine.outcomes.why.linked import words_of_links
from sib_engine.outcomes.why.matched import Matched, words_of_places, words_of_rows
from sib_engine.outcomes.why.standing import Standing
from sib_engine.outcomes.why.words import Why, by_row
from sib_engine.outcomes.windows import derive_in_windows
from sib_engine.terms.contract import Contract

LINE_NOUN: Final = "facts row"

_IN_ITS_OWN_RECORDS: Final = np.uint64(mask_of(MENDED_BY_A_RECORD - WITHOUT_DEADLINE))
"""What an outcome's own facts and documents can mend, for which it has a deadline."""

_TURN_TAKEN: Final = (Reason.DUPLICATE, Reason.OTHER_BAND, Reason.TOO_OFTEN, Reason.TOO_CLOSE)
"""What is said of a row even where other things are missing: recording them would not make it count."""


def find_outcomes(
    contract: Contract, facts: Facts, *, known_on: date | None = None, open_until: date | None = None
) -> OutcomeTable:
    """Return the outcomes that the facts hold, each with all reasons for which it does not count.

    ``recorded_on`` of a row is the day on which the last thing that it rests on was known: its own facts
    and documents, the person's referral and, where it is required, consent, and the outcomes that had
    to come first. ``claimed_on`` is about the row's own facts and documents alone, and so are deadlines for
    claims and prices by the claim.

    A row that lacks something is also called a duplicate, beaten by another band, too often or too
    close, where it would be that once everything that is missing, and can still be, were recorded.

    Work that still lasts has STILL_RUNNING and, beside it, what would stand against the outcome even
    if the work lasts; where that is nothing, ``due_on`` says when the outcome becomes payable.

    Args:
        contract: The contract.
        facts: What is recorded about people.
        known_on: Leave out what was recorded later ("as known on").
        open_until: Last day to which employment without a last day is taken to have lasted; by
            default ``known_on``, or the latest day on which anything was recorded.
    """
    derived = derive_in_windows(contract, facts, known_on=known_on, open_until=open_until)
    running = (derived.mask & bit(Reason.STILL_RUNNING)) != 0
    lasting = reasons_without(contract, derived.rows, derived.mask, [Reason.STILL_RUNNING])
    base = match(contract, derived.rows, mask=derived.mask)
    mask = base.copy()
    mask[running] = lasting[running] | bit(Reason.STILL_RUNNING)
    # A job that ended is not called claimed too soon as well: no later day would help it.
    mask[(derived.mask & bit(Reason.NOT_LONG_ENOUGH)) != 0] &= ~np.uint64(bit(Reason.TOO_SOON))
    mended = reasons_without(contract, derived.rows, derived.mask, MENDED_BY_A_RECORD)
    as_known_on = known_on or facts.last_recorded()
    timely = reasons_in_time(contract, derived.rows, derived.mask, MENDED_BY_A_RECORD, as_known_on=as_known_on)
    beaten = np.where(mask != 0, timely & mask_of(_TURN_TAKEN), 0).astype(np.uint64)
    added = beaten & ~mask
    mask |= beaten
    in_time = (mask != 0) & (timely == 0)
    could_count = (mask != 0) & (mended == 0) | in_time
    worlds = (
        (np.where(running, 0, mask & ~added).astype(np.uint64), base),
        (np.where(running, mask & ~added, 0).astype(np.uint64), lasting),
        (added, timely),
    )
    whys = _whys(contract, derived, worlds, mask=mask, could_count=could_count, in_time=in_time)
    claimed_on = derived.rows.claimed_on
    known = np.where(np.isnat(claimed_on), claimed_on, np.fmax(claimed_on, derived.person_known_on))
    recorded_on = known_with_prerequisites(contract, derived.rows, mask, known)
    return OutcomeTable(
        rows=replace(derived.rows, recorded_on=recorded_on),
        labels=RowLabels(derived.ids, facts.person.labels, facts.group.labels, facts.job.labels),
        mask=mask,
        due_on=np.where(running & (lasting == 0), derived.due_on, NO_DAY),
        sites=_sites(contract, derived.rows.site.tolist(), derived.sites),
        evidence=derived.evidence,
        hours=tuple(map(hours_text, derived.hours.tolist())),
        details=with_turns(contract, derived.rows, mask, derived.details),
        record_by=_record_by(whys, could_count, np.where(mask & _IN_ITS_OWN_RECORDS, derived.by_when, NO_DAY)),
        whys=whys,
        lines=derived.lines,
        line_noun=LINE_NOUN,
    )


def _whys(
    contract: Contract,
    derived: Derived,
    worlds: Sequence[tuple[MaskArray, MaskArray]],
    *,
    mask: MaskArray,
    could_count: Flags,
    in_time: Flags,
) -> tuple[tuple[Why, ...], ...]:
    """Return what is said of each row's reasons; ``worlds`` are reasons to tell, each with the mask they come from."""
    matched = [
        Matched(
            contract=contract,
            rows=derived.rows,
            row_ids=derived.ids,
            lines=derived.lines,
            line_noun=LINE_NOUN,
            against=against,
            standing=Standing(derived.rows, world),
            mask=mask,
            could_count=could_count,
            in_time=in_time,
        )
        for against, world in worlds
        if against.any()
    ]
    words = list(derived.words)
    for each in matched:
        words += (*words_of_rows(each), *words_of_places(each))
    linked = list(words_of_links(matched, words))
    return by_row(len(derived), [*words, *linked, *words_of_turns(contract, derived.rows, mask)])


def _record_by(whys: Sequence[Sequence[Why]], could_count: Flags, own: DayArray) -> DayArray:
    """Return the first of the days by which something must be recorded of each row that could count, shape ``(n,)``.

    NaT where no deadline is about what a row lacks, or nothing that is recorded could mend it. ``own`` is the last
    day for the row's own facts and documents, NaT where it lacks none.
    """
    days = np.full(len(whys), NO_DAY)
    for place in np.flatnonzero(could_count).tolist():
        days[place] = min((why.by for why in whys[place] if why.by is not None), default=None)
    return np.fmin(days, np.where(could_count, own, NO_DAY))


def _sites(contract: Contract, places: list[int], written: tuple[str, ...]) -> tuple[str, ...]:
    """Return the contract's code of each row's site; as it was written where the contract does not know it."""
    codes = contract.site_codes
    return tuple(codes[place] if place >= 0 else text for place, text in zip(places, written, strict=True))
