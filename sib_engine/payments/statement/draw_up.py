"""The statement for a period: what is due since the contract began, less what earlier statements hold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sib_engine.core.dates import Period
from sib_engine.core.money import IntArray
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.cap import Capped
from sib_engine.payments.payable import payable
from sib_engine.payments.payers.caps import PayerCapUse, payer_cap
from sib_engine.payments.payers.shares import Shared, divide, payer_axis
from sib_engine.payments.scheduled.entries import scheduled
from sib_engine.payments.scheduled.entry import outside_caps
from sib_engine.payments.statement.changes import Change, changes_between
from sib_engine.payments.statement.guards import (
    Rejected,
    Restatement,
    moved_by,
    refuse_what_cannot_follow,
    rejected_by_new_terms,
    restatements_of,
)
from sib_engine.payments.statement.layers import layers_of
from sib_engine.payments.statement.lines import (
    KERNEL_VERSION,
    LineKind,
    Standing,
    StatedLine,
    changed,
    digest_of_lines,
    digests_of,
    standing_of,
)
from sib_engine.payments.statement.recoveries import SampleRecovery, due_now, recovery_changes
from sib_engine.payments.statement.stated_run import as_stated, entering, first_statements
from sib_engine.payments.statement.why import Against, Gone, why_gone
from sib_engine.terms.contract import Contract
from sib_engine.terms.party import UNFUNDED


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """What is stated for one period.

    ``due`` is payable to date after the caps that name no payer, less what samples take back.
    ``under_caps`` is what caps count of it, which no recovery lowers, and ``stated_before`` what
    earlier statements hold; all in minor units, before payers' own caps. ``pays`` adds up the lines'
    ``pays`` for each of ``payers``. ``capped`` and
    ``payer_caps`` are the cap ledger to date.
    """

    number: int
    period: Period
    known_on: date
    lines: tuple[StatedLine, ...]
    payers: tuple[str, ...]
    pays: tuple[int, ...]
    due: int
    under_caps: int
    stated_before: int
    rows: OutcomeRows
    capped: Capped
    payer_caps: tuple[PayerCapUse, ...]
    restatements: tuple[Restatement, ...]
    nothing: StatedLine

    @property
    def total(self) -> int:
        """What all payers pay together; unfunded parts are billed to nobody."""
        return sum(amount for payer, amount in zip(self.payers, self.pays, strict=True) if payer != UNFUNDED)

    @property
    def kept_lines(self) -> tuple[StatedLine, ...]:
        """The lines to keep: a statement of nothing leaves one line that says so, and so keeps its number."""
        return self.lines or (self.nothing,)

    @property
    def digest(self) -> str:
        """Digest over the lines to keep: what an approver approves."""
        return digest_of_lines(self.kept_lines)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known when a statement is drawn up: outcomes that count, their ids, what codes stand for; the others.

    ``against`` says in words why the others do not count. ``recoveries`` are of samples that were closed; what
    stands stated of others stays as it is.
    """

    rows: OutcomeRows
    ids: Sequence[str]
    sites: Sequence[str]
    groups: Sequence[str]
    measures: Sequence[Measurement] = ()
    rejected: Rejected | None = None
    against: Against | None = None
    recoveries: Sequence[SampleRecovery] = ()


def draw_up(
    contract: Contract, known: Known, period: Period, *, stated: Sequence[StatedLine] = (), known_on: date | None = None
) -> Statement:
    """Return the statement for ``period``: due to date minus stated, line by line.

    An outcome enters when it was achieved by the end of the period and recorded by ``known_on``
    (the end of the period unless given), so late data is paid now and keeps its own period.
    Running again adds nothing; what has changed since is a signed line.

    Args:
        contract: Terms in force at the end of the period, of the amendments signed by ``known_on``.
        known: Outcomes that count, each with its date.
        period: A period not before the last one stated.
        stated: Every line of the earlier statements of this contract, oldest first.
        known_on: Last day whose records are used.

    Raises:
        RefusedError: If the statement cannot follow those before (see
            :func:`refuse_what_cannot_follow`), an outcome has no date, or a row cannot be priced.
    """
    last_day = known_on or period.end
    refuse_what_cannot_follow(contract, period, last_day, stated)
    standing = standing_of(line for line in stated if line.kind is not LineKind.RECOVERY)
    recovered = standing_of(line for line in stated if line.kind is LineKind.RECOVERY)
    which = entering(known.rows, period, last_day)
    ids = [known.ids[place] for place in which.tolist()]
    rows = as_stated(known.rows.take(which), ids, standing, last_day)
    entries = scheduled(contract, rows, min(period.end, last_day))
    entry_ids = [entry.row for entry in entries]
    due = payable(
        contract,
        rows,
        entries=entries,
        stated=first_statements(standing, entry_ids),
        groups=known.groups,
        measures=known.measures,
    )
    number = max((line.statement for line in stated), default=0) + 1
    before = digests_of(line for line in stated if line.statement == number - 1)
    blank = replace(_blank(contract, number, period, last_day), follows=before.get(number - 1, ""))
    entered = (*ids, *entry_ids)
    gone = _gone(contract, known, standing, stated, entered=entered, period=period, known_on=last_day)
    changes = changes_between(
        contract,
        due,
        ids=entered,
        standing=standing,
        blank=blank,
        groups=known.groups,
        measures=known.measures,
        gone=gone,
    )
    now = due_now(contract, due, entered, known.recoveries)
    given, taken = recovery_changes(known.recoveries, now, recovered, blank, contract.currency)
    changes = [*given, *changes, *taken]
    paid, carried = _divided(contract, changes, stated, period)
    lines = [
        changed(change.line, shared=tuple(shared), pays=tuple(pays))
        for change, shared, pays in zip(changes, paid[0].tolist(), paid[1].tolist(), strict=True)
    ]
    if any(carried):
        why = f"a payer's own cap leaves less of what was stated, as {gone.moved_by}" if min(carried) < 0 else ""
        lines.append(replace(blank, kind=LineKind.CARRIED, pays=tuple(carried), why=why))
    return Statement(
        number=number,
        period=period,
        known_on=last_day,
        lines=tuple(lines),
        payers=blank.payers,
        pays=tuple(sum(line.pays[place] for line in lines) for place in range(len(blank.payers))),
        due=int(due.capped.payable.sum())
        + sum(each.payable for each in recovered.values())
        + sum(each.line.payable for each in (*given, *taken)),
        under_caps=int(due.capped.payable[~due.exempt].sum()),
        stated_before=sum(line.payable for line in stated),
        rows=due.rows,
        capped=due.capped,
        payer_caps=paid[2],
        restatements=restatements_of(
            contract, changes, stated, dict(zip(blank.payers, carried, strict=True)), period=period, known_on=last_day
        ),
        nothing=replace(blank, kind=LineKind.NOTHING),
    )


def _gone(
    contract: Contract,
    known: Known,
    standing: dict[str, Standing],
    stated: Sequence[StatedLine],
    *,
    entered: Sequence[str],
    period: Period,
    known_on: date,
) -> Gone:
    """Return what was stated and does not enter, with why, and what may have moved the rest."""
    why = why_gone(standing, entered, (known.rows, known.ids), known.against, period=period, known_on=known_on)
    moved = moved_by(contract, stated, period=period, known_on=known_on)
    if known.rejected is None:
        return Gone(why, moved_by=moved)
    by_terms = rejected_by_new_terms(contract, known.rejected, standing, stated, period=period, known_on=known_on)
    return Gone(why, by_terms, moved)


def _blank(contract: Contract, number: int, period: Period, known_on: date) -> StatedLine:
    payers = payer_axis(contract)
    nothing = (0,) * len(payers)
    return StatedLine(
        statement=number,
        period=period.label,
        known_on=known_on,
        own_period=period.label,
        kind=LineKind.OUTCOME,
        row="",
        metric="",
        site="",
        group="",
        achieved_on=None,
        count=0,
        tariff="",
        price="",
        share="",
        earned=0,
        payable=0,
        payers=payers,
        shared=nothing,
        pays=nothing,
        is_assumed=False,
        terms=contract.digest,
        kernel=KERNEL_VERSION,
    )


def _divided(
    contract: Contract, changes: Sequence[Change], stated: Sequence[StatedLine], period: Period
) -> tuple[tuple[IntArray, IntArray, tuple[PayerCapUse, ...]], list[int]]:
    """Divide the changes between the payers, on top of what is stated.

    Returns:
        Shared and paid minor units per change and payer, the payer cap ledger to date; and what
        each payer's own cap releases now of what was stated earlier.
    """
    places = {share.id: place for place, share in enumerate(contract.shares)}
    totals = np.zeros(len(contract.shares), dtype=np.int64)
    for line in stated:
        if line.is_of_a_row:
            totals[places[line.share]] += line.payable
    clauses = np.array([places[change.line.share] for change in changes], dtype=np.int16)
    amounts = np.array([change.line.payable for change in changes], dtype=np.int64)
    order = np.arange(len(changes), dtype=np.intp)
    shared = divide(contract, clauses, order, amounts, stated_totals=totals)
    now = [
        changed(change.line, shared=tuple(parts)) for change, parts in zip(changes, shared.parts.tolist(), strict=True)
    ]
    pays, uses = _with_payer_caps(contract, [*stated, *now], period)
    paid_before = np.array([line.pays for line in stated], dtype=np.int64).reshape(-1, len(shared.payers))
    carried = (pays[: len(stated)] - paid_before).sum(axis=0)
    return (shared.parts, pays[len(stated) :], uses), carried.tolist()


def _with_payer_caps(
    contract: Contract, lines: Sequence[StatedLine], period: Period
) -> tuple[IntArray, tuple[PayerCapUse, ...]]:
    """Return what each payer pays to date for each line, stated before or now, shape ``(n_lines, n_payers)``."""
    payers = payer_axis(contract)
    outside = {row for row in {line.row for line in lines if not line.metric} if outside_caps(contract, row)}
    layers = layers_of(contract, [line if line.row not in outside else _emptied(line) for line in lines])
    n_layers = len(layers)
    everything = Shared(
        payers=payers,
        parts=np.array([layer.shared for layer in layers], dtype=np.int64).reshape(n_layers, len(payers)),
        clauses=np.full(n_layers, NONE, dtype=np.int16),
        order=np.arange(n_layers, dtype=np.intp),
        totals=np.zeros(len(contract.shares), dtype=np.int64),
    )
    periods = np.array([layer.period for layer in layers], dtype=np.int64)
    paid = payer_cap(contract, everything, period=periods, until=period.index)
    pays = np.zeros((len(lines), len(payers)), dtype=np.int64)
    np.add.at(pays, np.array([layer.line for layer in layers], dtype=np.intp), paid.parts)
    for place, line in enumerate(lines):
        if line.row in outside:
            pays[place] = line.shared
    return pays, paid.uses


def _emptied(line: StatedLine) -> StatedLine:
    """Return a line of no amount: what is scheduled outside the caps is paid as it is shared, and no cap counts it."""
    return replace(line, payable=0, shared=(0,) * len(line.shared))
