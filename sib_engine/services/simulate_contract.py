"""Use case: what one more outcome of each metric is worth at a position, and at which number that changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.core.findings import Finding, note
from sib_engine.core.money import plain
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.reasons import code_of, reasons_in
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.payments.due import Due, due
from sib_engine.payments.payable import joined
from sib_engine.payments.worth import Cause, Totals, causes, totals
from sib_engine.services.as_achieved import mask_as_achieved, mask_of_rows
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.price_counts import upper_bound_note
from sib_engine.terms.amend import at_last
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.money_clauses import Dimension

MOST_SEARCHED: Final = 20_000
"""So many more outcomes of a metric are tried to find where their worth changes."""

N_STEPS: Final = 10
"""Steps of a curve."""

_STATED: Final = 1


@dataclass(frozen=True, slots=True)
class Next:
    """The first outcome that is worth something else: the ``number``-th more, what it is worth, and why."""

    number: int
    worth: Totals
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class OneMore:
    """What one more outcome of a metric, at a site where there are any, is worth.

    ``worth`` is None where it cannot be said: ``refused`` says why. ``later`` is None where nothing changes
    within ``MOST_SEARCHED`` more. ``curve`` holds the contract's totals by number of outcomes more.
    """

    metric: str
    name: str
    site: str | None
    count: int
    worth: Totals | None
    causes: tuple[Cause, ...] = ()
    later: Next | None = None
    curve: tuple[tuple[int, Totals], ...] = ()
    refused: str = ""

    @property
    def other_causes(self) -> tuple[Cause, ...]:
        """Why the later outcome is worth something else: what adds or takes another amount than before."""
        before = {(cause.kind, cause.clause): cause.amount for cause in self.causes}
        later = () if self.later is None else self.later.causes
        other = tuple(cause for cause in later if before.get((cause.kind, cause.clause)) != cause.amount)
        return other or later


@dataclass(frozen=True, slots=True)
class SimulatedContract:
    """A position and what one more outcome of each metric adds to it; amounts in minor units."""

    contract: Contract
    on: date | None
    payers: tuple[str, ...]
    position: Totals
    lines: tuple[OneMore, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as ``sib contract simulate --json`` prints it: amounts as decimal strings."""
        return {
            "contract": self.contract.code,
            "currency": self.contract.currency.code,
            "on": None if self.on is None else self.on.isoformat(),
            "position": self._amounts(self.position),
            "lines": [self._line(line) for line in self.lines],
            "terms": self.contract.digest,
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def _line(self, line: OneMore) -> dict[str, Any]:
        later = line.later
        return {
            "metric": line.metric,
            "site": line.site,
            "count": line.count,
            "worth": None if line.worth is None else self._amounts(line.worth),
            "why": [self._cause(cause) for cause in line.causes],
            "next": None
            if later is None
            else {
                "number": later.number,
                "worth": self._amounts(later.worth),
                "why": [self._cause(cause) for cause in later.causes],
            },
            "curve": [{"more": more, **self._amounts(found)} for more, found in line.curve],
            "refused": line.refused or None,
        }

    def _amounts(self, found: Totals) -> dict[str, Any]:
        currency = self.contract.currency
        return {
            "earned": plain(found.earned, currency),
            "payable": plain(found.payable, currency),
            "payers": [
                {"payer": payer, "amount": plain(amount, currency)}
                for payer, amount in zip(self.payers, found.payers, strict=True)
            ],
        }

    def _cause(self, cause: Cause) -> dict[str, Any]:
        return {
            "kind": cause.kind,
            "clause": cause.clause,
            "amount": plain(cause.amount, self.contract.currency),
            "earlier": cause.is_earlier,
            "words": cause.words,
        }


def simulate_contract(
    name: str,
    *,
    at: Path | None = None,
    on: date | None = None,
    site: str | None = None,
    metric: str | None = None,
    group: str | None = None,
    referred_on: date | None = None,
    to: int | None = None,
) -> SimulatedContract:
    """Return what one more outcome of each metric is worth.

    The outcomes of the position are taken as stated, so that the ones more come after them. They are outcomes
    of nobody in particular: what is limited for each person is not applied to them.

    Args:
        name: Path or library name of the contract.
        at: Counts or outcomes of the position; none yet where not given.
        on: Day of the outcomes more; the last day of the position where not given, or no day if it has none.
        site: Only at this site; at each site of the contract where not given.
        metric: Only of this metric; of each where not given.
        group: Group of the people who achieve them; no group where not given.
        referred_on: Day of their referral; that of the outcome where it decides the price, else none.
        to: Totals after up to so many more, in steps; none where not given.

    Raises:
        NotFoundError: If the contract, the site or the metric is not found.
        FindingsError: If the contract or the file has errors.
        RefusedError: If the position cannot be priced without guessing.
    """
    contract = at_last(contract_at(name).contract)
    rows, groups, measures, findings = _position(contract, at)
    sites = _chosen("site", site, contract.site_codes) or (None,)
    codes = _chosen("metric", metric, contract.metric_codes)
    dated = rows.achieved_on[~np.isnat(rows.achieved_on)]
    day = on if on is not None or not len(dated) else dated.max().item()
    if referred_on is None and contract.price_date is PriceDate.START:
        referred_on = day
    if group is not None and group not in groups:
        groups = (*groups, group)
    simulation = _Simulation(
        contract, rows, groups, measures, (day, referred_on), NONE if group is None else groups.index(group)
    )
    lines = [simulation.one_more(code, place, to) for code in codes for place in sites]
    start = simulation.start
    notes = (*findings, *upper_bound_note(contract, rows), *_nobody_note(contract))
    return SimulatedContract(contract, day, start.paid.payers, totals(start), tuple(lines), notes)


def _nobody_note(contract: Contract) -> tuple[Finding, ...]:
    if not any(Dimension.PERSON in cap.on for cap in contract.caps) and not contract.bands:
        return ()
    what = "one more is an outcome of nobody in particular: what a cap or a band does for each person is left out"
    return (note("of-nobody", what),)


def _position(
    contract: Contract, at: Path | None
) -> tuple[OutcomeRows, tuple[str, ...], tuple[Measurement, ...], tuple[Finding, ...]]:
    if at is None:
        return _same_rows(0, 0, NONE, NONE, (None, None), 0), (), (), ()
    table, findings = rows_at(at, contract)
    counted = table.rows.take(mask_as_achieved(contract, table) == 0)
    counted.stated[:] = _STATED
    return counted, table.labels.groups, table.labels.measures, findings


def _chosen(kind: str, name: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if name is not None and name not in known:
        message = f"the contract has no {kind} {name!r}; accepted: {', '.join(known) or 'none'}"
        raise NotFoundError(message)
    return known if name is None else (name,)


def _same_rows(
    n_rows: int, metric: int, site: int, group: int, days: tuple[date | None, date | None], first: int
) -> OutcomeRows:
    """Return so many rows of one outcome each, of nobody and not stated yet; ``days`` are outcome and referral."""
    on, started = (np.full(n_rows, NO_DAY if day is None else np.datetime64(day, "D")) for day in days)
    never = np.full(n_rows, NO_DAY)
    nobody = np.full(n_rows, NONE, dtype=np.int32)
    return OutcomeRows(
        row=np.arange(first, first + n_rows, dtype=np.int64),
        person=nobody,
        metric=np.full(n_rows, metric, dtype=np.int16),
        site=np.full(n_rows, site, dtype=np.int16),
        group=np.full(n_rows, group, dtype=np.int16),
        job=nobody,
        achieved_on=on,
        started_on=started,
        claimed_on=on,
        recorded_on=on,
        count=np.ones(n_rows, dtype=np.int64),
        stated=nobody,
        measure=nobody,
        ended_on=never,
        stated_on=never,
    )


class _Simulation:
    """A position, and runs of the kernel with more outcomes after it."""

    def __init__(
        self,
        contract: Contract,
        rows: OutcomeRows,
        groups: Sequence[str],
        measures: Sequence[Measurement],
        days: tuple[date | None, date | None],
        group: int,
    ) -> None:
        self._contract = contract
        self._rows = rows
        self._groups = groups
        self._measures = measures
        self._days = days
        self._group = group
        self.start = self._due(rows)

    def one_more(self, code: str, site: str | None, to: int | None) -> OneMore:
        contract = self._contract
        index = contract.metric_codes.index(code)
        place = NONE if site is None else contract.site_codes.index(site)
        is_here = (self._rows.metric == index) & ((place == NONE) | (self._rows.site == place))
        count = int(self._rows.count[is_here].sum())
        name = contract.metrics[index].name

        @cache
        def with_more(n_more: int) -> Due:
            return self._with_more(n_more, index, place)

        why_not = self._why_not(index, place)
        if why_not:
            return OneMore(code, name, site, count, None, refused=why_not)
        try:
            first = totals(with_more(1)).less(totals(self.start))
        except RefusedError as refused:
            return OneMore(code, name, site, count, None, refused=str(refused))
        number = self._first_other(first, with_more)
        later = None
        if number is not None:
            before, after = with_more(number - 1), with_more(number)
            later = Next(number, totals(after).less(totals(before)), causes(contract, before, after))
        steps = sorted({round(to * step / N_STEPS) for step in range(N_STEPS + 1)}) if to else ()
        curve = tuple((more, totals(with_more(more))) for more in steps)
        return OneMore(code, name, site, count, first, causes(contract, self.start, with_more(1)), later, curve)

    def _why_not(self, metric: int, site: int) -> str:
        if self._contract.measured[metric] is not None:
            return "a measured result, not an outcome that one more can be added to"
        code = self._contract.metric_codes[metric]
        if any(tariff.price is None for tariff in self._contract.tariffs if tariff.metric == code):
            return "no price is published"
        (mask,) = mask_of_rows(self._contract, _same_rows(1, metric, site, self._group, self._days, 0)).tolist()
        return ", ".join(code_of(reason) for reason in reasons_in(mask))

    def _first_other(self, first: Totals, with_more: Callable[[int], Due]) -> int | None:
        """Return the number of the first outcome more that is worth something else than the first.

        Totals grow by the same with each outcome until then: the end of that is sought by doubling, then halving.
        """
        start = totals(self.start)

        def is_even(n_more: int) -> bool:
            return totals(with_more(n_more)).less(start).is_multiple_of(first, n_more)

        good, bad = 1, 2
        while is_even(bad):
            good, bad = bad, bad * 2
            if good >= MOST_SEARCHED:
                return None
        while bad - good > 1:
            middle = (good + bad) // 2
            good, bad = (middle, bad) if is_even(middle) else (good, middle)
        return bad

    def _with_more(self, n_more: int, metric: int, site: int) -> Due:
        if n_more == 0:
            return self.start
        first = int(self._rows.row.max(initial=-1)) + 1
        more = _same_rows(n_more, metric, site, self._group, self._days, first)
        return self._due(joined(self._rows, more))

    def _due(self, rows: OutcomeRows) -> Due:
        return due(self._contract, rows, groups=self._groups, measures=self._measures)
