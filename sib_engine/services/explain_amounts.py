"""Use case: why a row pays, or does not; why a payer owes what it owes; what each metric comes to."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sib_engine.core.errors import NotFoundError
from sib_engine.core.findings import Finding
from sib_engine.core.money import Currency, plain
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import TEXTS, code_of, reasons_in
from sib_engine.payments.due import Due, due
from sib_engine.payments.explanation import Explainer, Step, explain_payer
from sib_engine.payments.lines import GRANT_PREFIX, StatedLine
from sib_engine.services.as_achieved import mask_as_achieved
from sib_engine.services.inputs import contract_at, lines_at, rows_at
from sib_engine.services.price_counts import unpriced_metrics
from sib_engine.terms.amend import in_force
from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Status

SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason for which an outcome does not count, and what would mend it."""

    code: str
    title: str
    mend: str


@dataclass(frozen=True, slots=True)
class OutcomeExplanation:
    """One outcome: its facts, why it does not count or what it pays, and where it was stated."""

    row: str
    metric: str
    definition: str
    achieved_on: date | None
    recorded_on: date | None
    evidence: str
    hours: str
    accepted_evidence: tuple[str, ...]
    reasons: tuple[ReasonLine, ...]
    due_on: date | None
    record_by: date | None
    detail: str
    step: Step | None
    stated: tuple[StatedLine, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked about: one outcome, or the steps behind one or more payers' amounts."""

    contract: Contract
    outcome: OutcomeExplanation | None
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]

    @property
    def is_assumed(self) -> bool:
        """Whether an amount here rests on a clause that is assumed."""
        steps = (*self.steps, *(() if self.outcome is None or self.outcome.step is None else (self.outcome.step,)))
        clauses = (each.provenance for step in steps for each in step.walk())
        return any(clause is not None and clause.status is Status.ASSUMED for clause in clauses)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as ``sib explain --json`` prints it."""
        currency = self.contract.currency
        outcome = self.outcome
        return {
            "contract": self.contract.code,
            "currency": currency.code,
            "assumed": self.is_assumed,
            "outcome": None if outcome is None else _outcome_dict(outcome, currency),
            "amounts": [_step_dict(step, currency) for step in self.steps],
            "terms": self.contract.digest,
        }


def explain_amounts(
    contract_name: str,
    rows: Path,
    *,
    row: str | None = None,
    payer: str | None = None,
    with_grants: bool = False,
    stated: tuple[Path, ...] = (),
) -> Explanation:
    """Return why the outcomes of a file come to what they come to.

    Args:
        contract_name: Path or library name.
        rows: What ``sib outcomes --out`` wrote, or a counts file.
        row: Id of the one outcome, or grant (``grant/ID``), to explain.
        payer: Id of the one payer to explain; every payer where neither is given.
        with_grants: Whether the contract's grants are part of what the payers owe.
        stated: Lines of earlier statements, to show where an outcome was stated.

    Raises:
        NotFoundError: If the contract, row or payer is not found.
        FindingsError: If a file has errors.
        RefusedError: If an outcome cannot be priced without guessing.
    """
    found = contract_at(contract_name)
    table, findings = rows_at(rows, found.contract)
    lines = lines_at(stated, found.contract)
    return explain_table(
        found.contract, table, row=row, payer=payer, with_grants=with_grants, stated=lines, findings=findings
    )


def explain_table(
    contract: Contract,
    table: OutcomeTable,
    *,
    row: str | None = None,
    payer: str | None = None,
    with_grants: bool = False,
    stated: tuple[StatedLine, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Explanation:
    """Return :func:`explain_amounts` for a table already read."""
    contract = in_force(contract, contract.claims_close)
    table = replace(table, mask=mask_as_achieved(contract, table))
    counted = np.flatnonzero(table.counts)
    rows = table.rows.take(counted)
    grants = contract.grants if with_grants or (row or "").startswith(GRANT_PREFIX) else ()
    all_due = None
    if not unpriced_metrics(contract, rows):
        all_due = due(contract, rows, grants=grants, groups=table.labels.groups)
    if row is not None and row.startswith(GRANT_PREFIX) and all_due is not None:
        return Explanation(contract, None, (_grant(contract, all_due, row),), findings)
    if row is not None:
        outcome = _outcome(contract, table, all_due, row, stated)
        return Explanation(contract, outcome, (), findings)
    if all_due is None:
        return Explanation(contract, None, (), findings)
    payers = all_due.paid.payers
    if payer is not None and payer not in payers:
        message = f"no payer is called {payer!r}; accepted: {', '.join(payers)}"
        raise NotFoundError(message)
    wanted = payers if payer is None else (payer,)
    return Explanation(contract, None, tuple(explain_payer(contract, all_due, each) for each in wanted), findings)


def _outcome(
    contract: Contract, table: OutcomeTable, all_due: Due | None, row: str, stated: tuple[StatedLine, ...]
) -> OutcomeExplanation:
    place = table.place_of(row)
    if place is None:
        raise NotFoundError(_no_such_row(table, row))
    rows = table.rows
    metric = contract.metrics[int(rows.metric[place])]
    reasons = reasons_in(int(table.mask[place]))
    does_count = not reasons
    step = None
    if does_count and all_due is not None:
        step = Explainer(contract, all_due).row(int(table.counts[:place].sum()), row)
    achieved_on = _day(rows.achieved_on[place])
    return OutcomeExplanation(
        row=row,
        metric=metric.code,
        definition=metric.definition,
        achieved_on=achieved_on,
        recorded_on=_day(rows.recorded_on[place]),
        evidence=table.evidence[place],
        hours=table.hours[place],
        accepted_evidence=metric.evidence.kinds,
        reasons=tuple(ReasonLine(code_of(each), TEXTS[each].title, TEXTS[each].mend) for each in reasons),
        due_on=_day(table.due_on[place]),
        record_by=_day(table.record_by[place]),
        detail=table.details[place],
        step=step,
        stated=tuple(line for line in stated if line.row == row),
    )


def _grant(contract: Contract, all_due: Due, row: str) -> Step:
    names = [GRANT_PREFIX + grant.id for grant in contract.grants]
    if row not in names:
        message = f"no grant is called {row!r}; accepted: {', '.join(names) or 'the contract has no grants'}"
        raise NotFoundError(message)
    return Explainer(contract, all_due).row(all_due.payable.n_outcomes + names.index(row), row)


def _no_such_row(table: OutcomeTable, row: str) -> str:
    person = row.partition("/")[0]
    near = [name for name in table.row_ids() if name.startswith(person + "/")][:SHOWN_NAMES]
    shown = near or table.row_ids()[:SHOWN_NAMES]
    return f"no row is called {row!r}; there is, for example: {', '.join(shown)}"


def _day(day: np.datetime64) -> date | None:
    value = day.astype("datetime64[D]").item()
    return value if isinstance(value, date) else None


def _step_dict(step: Step, currency: Currency) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "subject": step.subject,
        "amount": plain(step.amount, currency),
        "detail": step.detail,
        "clause": step.clause,
        "status": step.provenance.status.value if step.provenance else "",
        "source": step.provenance.source if step.provenance else "",
        "steps": [_step_dict(each, currency) for each in step.steps],
    }


def _outcome_dict(outcome: OutcomeExplanation, currency: Currency) -> dict[str, Any]:
    def text(day: date | None) -> str | None:
        return None if day is None else day.isoformat()

    return {
        "row": outcome.row,
        "metric": outcome.metric,
        "definition": outcome.definition,
        "achieved_on": text(outcome.achieved_on),
        "recorded_on": text(outcome.recorded_on),
        "evidence": outcome.evidence,
        "accepted_evidence": list(outcome.accepted_evidence),
        "hours": outcome.hours,
        "detail": outcome.detail,
        "counts": not outcome.reasons,
        "reasons": [{"code": each.code, "title": each.title, "mend": each.mend} for each in outcome.reasons],
        "due_on": text(outcome.due_on),
        "record_by": text(outcome.record_by),
        "amount": None if outcome.step is None else _step_dict(outcome.step, currency),
        "stated": [
            {
                "statement": line.statement,
                "period": line.period,
                "kind": line.kind.value,
                "amount": plain(line.total, currency),
            }
            for line in outcome.stated
        ],
    }
