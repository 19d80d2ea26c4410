"""Use case: what one more outcome of each metric is worth at a position, and at which number that changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.core.findings import Finding, note, warning
from sib_engine.outcomes.outcome_table import RowLabels
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.services.as_achieved import as_achieved
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.one_case import one_case
from sib_engine.services.one_more import one_more
from sib_engine.services.simulated import OneMore, SimulatedContract
from sib_engine.services.simulated_runs import STATED, Position, Runs, plain_rows
from sib_engine.services.upper_bounds import upper_bound_note
from sib_engine.terms.amend import at_last, in_force
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.versions import all_required

_SHOWN_PEOPLE: Final = 5


@dataclass(frozen=True, slots=True)
class Who:
    """Who achieves the outcomes more: people of a ``group``, or one ``person`` of the position, referred on a day.

    Without a person each is achieved by another. Without a day of referral it is that of the outcome where it
    decides the price, and none elsewhere.
    """

    group: str | None = None
    person: str | None = None
    referred_on: date | None = None


ANYBODY: Final = Who()


def simulate_contract(
    name: str,
    *,
    at: Path | None = None,
    on: date | None = None,
    site: str | None = None,
    metric: str | None = None,
    who: Who = ANYBODY,
    measure: str | None = None,
    to: int | None = None,
) -> SimulatedContract:
    """Return what one more outcome of each metric is worth.

    The outcomes of the position are taken as stated, so that the ones more come after them. Each is the first
    of a person of its own, or all are of one; they are matched as in a file, so that one beyond a maximum
    is worth nothing. With ``on``, the terms are those in force at the end of its statement period (or on the last
    day of the position, where that is later); without, those of the contract's end. What the contract schedules
    is part of every total: up to the end of the statement period in which ``on`` lies, or where no day is given
    up to the contract's end.

    Args:
        name: Path or library name of the contract.
        at: Counts or outcomes of the position; none yet where not given.
        on: Day of the outcomes more; the last day of the position where not given, or no day if it has none.
        site: Only at this site; at each site of the contract where not given.
        metric: Only of this metric; of each where not given.
        who: The people who achieve them.
        measure: Figures of a result, ``cases=142 population=1000``, for one measured metric.
        to: Totals after up to so many more, in steps; none where not given.

    Raises:
        NotFoundError: If the contract, the site, the metric or the person is not found.
        FindingsError: If the contract or the file has errors.
        RefusedError: If the position cannot be priced without guessing, or ``measure`` is not what is measured.
    """
    agreed = contract_at(name).contract
    contract = at_last(agreed)
    rows, labels, findings = _position(contract, at)
    sites = _chosen("site", site, contract.site_codes) or (None,)
    codes = _chosen("metric", metric, contract.metric_codes)
    measured = [code for code in codes if contract.measured[contract.metric_codes.index(code)] is not None]
    if measure is not None and len(measured) != 1:
        message = f"figures are of one measured metric, and {len(measured)} are asked about; --metric chooses one"
        raise RefusedError(message)
    dated = rows.achieved_on[~np.isnat(rows.achieved_on)]
    day = on if on is not None or not len(dated) else dated.max().item()
    until = _scheduled_to(contract, on)
    if on is not None:
        contract = in_force(agreed, max([until, *dated.tolist()]))
    referred_on = day if who.referred_on is None and contract.price_date is PriceDate.START else who.referred_on
    person = NONE if who.person is None else _chosen_person(who.person, labels)
    group = who.group
    if group is not None and group not in labels.groups:
        labels = replace(labels, groups=(*labels.groups, group))
    place = NONE if group is None else labels.groups.index(group)
    runs = Runs(Position(contract, rows, labels, (day, referred_on), person, place, until))
    lines: list[OneMore] = []
    for code in codes:
        for where in sites:
            is_measured = code in measured
            lines += one_case(runs, code, where, measure) if is_measured else [one_more(runs, code, where, to)]
    notes = (
        *findings,
        *_group_note(contract, group),
        *upper_bound_note(contract, rows),
        *_person_note(contract, who.person),
        *_ahead_note(contract, on),
        *_prerequisite_notes(contract, codes),
    )
    start = runs.start
    return SimulatedContract(contract, day, until, start.due.paid.payers, start.totals, tuple(lines), notes)


def _group_note(contract: Contract, group: str | None) -> tuple[Finding, ...]:
    """Return what reading rows says of a group that no price or bonus names."""
    named = [*(clause.groups for clause in contract.tariffs), *(clause.groups for clause in contract.bonuses)]
    known = sorted({each for groups in named for each in groups})
    if group is None or group in known:
        return ()
    if not known:
        what = "no price of this contract names a group, so a group changes nothing"
        return (warning("group-ignored", what, "no group"),)
    return (
        warning("group-unknown", f"no price names the group {group!r}: the general price is used", ", ".join(known)),
    )


def _scheduled_to(contract: Contract, on: date | None) -> date:
    periods = contract.periods
    last = periods.index_of(contract.claims_close)
    return periods.period(last if on is None else min(periods.index_of(on), last)).end


def _person_note(contract: Contract, person: str | None) -> tuple[Finding, ...]:
    by_person = any(Dimension.PERSON in cap.on for cap in contract.caps) or bool(contract.bands)
    is_bounded = any(metric.is_repeated_in_bounds for metric in contract.metrics)
    if person is not None or not (by_person or is_bounded):
        return ()
    what = "each one more is the first outcome of another person: --person says what one more of a person is worth"
    return (note("of-another-person", what),)


def _ahead_note(contract: Contract, on: date | None) -> tuple[Finding, ...]:
    if on is not None or not contract.guarantees:
        return ()
    what = (
        "guaranteed volumes of all periods count as if nothing else came; with --on only those of periods begun by then"
    )
    return (note("scheduled-ahead", what),)


def _prerequisite_notes(contract: Contract, codes: tuple[str, ...]) -> Iterator[Finding]:
    """Yield for each maximum the metrics whose worth rests on an outcome within it, which is not looked for."""
    for volume in contract.volumes:
        resting = ", ".join(code for code in codes if volume.metric in all_required(contract, code))
        if resting:
            what = f"{resting}: worth so much only where the {volume.metric} that it requires lies within {volume.id}"
            yield note("prerequisite-taken", what)


def _position(contract: Contract, at: Path | None) -> tuple[OutcomeRows, RowLabels, tuple[Finding, ...]]:
    if at is None:
        return plain_rows(0), RowLabels((), (), (), ()), ()
    table, findings = rows_at(at, contract)
    achieved = as_achieved(contract, table)
    counted = achieved.table.rows.take(achieved.table.counts)
    counted.stated[:] = STATED
    return counted, table.labels, (*findings, *achieved.findings)


def _chosen_person(person: str, labels: RowLabels) -> int:
    if person not in labels.persons:
        near = ", ".join(labels.persons[:_SHOWN_PEOPLE]) or "none: --at gives a file that names them"
        message = f"no outcome of the position is of a person {person!r}; there is, for example: {near}"
        raise NotFoundError(message)
    return labels.persons.index(person)


def _chosen(kind: str, name: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if name is not None and name not in known:
        message = f"the contract has no {kind} {name!r}; accepted: {', '.join(known) or 'none'}"
        raise NotFoundError(message)
    return known if name is None else (name,)
