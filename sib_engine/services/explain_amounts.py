"""Use case: why a row pays, or does not; why a payer owes what it owes; what each metric comes to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from sib_engine.core.dates import Period
from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.core.findings import Finding, note
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import TEXTS, code_of
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.outcomes.turns import with_turns
from sib_engine.outcomes.versions import deciding_days
from sib_engine.outcomes.why.of_table import whys_at
from sib_engine.payments.explanation import Explainer, Step, explain_payer
from sib_engine.payments.running.order import PositionArray
from sib_engine.payments.scheduled.entries import scheduled
from sib_engine.payments.scheduled.entry import Entry, ScheduledKind, kind_of
from sib_engine.payments.statement.lines import LineKind, StatedLine, standing_of
from sib_engine.payments.statement.stated_run import StatedRun, entering, run_as_stated
from sib_engine.services.as_achieved import as_achieved
from sib_engine.services.as_known import knowledge_notes
from sib_engine.services.asked_of import AskedOf, asked_of
from sib_engine.services.explained import AgainstStated, Explanation, OutcomeExplanation, ReasonLine
from sib_engine.services.inputs import contract_at, lines_at, rows_at
from sib_engine.services.named_rows import rows_named
from sib_engine.services.never_asked import never_asked
from sib_engine.services.price_counts import own_period_note, unpriced_metrics
from sib_engine.terms.amend import at_last, extension_to, in_force
from sib_engine.terms.clauses import amendable_clauses
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import asked_in_words
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.versions import metric_versions, version_on

SHOWN_NAMES = 5


def explain_amounts(
    contract_name: str,
    rows: Path,
    *,
    row: str | None = None,
    payer: str | None = None,
    with_scheduled: bool = False,
    stated: tuple[Path, ...] = (),
    period: str | None = None,
    known_on: date | None = None,
) -> Explanation:
    """Return why the outcomes of a file come to what they come to.

    Args:
        contract_name: Path or library name.
        rows: What ``sib outcomes --out`` wrote, or a counts file.
        row: Id of the one outcome, or scheduled amount (``grant/ID``, ``fee/ID/3``), to explain.
        payer: Id of the one payer to explain; every payer where neither is given.
        with_scheduled: Whether grants, fees and the like are part of what the payers owe; those that were
            stated, or are due by the end of ``period``, are in any case.
        stated: Lines of earlier statements: what they state comes first under every cap, in their order.
        period: Explain the statement for this period: terms in force at its end, what was achieved
            and known by then, and what it asks of each payer. Lines of later periods are left aside.
        known_on: Last day whose records that statement uses; what its own lines say, or else the end
            of the period.

    Raises:
        NotFoundError: If the contract, row or payer is not found.
        FindingsError: If a file has errors.
        RefusedError: If an outcome cannot be priced without guessing, or the period is none of the contract's.
    """
    found = contract_at(contract_name)
    table, findings = rows_at(rows, found.contract)
    lines = lines_at(stated, found.contract)
    explanation = explain_table(
        found.contract,
        table,
        row=row,
        payer=payer,
        with_scheduled=with_scheduled,
        stated=lines,
        period=period,
        known_on=known_on,
    )
    return replace(explanation, findings=(*findings, *explanation.findings))


def explain_table(
    contract: Contract,
    table: OutcomeTable,
    *,
    row: str | None = None,
    payer: str | None = None,
    with_scheduled: bool = False,
    stated: tuple[StatedLine, ...] = (),
    period: str | None = None,
    known_on: date | None = None,
) -> Explanation:
    """Return :func:`explain_amounts` for a table already read."""
    view = _view(contract, stated, period, known_on)
    contract = view.contract
    achieved = as_achieved(contract, table)
    details = with_turns(contract, table.rows, achieved.table.mask, table.details)
    table = replace(achieved.table, details=details)
    with rows_named(table):
        run = _run(view, table, row or "", with_scheduled=with_scheduled)
    known = () if view.known_on is None else knowledge_notes(table.derivation, view.known_on)
    notes = (*achieved.findings, *known, *(() if run is None else _notes(view, run)))
    explanation = Explanation(contract, None, (), notes, view.period, view.known_on)
    if row is not None:
        is_there = table.place_of(row) is not None or (run is not None and run.place_of(row) is not None)
        if not is_there and row in standing_of(view.stated):
            return replace(explanation, against=_gone(row, view.stated))
        against = None if run is None or not view.stated else _against(run, row, view.stated)
        if kind_of(row) is not None and table.place_of(row) is None and run is not None:
            return replace(explanation, steps=(_scheduled_step(contract, run, row),), against=against)
        return replace(explanation, outcome=_outcome(view, table, run, row), against=against)
    if run is None:
        return explanation
    payers = run.due.paid.payers
    if payer is not None and payer not in payers:
        message = f"no payer is called {payer!r}; accepted: {', '.join(payers)}"
        raise NotFoundError(message)
    wanted = payers if payer is None else (payer,)
    explanation = replace(explanation, steps=tuple(explain_payer(contract, run.due, each) for each in wanted))
    if view.period is None or view.known_on is None:
        return explanation
    asked, more = asked_of(contract, table, run.due, stated=view.stated, period=view.period, known_on=view.known_on)
    return replace(explanation, asked=_of_payers(asked, wanted), findings=(*notes, *more))


def _of_payers(asked: Iterable[AskedOf], wanted: Collection[str]) -> tuple[AskedOf, ...]:
    """Return what is asked of some payers; of what is unfunded, nobody is asked."""
    return tuple(each for each in asked if each.payer in wanted and each.payer != UNFUNDED)


@dataclass(frozen=True, slots=True)
class _View:
    """What is explained: the terms in force (``signed``: with those agreed for later), period, last day, lines."""

    signed: Contract
    contract: Contract
    stated: tuple[StatedLine, ...]
    period: Period | None
    known_on: date | None


def _notes(view: _View, run: StatedRun) -> tuple[Finding, ...]:
    """Return what payers' caps by period keep an explanation from showing as the statements have it."""
    notes = own_period_note(view.contract) if view.period is None else []
    notes += never_asked(view.contract, run.due.paid.uses, view.period)
    if run.in_steps:
        n_rows = len(run.in_steps)
        names = ", ".join(run.in_steps[:SHOWN_NAMES]) + (", ..." if n_rows > SHOWN_NAMES else "")
        what = (
            f"a payer's cap counts by period, and statements state {names} in steps; here each counts wholly in the"
            " period of its first step, so what a payer pays may differ from the statements, whose lines stand"
        )
        notes.append(note("stated-in-steps", what))
    return tuple(notes)


def _view(contract: Contract, stated: tuple[StatedLine, ...], period: str | None, known_on: date | None) -> _View:
    if period is None:
        return _View(contract, at_last(contract), stated, None, None)
    try:
        wanted = contract.periods.find(period)
    except ValueError as unknown:
        raise RefusedError(str(unknown)) from None
    until = tuple(line for line in stated if contract.periods.find(line.period).index <= wanted.index)
    own = max((line.known_on for line in until if line.period == wanted.label), default=wanted.end)
    day = known_on or own
    return _View(contract, in_force(contract, wanted.end, signed_by=day), until, wanted, day)


def _entered(table: OutcomeTable, view: _View) -> PositionArray:
    """Return the positions of the rows that count and that the explained run takes in."""
    counted = np.flatnonzero(table.counts)
    if view.period is None or view.known_on is None:
        return counted
    return counted[entering(table.rows.take(counted), view.period, view.known_on)]


def _run(view: _View, table: OutcomeTable, row: str, *, with_scheduled: bool) -> StatedRun | None:
    """Return the run of the kernel that is explained; None where what counts has no price."""
    rows = table.rows.take(_entered(table, view))
    if unpriced_metrics(view.contract, rows if len(rows) else table.rows):
        return None
    return run_as_stated(
        view.contract,
        rows,
        [table.labels.row_ids[code] for code in rows.row.tolist()],
        stated=view.stated,
        entries=_entries(view, rows, row, with_scheduled=with_scheduled),
        labels=table.labels,
        period=view.period,
        known_on=view.known_on,
    )


def _entries(view: _View, rows: OutcomeRows, row: str, *, with_scheduled: bool) -> tuple[Entry, ...]:
    if view.period is not None and view.known_on is not None:
        return scheduled(view.contract, rows, min(view.period.end, view.known_on))
    standing = {name for name, stands in standing_of(view.stated).items() if not stands.is_withdrawn}
    is_asked = with_scheduled or kind_of(row) is not None
    if not is_asked and not any(kind_of(name) for name in standing):
        return ()
    periods = view.contract.periods
    entries = scheduled(view.contract, rows, periods.period(periods.index_of(view.contract.claims_close)).end)
    return entries if is_asked else tuple(entry for entry in entries if entry.row in standing)


def _against(run: StatedRun, row: str, stated: tuple[StatedLine, ...]) -> AgainstStated:
    place, stands = run.place_of(row), run.standing.get(row)
    return AgainstStated(
        row=row,
        due=0 if place is None else int(run.due.payable.capped.payable[place]),
        stated=0 if stands is None else stands.payable,
        lines=tuple(line for line in stated if line.row == row),
    )


def _gone(row: str, stated: tuple[StatedLine, ...]) -> AgainstStated:
    """Return what stands stated of something that is not there any more: nothing of it is due.

    A recovery is due as it stands: what a sample takes back is in no file.
    """
    lines = tuple(line for line in stated if line.row == row)
    if lines[-1].kind is LineKind.RECOVERY:
        stands = standing_of(stated)[row].payable
        return AgainstStated(row=row, due=stands, stated=stands, lines=lines)
    return AgainstStated(row=row, due=0, stated=standing_of(stated)[row].payable, lines=lines, is_gone=True)


def _outcome(view: _View, table: OutcomeTable, run: StatedRun | None, row: str) -> OutcomeExplanation:
    place = table.place_of(row)
    if place is None:
        raise NotFoundError(_no_such_row(table, row))
    rows = table.rows
    deciding = _day(deciding_days(view.contract, rows)[place])
    versions = metric_versions(view.contract, view.contract.metrics[int(rows.metric[place])])
    version = version_on(versions, deciding)
    metric = version.terms
    reasons = whys_at(view.contract, table, place)
    run_place = None if run is None else run.place_of(row)
    step = None if run is None or run_place is None else Explainer(view.contract, run.due).row(run_place, row)
    achieved_on, recorded_on = _day(rows.achieved_on[place]), _day(rows.recorded_on[place])
    extension = None if achieved_on is None else extension_to(view.signed, achieved_on)
    return OutcomeExplanation(
        row=row,
        metric=metric.code,
        definition=metric.definition,
        terms=version.clause,
        terms_from=version.starts_on,
        extended_by="" if extension is None or reasons else extension.id,
        achieved_on=achieved_on,
        recorded_on=recorded_on,
        claimed_on=_day(rows.claimed_on[place]),
        evidence=table.evidence[place],
        hours=table.hours[place],
        accepted_evidence=asked_in_words(metric.evidence.asked),
        reasons=tuple(
            ReasonLine(code_of(why.reason), TEXTS[why.reason].title, why.found, why.mend, why.by) for why in reasons
        ),
        due_on=_day(table.due_on[place]),
        record_by=_day(table.record_by[place]),
        detail=table.details[place],
        left_out="" if reasons else _left_out(view, achieved_on, recorded_on),
        step=step,
        stated=tuple(line for line in view.stated if line.row == row),
    )


def _left_out(view: _View, achieved_on: date | None, recorded_on: date | None) -> str:
    """Return why an outcome that counts is not part of the explained statement; blank where it is."""
    if view.period is None or view.known_on is None:
        return ""
    if achieved_on is not None and achieved_on > view.period.end:
        return f"achieved on {achieved_on}, after {view.period.label} ended on {view.period.end}"
    if achieved_on is not None and achieved_on > view.known_on:
        return f"achieved on {achieved_on}, after {view.known_on}, the last day whose records are used"
    if recorded_on is not None and recorded_on > view.known_on:
        return f"recorded on {recorded_on}, after {view.known_on}, the last day whose records are used"
    return ""


def _scheduled_step(contract: Contract, run: StatedRun, row: str) -> Step:
    kind, place = kind_of(row), run.place_of(row)
    if place is None:
        names = [entry.row for entry in run.entries if entry.kind == kind]
        none = f"no {kind} has fallen due by then" if _has(contract, kind) else f"the contract has no {kind}s"
        message = f"no {kind} is called {row!r}; accepted: {', '.join(names) or none}"
        raise NotFoundError(message)
    return Explainer(contract, run.due).row(place, row)


def _has(contract: Contract, kind: ScheduledKind | None) -> bool:
    return kind is not None and bool(amendable_clauses(contract)[kind.value])


def _no_such_row(table: OutcomeTable, row: str) -> str:
    person = row.partition("/")[0]
    near = [name for name in table.row_ids() if name.startswith(person + "/")][:SHOWN_NAMES]
    shown = near or table.row_ids()[:SHOWN_NAMES]
    return f"no row is called {row!r}; there is, for example: {', '.join(shown)}"


def _day(day: np.datetime64) -> date | None:
    value = day.astype("datetime64[D]").item()
    return value if isinstance(value, date) else None
