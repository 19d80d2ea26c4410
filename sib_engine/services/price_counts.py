"""Use case: what a file of counts or outcomes earns under a contract, and what each payer owes of it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np

from sib_engine.core.findings import Finding, note
from sib_engine.core.money import Currency, plain
from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import Reason, code_of, reasons_in
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.caps.cap import Capped
from sib_engine.payments.due import Due, due
from sib_engine.payments.payers.cap_clauses import has_cap_by_period
from sib_engine.payments.scheduled.entries import scheduled
from sib_engine.services.as_achieved import Achieved, as_achieved
from sib_engine.services.group_notes import group_notes
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.named_rows import rows_named
from sib_engine.services.never_asked import never_asked
from sib_engine.services.scheduled_names import scheduled_names
from sib_engine.services.upper_bounds import upper_bound_note
from sib_engine.terms.amend import at_last
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import bonuses_held, caps_held, minimums_held, outcome_caps_held
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.provenance import Provenance, Status

UNPAID: Final = "unpaid"
"""Where the money of outcomes beyond a share goes: nowhere, until more outcomes count."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One metric: how many outcomes count, what they earn, what is left after caps; None where unpriced."""

    metric: str
    name: str
    count: int
    earned: int | None
    payable: int | None
    status: str


@dataclass(frozen=True, slots=True)
class CapLine:
    """One cap of the ledger: what it took in all; ``went_to`` says where a payer's cap sent it.

    A cap at a share of outcomes has no ``limit`` in money: it has a ``share``, taken of the outcomes ``of``
    some metrics, or of what it covers where ``of`` is empty.
    """

    cap: str
    limit: int | None
    taken: int
    went_to: str
    share: Fraction | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MinimumLine:
    """One minimum: how many outcomes it asks for, or which share ``of`` others, and what it withholds so far."""

    minimum: str
    at_least: int | None
    at_least_share: Fraction | None
    of: tuple[str, ...]
    pays_below: Fraction
    withheld: int

    def as_dict(self, currency: Currency) -> dict[str, Any]:
        """Return the minimum as ``--json`` prints it."""
        return {
            "minimum": self.minimum,
            "at_least": self.at_least,
            "at_least_share": None if self.at_least_share is None else percentage(self.at_least_share),
            "of": list(self.of),
            "pays_below": percentage(self.pays_below),
            "withheld": plain(self.withheld, currency),
        }

    @property
    def words(self) -> str:
        """What it asks for, in words."""
        if self.at_least_share is None:
            return f"{self.at_least:,} outcomes"
        return f"{percentage(self.at_least_share)} of {', '.join(self.of)}"


@dataclass(frozen=True, slots=True)
class PayerLine:
    """What one payer owes; an unfunded part is billed to nobody."""

    payer: str
    amount: int


@dataclass(frozen=True, slots=True)
class PricedCounts:
    """What a counts file earns; amounts in minor units, None where the contract has no prices."""

    contract: Contract
    lines: tuple[PricedLine, ...]
    earned: int | None
    payable: int | None
    payers: tuple[PayerLine, ...]
    caps: tuple[CapLine, ...]
    minimums: tuple[MinimumLine, ...]
    not_counted: tuple[tuple[str, int], ...]
    is_assumed: bool
    assumed_terms: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def unfunded(self) -> int | None:
        """What is billed to nobody; None where the contract has no prices."""
        return sum(each.amount for each in self.payers if each.payer == UNFUNDED) if self.payers else None

    def as_dict(self) -> dict[str, Any]:
        """Return the result as ``sib price --json`` prints it: amounts as decimal strings."""
        currency = self.contract.currency
        return {
            "contract": self.contract.code,
            "currency": currency.code,
            "earned": _text(self.earned, currency),
            "payable": _text(self.payable, currency),
            "assumed": self.is_assumed,
            "lines": [
                {
                    "metric": line.metric,
                    "count": line.count,
                    "earned": _text(line.earned, currency),
                    "payable": _text(line.payable, currency),
                }
                for line in self.lines
            ],
            "payers": [
                {"payer": each.payer, "amount": plain(each.amount, currency)}
                for each in self.payers
                if each.payer != UNFUNDED
            ],
            "unfunded": _text(self.unfunded, currency),
            "caps": [
                {
                    "cap": each.cap,
                    "limit": _text(each.limit, currency),
                    "share": None if each.share is None else percentage(each.share),
                    "of": list(each.of),
                    "taken": plain(each.taken, currency),
                    "went_to": each.went_to,
                }
                for each in self.caps
            ],
            "minimums": [each.as_dict(currency) for each in self.minimums],
            "not_counted": [{"reason": reason, "count": count} for reason, count in self.not_counted],
            "assumed_terms": list(self.assumed_terms),
            "terms": self.contract.digest,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def price_counts(contract_name: str, counts: Path) -> PricedCounts:
    """Return what the outcomes in a file earn; grants, fees and the like are not part of it.

    Raises:
        NotFoundError: If the contract is not found.
        FindingsError: If the contract or the file has errors.
        RefusedError: If an outcome cannot be priced without guessing.
    """
    found = contract_at(contract_name)
    table, findings = rows_at(counts, found.contract)
    return price_table(found.contract, table, findings)


def price_table(
    contract: Contract,
    table: OutcomeTable,
    findings: tuple[Finding, ...] = (),
    *,
    scheduled_to: date | None = None,
) -> PricedCounts:
    """Return :func:`price_counts` for a table already read; with a day, what is scheduled up to it is in the totals."""
    contract = at_last(contract)
    achieved = as_achieved(contract, table)
    table = achieved.table
    rows = table.rows.take(table.counts)
    unpriced = unpriced_metrics(contract, rows if len(rows) else table.rows)
    labels = table.labels
    with rows_named(table):
        entries = () if unpriced or scheduled_to is None else scheduled(contract, rows, scheduled_to)
        all_due = (
            None if unpriced else due(contract, rows, entries=entries, groups=labels.groups, measures=labels.measures)
        )
    lines = _lines(contract, rows, all_due, unpriced)
    notes = (*findings, *achieved.findings, *_notes(contract, rows, unpriced, all_due))
    return PricedCounts(
        contract=contract,
        lines=lines,
        earned=None if all_due is None else int(all_due.payable.earned.sum()),
        payable=None if all_due is None else int(all_due.payable.capped.payable.sum()),
        payers=() if all_due is None else _payers(all_due),
        caps=() if all_due is None else _caps(contract, all_due),
        minimums=() if all_due is None else minimum_lines(contract, all_due.payable.capped),
        not_counted=not_counted(achieved),
        is_assumed=any(line.status == Status.ASSUMED for line in lines),
        assumed_terms=assumed_terms(contract),
        findings=notes,
    )


def assumed_terms(contract: Contract) -> tuple[str, ...]:
    """Return the keys of every money clause that rests, whole or in part, on an assumption."""
    clauses: list[tuple[str, str, Provenance]] = [
        *(("tariff", each.id, each.provenance) for each in contract.tariffs),
        *(("bonus", each.clause.id, each.clause.provenance) for each in bonuses_held(contract)),
        *(("scale", each.id, each.provenance) for each in contract.scales),
        *(("cap", each.clause.id, each.clause.provenance) for each in caps_held(contract)),
        *(("cap", each.clause.id, each.clause.provenance) for each in outcome_caps_held(contract)),
        *(("minimum", each.clause.id, each.clause.provenance) for each in minimums_held(contract)),
        *(("share", each.id, each.provenance) for each in contract.shares),
        *(("index", each.id, each.provenance) for each in contract.indexes),
    ]
    return tuple(
        f"{kind}[{name}]"
        for kind, name, provenance in clauses
        if provenance.status is Status.ASSUMED or provenance.assumed
    )


def unpriced_metrics(contract: Contract, rows: OutcomeRows) -> frozenset[str]:
    """Return the codes of the metrics among the rows that have no price, or at some time had none."""
    counted = {contract.metric_codes[metric] for metric in np.unique(rows.metric).tolist()}
    return frozenset(each.metric for each in contract.tariffs if each.price is None and each.metric in counted)


def _lines(
    contract: Contract, rows: OutcomeRows, all_due: Due | None, unpriced: frozenset[str]
) -> tuple[PricedLine, ...]:
    lines = []
    for metric in sorted(set(rows.metric.tolist())):
        which = rows.metric == metric
        definition = contract.metrics[metric]
        statuses = [each.provenance.status for each in contract.tariffs if each.metric == definition.code]
        statuses += [each.price_status for each in contract.scales if each.metric == definition.code]
        lines.append(
            PricedLine(
                metric=definition.code,
                name=definition.name,
                count=int(rows.count[which].sum()),
                earned=None if all_due is None else int(all_due.payable.earned[: len(rows)][which].sum()),
                payable=None if all_due is None else int(all_due.payable.capped.payable[: len(rows)][which].sum()),
                status=_weakest(statuses, is_unpriced=definition.code in unpriced),
            )
        )
    return tuple(lines)


def _weakest(statuses: list[Status], *, is_unpriced: bool) -> str:
    if is_unpriced:
        return Status.UNPRICED.value
    order = (Status.ASSUMED, Status.AGREED, Status.PUBLISHED)
    return next((status.value for status in order if status in statuses), "")


def _payers(all_due: Due) -> tuple[PayerLine, ...]:
    amounts = all_due.paid.parts.sum(axis=0).tolist()
    return tuple(PayerLine(payer, amount) for payer, amount in zip(all_due.paid.payers, amounts, strict=True))


def _caps(contract: Contract, all_due: Due) -> tuple[CapLine, ...]:
    capped = all_due.payable.capped
    of_outcomes = [
        CapLine(cap.id, None, capped.taken_in_all(cap.id), UNPAID, cap.share, cap.of)
        for cap in (held.clause for held in outcome_caps_held(contract))
    ]
    row_caps = [
        CapLine(cap.id, cap.limit, capped.taken_in_all(cap.id), cap.overflow)
        for cap in (held.clause for held in caps_held(contract))
        if Dimension.PAYER not in cap.on
    ]
    return (
        *of_outcomes,
        *row_caps,
        *(CapLine(use.cap, use.limit, use.taken, use.went_to) for use in all_due.paid.uses),
    )


def minimum_lines(contract: Contract, capped: Capped) -> tuple[MinimumLine, ...]:
    """Return every minimum with what it withholds, those replaced included."""
    return tuple(
        MinimumLine(each.id, each.at_least, each.at_least_share, each.of, each.pays_below, capped.taken_in_all(each.id))
        for each in (held.clause for held in minimums_held(contract))
    )


def not_counted(achieved: Achieved, which: Flags | None = None) -> tuple[tuple[str, int], ...]:
    """Return how many outcomes each reason speaks against, of all rows or some, in order of the reasons' numbers."""
    at = slice(None) if which is None else np.flatnonzero(which)
    counts: dict[str, int] = {}
    for bits, n_outcomes in zip(achieved.table.mask[at].tolist(), achieved.table.rows.count[at].tolist(), strict=True):
        for reason in reasons_in(bits):
            counts[code_of(reason)] = counts.get(code_of(reason), 0) + n_outcomes
    if n_beyond := int(achieved.beyond[at].sum()):
        code = code_of(Reason.BEYOND_MAXIMUM)
        counts[code] = counts.get(code, 0) + n_beyond
    return tuple(sorted(counts.items()))


def _notes(contract: Contract, rows: OutcomeRows, unpriced: frozenset[str], all_due: Due | None) -> list[Finding]:
    notes = []
    if unpriced:
        what = f"no price is published for {', '.join(sorted(unpriced))}: counts only, no amounts"
        notes.append(note("unpriced", what))
    notes += upper_bound_note(contract, rows)
    notes += [] if all_due is None else group_notes(contract, rows)
    notes += [] if all_due is None else own_period_note(contract)
    notes += () if all_due is None else never_asked(contract, all_due.paid.uses, None)
    names = scheduled_names(contract)
    if names:
        notes.append(note("scheduled-apart", f"{names} are not part of these amounts: they enter at the statement"))
    if all_due is not None and any(payer == UNFUNDED for payer in all_due.paid.payers):
        notes.append(
            note("unfunded", "part of the shares is unfunded: it counts towards the whole and is billed to nobody")
        )
    return notes


def own_period_note(contract: Contract) -> list[Finding]:
    """Return the note that outcomes count in their own periods for payers' caps, where there is such a cap."""
    if not has_cap_by_period(contract):
        return []
    what = (
        "a payer's cap counts by period, and each outcome that is not stated counts here in the period of its own day;"
        " a statement counts it in the period for which it states it, which is a later one for late records"
    )
    return [note("own-periods", what)]


def _text(amount: int | None, currency: Currency) -> str | None:
    return None if amount is None else plain(amount, currency)
