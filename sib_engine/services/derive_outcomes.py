"""Use case: from a file of facts to outcomes, each with the reasons for which it does not count."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import NotFoundError
from sib_engine.core.findings import Finding
from sib_engine.outcomes.derivation import derivation_of
from sib_engine.outcomes.derive.spells import lasts_to
from sib_engine.outcomes.due import lacking
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import (
    EVIDENCE_REASONS,
    TEXTS,
    Reason,
    bit,
    code_of,
    names_of,
)
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.rows_file import write_rows
from sib_engine.outcomes.why.words import Why, complete
from sib_engine.services.inputs import contract_at, facts_at
from sib_engine.services.nothing_found import nothing_found
from sib_engine.services.would_earn import Worth, worth_of
from sib_engine.terms.amend import at_last, in_force
from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Provenance, Status

SHOWN_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class MetricCount:
    """Rows of one metric: how many count; of the others, how many lack only evidence, or fall due if a job lasts.

    ``n_unevidenced`` can still be mended by a document; ``n_too_late`` lack only evidence too, and their last
    day has passed.
    """

    metric: str
    name: str
    n_counting: int
    n_not_counting: int
    n_unevidenced: int
    n_too_late: int
    n_due: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many rows have one reason against them."""

    code: str
    title: str
    mend: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One row as a person reads it; dates as text, blank where there are none.

    ``whys`` say of each reason what was found, what would make the row count, and by when.
    """

    row: str
    person: str
    metric: str
    site: str
    job: str
    achieved_on: str
    recorded_on: str
    does_count: bool
    reasons: str
    detail: str
    evidence: str
    hours: str
    due_on: str
    record_by: str
    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DerivedOutcomes:
    """Every outcome and near outcome of a facts file.

    ``open_until`` is the day to which work without a last day is taken to last, None where there is no such work.
    ``as_known_on`` is the day that was asked for, or else the latest on which anything was recorded: what had to
    be recorded before it is too late. ``nothing_found`` says why there is no row (of the person asked about), blank
    where there is one or may be.
    """

    contract: Contract
    table: OutcomeTable
    findings: tuple[Finding, ...]
    open_until: date | None
    as_known_on: date | None
    nothing_found: str

    def assumed_terms(self) -> tuple[str, ...]:
        """Return the rules of the metrics that are assumed, as ``metric.x.key``; ``metric.x`` for a whole metric.

        Changed terms follow, as ``metric_terms[x].key``.
        """
        rules = [(f"metric.{metric.code}", metric.provenance) for metric in self.contract.metrics]
        rules += [(f"metric_terms[{terms.id}]", terms.provenance) for terms in self.contract.metric_terms]
        return tuple(".".join((name, *key)) for name, provenance in rules for key in _assumed_keys(provenance))

    def by_metric(self) -> tuple[MetricCount, ...]:
        """Return how many rows of each metric count."""
        table = self.table
        is_due = ~np.isnat(table.due_on) & ~table.counts
        is_in_time, is_too_late = self._unevidenced()
        return tuple(
            MetricCount(
                metric.code,
                metric.name,
                int((which & table.counts).sum()),
                int((which & ~table.counts).sum()),
                int((which & is_in_time).sum()),
                int((which & is_too_late).sum()),
                int((which & is_due).sum()),
            )
            for place, metric in enumerate(self.contract.metrics)
            for which in (table.rows.metric == place,)
        )

    def by_reason(self) -> tuple[ReasonCount, ...]:
        """Return how many rows each reason speaks against, in order of their numbers."""
        mask = self.table.mask
        counts = ((reason, int(((mask & bit(reason)) != 0).sum())) for reason in Reason)
        return tuple(
            ReasonCount(code_of(reason), TEXTS[reason].title, TEXTS[reason].mend, count)
            for reason, count in counts
            if count
        )

    def unevidenced(self) -> list[OutcomeLine]:
        """Return the outcomes that would count if every missing document were recorded now: the list to chase."""
        return self._lines(self._unevidenced()[0])

    def too_late(self) -> list[OutcomeLine]:
        """Return the outcomes that lack only documents, and whose last day to record one has passed."""
        return self._lines(self._unevidenced()[1])

    def worth_of_too_late(self) -> Worth | None:
        """Return what those of :meth:`too_late` would have earned; None where they have no price."""
        return worth_of(self.contract, self.table, self._unevidenced()[1])

    def _unevidenced(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return which rows lack only documents that can still be recorded, and which only such as cannot any more."""
        return lacking(self.contract, self.table, EVIDENCE_REASONS, as_known_on=self.as_known_on)

    def listed(self, *, person: str | None = None, only_not_counting: bool = False) -> list[OutcomeLine]:
        """Return rows as lines for people: of one person, or all; all, or those that do not count."""
        table = self.table
        wanted = ~table.counts if only_not_counting else np.ones(len(table), dtype=np.bool_)
        if person is not None:
            codes = [code for code, label in enumerate(table.labels.persons) if label == person]
            wanted &= np.isin(table.rows.person, codes)
        return self._lines(wanted)

    def _lines(self, wanted: npt.NDArray[np.bool_]) -> list[OutcomeLine]:
        ids = self.table.row_ids()
        return [self._line(place, ids[place]) for place in np.flatnonzero(wanted).tolist()]

    def _line(self, place: int, row: str) -> OutcomeLine:
        table = self.table
        mask = int(table.mask[place])
        return OutcomeLine(
            row=row,
            person=table.labels.persons[int(table.rows.person[place])],
            metric=self.contract.metric_codes[int(table.rows.metric[place])],
            site=table.sites[place],
            job="" if (job := int(table.rows.job[place])) == NONE else table.labels.jobs[job],
            achieved_on=_text(table.rows.achieved_on[place]),
            recorded_on=_text(table.rows.recorded_on[place]),
            does_count=mask == 0,
            reasons=names_of(mask),
            detail=table.details[place],
            evidence=table.evidence[place],
            hours=table.hours[place],
            due_on=_text(table.due_on[place]),
            record_by=_text(table.record_by[place]),
            whys=complete(mask, table.whys[place]),
        )

    def as_dict(self, *, person: str | None = None) -> dict[str, Any]:
        """Return the outcomes as ``sib outcomes --json`` prints them."""
        return {
            "contract": self.contract.code,
            "terms": self.contract.digest,
            "assumed_terms": list(self.assumed_terms()),
            "as_known_on": None if self.as_known_on is None else self.as_known_on.isoformat(),
            "open_until": None if self.open_until is None else self.open_until.isoformat(),
            "metrics": [
                {
                    "metric": each.metric,
                    "counts": each.n_counting,
                    "does_not_count": each.n_not_counting,
                    "lacks_only_evidence": each.n_unevidenced,
                    "too_late_for_evidence": each.n_too_late,
                    "due_if_it_lasts": each.n_due,
                }
                for each in self.by_metric()
            ],
            "reasons": [
                {"code": each.code, "title": each.title, "mend": each.mend, "rows": each.n_rows}
                for each in self.by_reason()
            ],
            "nothing_found": self.nothing_found or None,
            "rows": [
                {
                    "row": line.row,
                    "person": line.person,
                    "metric": line.metric,
                    "site": line.site or None,
                    "job": line.job or None,
                    "achieved_on": line.achieved_on or None,
                    "recorded_on": line.recorded_on or None,
                    "counts": line.does_count,
                    "reasons": line.reasons.split("; ") if line.reasons else [],
                    "why": [
                        {
                            "code": code_of(why.reason),
                            "found": why.found,
                            "mend": why.mend,
                            "by": None if why.by is None else why.by.isoformat(),
                        }
                        for why in line.whys
                    ],
                    "detail": line.detail,
                    "evidence": line.evidence,
                    "hours": line.hours,
                    "due_on": line.due_on or None,
                    "record_by": line.record_by or None,
                }
                for line in self.listed(person=person)
            ],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def derive_outcomes(
    contract_name: str,
    facts: Path,
    *,
    known_on: date | None = None,
    person: str | None = None,
    out: Path | None = None,
) -> DerivedOutcomes:
    """Return the outcomes that facts show, as known on a day; write them to ``out`` where one is named.

    Args:
        contract_name: Path or library name.
        facts: File of facts.
        known_on: Leave out what was recorded later.
        person: Someone about whom the file must have facts.
        out: File to write every row to, whoever's it is.

    Raises:
        NotFoundError: If the contract or the person is not found.
        FindingsError: If the contract or the facts have errors.
    """
    signed = contract_at(contract_name).contract
    contract = at_last(signed) if known_on is None else in_force(signed, known_on, signed_by=known_on)
    read, findings = facts_at(facts, contract)
    if person is not None and person not in read.person.labels:
        message = f"no facts are about {person!r}; there are facts about, for example: "
        raise NotFoundError(message + ", ".join(sorted(read.person.labels)[:SHOWN_NAMES]))
    derivation = derivation_of(signed, read, known_on=known_on)
    table = replace(find_outcomes(contract, read, known_on=known_on), derivation=derivation)
    if out is not None:
        write_rows(out, table, contract)
    kept = read if known_on is None else read.known_on(known_on)
    as_known_on = known_on or read.last_recorded()
    open_until = lasts_to(kept, known_on=known_on)
    nothing = nothing_found(contract, table, read, known_on=known_on, person=person)
    return DerivedOutcomes(contract, table, findings, open_until, as_known_on, nothing)


def _assumed_keys(provenance: Provenance) -> Iterator[tuple[str, ...]]:
    """Yield each term that is assumed; one without a name for a clause that is assumed as a whole."""
    if provenance.assumed:
        yield from ((key,) for key in provenance.assumed)
    elif provenance.status is Status.ASSUMED:
        yield ()


def _text(day: np.datetime64) -> str:
    return "" if np.isnat(day) else str(day)
