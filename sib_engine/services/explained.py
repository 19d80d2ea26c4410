"""What is explained, as values and as JSON: one outcome or grant, or the steps behind payers' amounts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sib_engine.core.dates import Period
from sib_engine.core.findings import Finding
from sib_engine.core.money import Currency, plain
from sib_engine.payments.explanation import Step
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.services.asked_of import AskedOf
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason for which an outcome does not count: the rule, what was found, what would mend it, and by when."""

    code: str
    title: str
    found: str
    mend: str
    by: date | None


@dataclass(frozen=True, slots=True)
class OutcomeExplanation:
    """One outcome: its facts, why it does not count or what it pays, and where it was stated.

    ``left_out`` says why an outcome that counts is not part of the statement that is explained. ``terms`` is
    the clause whose version of the metric's terms judges the outcome, in force from ``terms_from`` (None:
    since the beginning); ``extended_by`` is the amendment but for which the contract would have ended before.
    """

    row: str
    metric: str
    definition: str
    terms: str
    terms_from: date | None
    extended_by: str
    achieved_on: date | None
    recorded_on: date | None
    claimed_on: date | None
    evidence: str
    hours: str
    accepted_evidence: tuple[str, ...]
    reasons: tuple[ReasonLine, ...]
    due_on: date | None
    record_by: date | None
    detail: str
    left_out: str
    step: Step | None
    stated: tuple[StatedLine, ...]


@dataclass(frozen=True, slots=True)
class AgainstStated:
    """What is due of an outcome or grant against what its lines hold: minor units, before payers' own caps.

    ``is_gone`` says that it was stated and is not in the rows, or in the contract, any more.
    """

    row: str
    due: int
    stated: int
    lines: tuple[StatedLine, ...]
    is_gone: bool = False

    @property
    def difference(self) -> int:
        """What a statement would still add, or take back."""
        return self.due - self.stated


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked about: one outcome or grant, or the steps behind one or more payers' amounts.

    ``period`` is that of the statement whose run is explained, as known on ``known_on``; without one it
    is the contract to its last day. ``asked`` is what that statement asks of the payers whose steps these are.
    """

    contract: Contract
    outcome: OutcomeExplanation | None
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    period: Period | None = None
    known_on: date | None = None
    against: AgainstStated | None = None
    asked: tuple[AskedOf, ...] = ()

    @property
    def is_assumed(self) -> bool:
        """Whether an amount here rests on a clause that is assumed."""
        steps = (*self.steps, *(() if self.outcome is None or self.outcome.step is None else (self.outcome.step,)))
        clauses = (each.provenance for step in steps for each in step.walk())
        return any(clause is not None and clause.rests_on_assumption for clause in clauses)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as ``sib explain --json`` prints it."""
        currency = self.contract.currency
        outcome = self.outcome
        return {
            "contract": self.contract.code,
            "currency": currency.code,
            "period": None if self.period is None else self.period.label,
            "known_on": None if self.known_on is None else self.known_on.isoformat(),
            "assumed": self.is_assumed,
            "outcome": None if outcome is None else _outcome_dict(outcome, currency),
            "amounts": [_step_dict(step, currency) for step in self.steps],
            "against_stated": None if self.against is None else _against_dict(self.against, currency),
            "asked": [each.as_dict(currency) for each in self.asked],
            "terms": self.contract.digest,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def _step_dict(step: Step, currency: Currency) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "subject": step.subject,
        "amount": plain(step.amount, currency),
        "detail": step.detail,
        "clause": step.clause,
        "status": step.provenance.status.value if step.provenance else "",
        "assumed": list(step.provenance.assumed) if step.provenance else [],
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
        "terms_clause": outcome.terms,
        "terms_from": text(outcome.terms_from),
        "extended_by": outcome.extended_by or None,
        "achieved_on": text(outcome.achieved_on),
        "recorded_on": text(outcome.recorded_on),
        "claimed_on": text(outcome.claimed_on),
        "evidence": outcome.evidence,
        "accepted_evidence": list(outcome.accepted_evidence),
        "hours": outcome.hours,
        "detail": outcome.detail,
        "counts": not outcome.reasons,
        "reasons": [
            {"code": each.code, "title": each.title, "found": each.found, "mend": each.mend, "by": text(each.by)}
            for each in outcome.reasons
        ],
        "due_on": text(outcome.due_on),
        "record_by": text(outcome.record_by),
        "amount": None if outcome.step is None else _step_dict(outcome.step, currency),
        "left_out": outcome.left_out,
        "stated": [_line_dict(line, currency) for line in outcome.stated],
    }


def _against_dict(against: AgainstStated, currency: Currency) -> dict[str, Any]:
    return {
        "row": against.row,
        "gone": against.is_gone,
        "due": plain(against.due, currency),
        "stated": plain(against.stated, currency),
        "difference": plain(against.difference, currency),
        "lines": [_line_dict(line, currency) for line in against.lines],
    }


def _line_dict(line: StatedLine, currency: Currency) -> dict[str, Any]:
    return {
        "statement": line.statement,
        "period": line.period,
        "kind": line.kind.value,
        "earned": plain(line.earned, currency),
        "payable": plain(line.payable, currency),
        "amount": plain(line.total, currency),
    }
