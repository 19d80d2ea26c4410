"""What has changed since it was stated: the lines that bring each row from what stands to what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final, cast

import numpy as np

from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.payable import Payable
from sib_engine.payments.payers.share_clauses import clauses_of
from sib_engine.payments.price.steps import Mechanism
from sib_engine.payments.price.trace import unit_price_text
from sib_engine.payments.running.order import row_order
from sib_engine.payments.statement.lines import LineKind, Standing, StatedLine, changed
from sib_engine.payments.statement.why import (
    EARNS_OTHERWISE,
    NOTHING_GONE,
    Gone,
    counted_otherwise,
    left_less,
    what_changed,
)
from sib_engine.terms.contract import Contract
from sib_engine.terms.dated_prices import with_dated_prices
from sib_engine.terms.provenance import Status


@dataclass(frozen=True, slots=True)
class Change:
    """One line, still undivided, and what it changes.

    ``before`` is what stands stated for the row, ``payable_now`` what is payable of it today;
    ``is_same_fact`` says that date, metric, site, group, count and what was measured are as stated, and
    that no job has ended since.
    """

    line: StatedLine
    before: Standing | None
    payable_now: int
    is_same_fact: bool


def changes_between(
    contract: Contract,
    due: Payable,
    *,
    ids: Sequence[str],
    standing: dict[str, Standing],
    blank: StatedLine,
    groups: Sequence[str],
    gone: Gone = NOTHING_GONE,
    measures: Sequence[Measurement] = (),
) -> list[Change]:
    """Return the changes in the order in which they meet the running totals: what is taken back comes first.

    Args:
        contract: Terms in force.
        due: Everything due to date, outcomes and scheduled amounts.
        ids: Row id of each row of ``due``.
        standing: What stands stated for each row id.
        blank: A line with the statement's own number, period and terms.
        groups: Labels of the group codes in ``due.rows``.
        gone: Why rows that were stated are not in ``due``, and what can leave less of those that are.
        measures: What was measured, by the codes in ``due.rows``.
    """
    lines = _LinesNow(with_dated_prices(contract), due, ids, blank, groups, measures)
    taken_back: list[Change] = []
    added: list[Change] = []
    present = set(ids)
    for row, stood in standing.items():
        if row not in present and not stood.is_withdrawn:
            # What is scheduled is a term: what is gone was taken out of the contract, not found to be wrong.
            is_term = not stood.line.metric or row in gone.by_terms
            taken_back.append(Change(_reversal(stood, blank, gone.why.get(row, "")), stood, 0, is_same_fact=is_term))
    for place in row_order(due.rows).tolist():
        stands = standing.get(ids[place])
        terms = lines.terms(place)
        if stands is None or stands.is_withdrawn:
            # A guaranteed volume that was reached leaves no line: nothing is owed.
            if lines.amounts(place) != (0, 0, 0) or (stands is None and place < due.n_outcomes):
                added.append(Change(lines.at(place), stands, lines.amounts(place)[2], is_same_fact=False))
        elif terms != _terms_of(stands.line):
            now = lines.at(place)
            # The day of what is scheduled is a term; how much a guaranteed volume is short is a fact.
            is_same_day = place >= due.n_outcomes or terms[:_N_FACTS] == _terms_of(stands.line)[:_N_FACTS]
            is_same = is_same_day and now.count == stands.count
            why = "; ".join((*what_changed(_terms_of(stands.line), terms), *counted_otherwise(stands.count, now.count)))
            taken_back.append(Change(_reversal(stands, blank, why), stands, now.payable, is_same_fact=is_same))
            added.append(Change(replace(now, kind=LineKind.CORRECTION), stands, now.payable, is_same_fact=is_same))
        elif lines.amounts(place) != (stands.count, stands.earned, stands.payable):
            delta = _difference(lines.at(place), stands, is_clawed_back=lines.is_clawed_back(place))
            if delta.payable < 0 and not delta.why:
                delta = replace(delta, why=lines.why_less(place, delta.kind, gone.moved_by))
            is_same = delta.count == 0 and not (
                delta.kind is LineKind.CLAW_BACK and stands.line.kind is not LineKind.CLAW_BACK
            )
            change = Change(
                delta, stands, lines.amounts(place)[2], is_same_fact=is_same and delta.why != _NOT_ENDED_SOON
            )
            (taken_back if delta.payable < 0 else added).append(change)
    return taken_back + added


def _reversal(stands: Standing, blank: StatedLine, why: str) -> StatedLine:
    """Return the line that takes back what stands, under the terms under which it was stated; ``why`` says why."""
    return replace(
        stands.line,
        statement=blank.statement,
        period=blank.period,
        known_on=blank.known_on,
        kind=LineKind.CORRECTION,
        count=-stands.count,
        earned=-stands.earned,
        payable=-stands.payable,
        shared=blank.shared,
        pays=blank.pays,
        terms=blank.terms,
        kernel=blank.kernel,
        why=why,
        follows=blank.follows,
    )


def _difference(now: StatedLine, stands: Standing, *, is_clawed_back: bool) -> StatedLine:
    count, earned = now.count - stands.count, now.earned - stands.earned
    kind = LineKind.HEADROOM if count == earned == 0 else LineKind.CORRECTION
    if is_clawed_back and count == 0 and earned < 0:
        kind = LineKind.CLAW_BACK
    why = "" if kind is not LineKind.CORRECTION else "; ".join(counted_otherwise(stands.count, now.count))
    if stands.line.kind is LineKind.CLAW_BACK and not is_clawed_back and count == 0 and earned > 0:
        why = _NOT_ENDED_SOON
    return replace(
        now,
        kind=kind,
        count=count,
        earned=earned,
        payable=now.payable - stands.payable,
        why=why or (EARNS_OTHERWISE if kind is LineKind.CORRECTION else ""),
    )


_N_FACTS: Final = 5

_NOT_ENDED_SOON: Final = "its job is no longer known to have ended soon: what was taken back for that is due again"


def _terms_of(line: StatedLine) -> tuple[object, ...]:
    """Return the facts of a line (the first ``_N_FACTS``) and the clauses under which it was stated."""
    return (line.metric, line.site, line.group, line.achieved_on, line.measured, line.tariff, line.price, line.share)


class _LinesNow:
    """The line of each row as it is due today, before anything stated is taken off."""

    def __init__(
        self,
        contract: Contract,
        due: Payable,
        ids: Sequence[str],
        blank: StatedLine,
        groups: Sequence[str],
        measures: Sequence[Measurement],
    ) -> None:
        self._contract = contract
        self._due = due
        self._ids = ids
        self._blank = blank
        self._groups = groups
        self._measured = [*(measure.text for measure in measures), ""]
        self._clauses = clauses_of(contract, due.rows)
        self._clawed_back = {
            place
            for step in due.price_steps
            if step.kind is Mechanism.CLAW_BACK
            for place in np.flatnonzero(step.after < step.before).tolist()
        }
        self._assumed = cache(self._assumed_by)
        self._own_periods = _own_periods(contract, due)
        self._labels = {index: contract.periods.period(index).label for index in set(self._own_periods)}
        self._days = cast("list[date | None]", due.rows.achieved_on.tolist())
        self._amounts = list(
            zip(due.rows.count.tolist(), due.earned.tolist(), due.capped.payable.tolist(), strict=True)
        )

    def amounts(self, place: int) -> tuple[int, int, int]:
        """Return count, earned and payable of the row at ``place``."""
        return self._amounts[place]

    def is_clawed_back(self, place: int) -> bool:
        """Return whether part of what the row at ``place`` earned is taken back because its job ended."""
        return place in self._clawed_back

    def why_less(self, place: int, kind: LineKind, moved_by: str) -> str:
        """Return why less is payable of the row at ``place`` than was stated, though its own facts are as they were."""
        at = np.array([place], dtype=np.intp)
        if kind is LineKind.CLAW_BACK:
            steps = [each for each in self._due.price_steps if each.kind is Mechanism.CLAW_BACK]
            return "; ".join(each.words(at) for each in steps if each.after[place] < each.before[place])
        limits = [each.clause for each in self._due.capped.steps if each.after[place] < each.before[place]]
        return left_less(limits, moved_by)

    def terms(self, place: int) -> tuple[object, ...]:
        """Return what :func:`_terms_of` would of the row's line, without making the line."""
        rows = self._due.rows
        metric, site, group = int(rows.metric[place]), int(rows.site[place]), int(rows.group[place])
        tariff, price = self._price(place)
        return (
            "" if metric == NONE else self._contract.metric_codes[metric],
            "" if site == NONE else self._contract.site_codes[site],
            "" if group == NONE else self._groups[group],
            self._days[place],
            self._measured[rows.measure[place]],
            tariff,
            price,
            self._contract.shares[int(self._clauses[place])].id,
        )

    def at(self, place: int) -> StatedLine:
        """Return the line of the row at ``place``."""
        metric, site, group, day, measured, tariff, price, share = cast(
            "tuple[str, str, str, date | None, str, str, str, str]", self.terms(place)
        )
        count, earned, payable = self._amounts[place]
        return changed(
            self._blank,
            kind=LineKind.OUTCOME if metric else LineKind(self._due.entry_at(place).kind.value),
            own_period=self._blank.period if day is None else self._labels[self._own_periods[place]],
            row=self._ids[place],
            metric=metric,
            site=site,
            group=group,
            achieved_on=day,
            count=count,
            tariff=tariff,
            price=price,
            share=share,
            earned=earned,
            payable=payable,
            is_assumed=self._is_assumed(place),
            measured=measured,
        )

    def _price(self, place: int) -> tuple[str, str]:
        """Return the clause that priced a row, and its price as written.

        A scale has a price only where it pays for each unit: what its points pay depends on the result.
        """
        index, scale = int(self._due.tariff[place]), int(self._due.scale[place])
        if scale != NONE:
            clause = self._contract.scales[scale]
            return clause.id, "" if clause.price is None else f"{clause.price:f}"
        if index == NONE:
            entry = self._due.entry_at(place)
            return entry.clause, entry.price
        tariff = self._contract.tariffs[index]
        return tariff.id, unit_price_text(tariff, self._contract.rounding.mode)

    def _is_assumed(self, place: int) -> bool:
        """Return whether the row's price, its scheduled amount or the parts of its share are assumed."""
        clauses = (int(self._clauses[place]), int(self._due.tariff[place]), int(self._due.scale[place]))
        is_assumed = self._assumed(*clauses)
        return self._due.entry_at(place).is_assumed if is_assumed is None else is_assumed

    def _assumed_by(self, share: int, index: int, scale: int) -> bool | None:
        """Return the same of clauses, which many rows have in common; None where the entry says it."""
        if self._contract.shares[share].provenance.assumes("payers"):
            return True
        if scale != NONE:
            return self._contract.scales[scale].price_status is Status.ASSUMED
        if index != NONE:
            return self._contract.tariffs[index].provenance.assumes("price")
        return None


def _own_periods(contract: Contract, due: Payable) -> list[int]:
    """Return the period index of each row; an undated row gets that of the contract's first day."""
    days = due.rows.achieved_on.copy()
    days[np.isnat(days)] = np.datetime64(contract.start, "D")
    indices: list[int] = contract.periods.index_of_days(days).tolist()
    return indices
