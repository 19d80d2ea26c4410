"""Use case: the statement for a period, from a file of outcomes and the lines stated before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import RefusedError
from sib_engine.core.findings import Finding, warning
from sib_engine.core.money import Currency, plain, shown
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.why.of_table import whys_of
from sib_engine.outcomes.why.words import cells
from sib_engine.payments.statement.corrections import Correction, corrections_of
from sib_engine.payments.statement.draw_up import Known, Statement, draw_up
from sib_engine.payments.statement.guards import Rejected
from sib_engine.payments.statement.headroom import Headroom, headroom_of
from sib_engine.payments.statement.lines import StatedLine, standing_of
from sib_engine.payments.statement.summary import SummaryLine, summary_of
from sib_engine.payments.statement.why import known_later as recorded_later
from sib_engine.services.all_to_date import nothing_left_of
from sib_engine.services.as_achieved import as_achieved
from sib_engine.services.as_known import knowledge_notes, known_later
from sib_engine.services.group_notes import group_notes
from sib_engine.services.inputs import contract_at, lines_at, rows_at, untied
from sib_engine.services.named_rows import rows_named
from sib_engine.services.never_asked import never_asked
from sib_engine.services.price_counts import MinimumLine, minimum_lines, not_counted
from sib_engine.services.upper_bounds import upper_bound_note
from sib_engine.terms.amend import in_force
from sib_engine.terms.contract import Contract
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.plain_words import percentage

SHOWN_SUBJECTS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class DrawnStatement:
    """A statement, its summary and what a reader should know about it.

    ``not_counted`` says how many outcomes each reason keeps out of it, of those achieved and recorded in time
    to enter. ``rests_on`` is the last day that the rows know of, where that is after the day as known on which the
    statement is drawn up: what it says may then rest on later knowledge.
    """

    contract: Contract
    statement: Statement
    summary: tuple[SummaryLine, ...]
    headroom: tuple[Headroom, ...]
    minimums: tuple[MinimumLine, ...]
    not_counted: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    rests_on: date | None = None

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What is corrected of each outcome or scheduled amount whose lines say why, in their order."""
        return corrections_of(self.statement.lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the statement as ``sib statement --json`` prints it."""
        currency, statement = self.contract.currency, self.statement
        return {
            "contract": self.contract.code,
            "currency": currency.code,
            "statement": statement.number,
            "period": statement.period.label,
            "known_on": statement.known_on.isoformat(),
            "rests_on": None if self.rests_on is None else self.rests_on.isoformat(),
            "assumed": any(line.is_assumed for line in statement.lines),
            "due_to_date": plain(statement.due, currency),
            "stated_before": plain(statement.stated_before, currency),
            "total": plain(statement.total, currency),
            **_asked(statement.payers, statement.pays, currency),
            "lines": [
                {
                    "kind": line.kind.value,
                    "own_period": line.own_period,
                    "metric": line.metric,
                    "site": line.site,
                    "count": line.count,
                    "earned": plain(line.earned, currency),
                    "payable": plain(line.payable, currency),
                    **_asked(statement.payers, line.pays, currency),
                    "assumed": line.is_assumed,
                }
                for line in self.summary
            ],
            "caps": [
                {
                    "cap": each.cap,
                    "limit": None if each.limit is None else plain(each.limit, currency),
                    "share": None if each.share is None else percentage(each.share),
                    "of": list(each.of),
                    "scope": each.scope,
                    "used": None if each.used is None else plain(each.used, currency),
                    "taken": plain(each.taken, currency),
                }
                for each in self.headroom
            ],
            "minimums": [each.as_dict(currency) for each in self.minimums],
            "corrections": [
                {
                    "row": each.row,
                    "own_period": each.own_period,
                    "metric": each.metric,
                    "count": each.count,
                    "payable": plain(each.payable, currency),
                    "why": each.why,
                }
                for each in self.corrections
            ],
            "restatements": [
                {"of": each.subject, "before": plain(each.before, currency), "after": plain(each.after, currency)}
                for each in statement.restatements
            ],
            "not_counted": [{"reason": reason, "count": count} for reason, count in self.not_counted],
            "terms": self.contract.digest,
            "digest": statement.digest,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def _asked(payers: Sequence[str], pays: Sequence[int], currency: Currency) -> dict[str, Any]:
    """Return what each payer owes as JSON, and beside it what is billed to nobody."""
    amounts = dict(zip(payers, pays, strict=True))
    unfunded = amounts.pop(UNFUNDED, 0)
    return {
        "payers": [{"payer": payer, "amount": plain(amount, currency)} for payer, amount in amounts.items()],
        "unfunded": plain(unfunded, currency),
    }


def draw_statement(
    contract_name: str,
    rows: Path,
    period: str,
    *,
    stated: Sequence[Path] = (),
    known_on: date | None = None,
    accepts_restatement: bool = False,
) -> DrawnStatement:
    """Return the statement for a period; nothing is stored.

    Raises:
        NotFoundError: If the contract is not found.
        FindingsError: If a file has errors.
        RefusedError: If the period is none of the contract's or lies before one already stated, an
            outcome cannot be priced, or new terms would change what was stated and
            ``accepts_restatement`` does not say so.
    """
    found = contract_at(contract_name)
    table, findings = rows_at(rows, found.contract, at_least=0)
    lines = lines_at(stated, found.contract)
    return state_table(
        found.contract,
        table,
        period,
        stated=lines,
        known_on=known_on,
        accepts_restatement=accepts_restatement,
        findings=(*findings, *untied(lines)),
    )


def state_table(
    contract: Contract,
    table: OutcomeTable,
    period: str,
    *,
    stated: Sequence[StatedLine] = (),
    known_on: date | None = None,
    accepts_restatement: bool = False,
    findings: tuple[Finding, ...] = (),
) -> DrawnStatement:
    """Return :func:`draw_statement` for a table and lines already read."""
    try:
        wanted = contract.periods.find(period)
    except ValueError as unknown:
        raise RefusedError(str(unknown)) from None
    if any(tariff.price is None for tariff in contract.tariffs):
        message = f"{contract.code} is unpriced: where no price is known there is nothing to state"
        raise RefusedError(message)
    last_day = known_on or wanted.end
    terms = in_force(contract, wanted.end, signed_by=last_day)
    achieved = as_achieved(terms, table)
    table = achieved.table
    with rows_named(table):
        known = known_outcomes(terms, table)
        statement = draw_up(terms, known, wanted, stated=stated, known_on=known_on)
    if statement.restatements and not accepts_restatement:
        moved = sum(each.after - each.before for each in statement.restatements)
        subjects = ", ".join(each.subject for each in statement.restatements[:SHOWN_SUBJECTS])
        more = ", ..." if len(statement.restatements) > SHOWN_SUBJECTS else ""
        message = (
            f"the terms have changed since earlier statements: {len(statement.restatements)} of what was stated "
            f"({subjects}{more}) would change by {shown(moved, contract.currency)} in all; accept the restatement "
            "to state it"
        )
        raise RefusedError(message)
    notes = (
        *nothing_left_of(stated, table.row_ids()),
        *never_asked(terms, statement.payer_caps, wanted),
        *knowledge_notes(table.derivation, last_day),
        *upper_bound_note(terms, statement.rows),
        *group_notes(terms, statement.rows),
    )
    later = _known_later(known, stated, statement.known_on)
    return DrawnStatement(
        contract=terms,
        statement=statement,
        summary=summary_of(statement.lines),
        headroom=headroom_of(terms, statement),
        minimums=minimum_lines(terms, statement.capped),
        not_counted=not_counted(achieved, _in_time(table, statement)),
        findings=(*findings, *achieved.findings, *later, *notes),
        rests_on=known_later(table.derivation, last_day),
    )


def _in_time(table: OutcomeTable, statement: Statement) -> npt.NDArray[np.bool_]:
    """Return which rows are achieved and recorded in time for a statement, or may be: some have no dates."""
    rows = table.rows
    is_later = rows.achieved_on > np.datetime64(statement.period.end, "D")
    is_later |= rows.known_on > np.datetime64(statement.known_on, "D")
    return ~is_later


def _known_later(known: Known, stated: Sequence[StatedLine], known_on: date) -> tuple[Finding, ...]:
    """Return a warning of stated outcomes that the rows now say were known only after the day of this statement."""
    standing = {row for row, stands in standing_of(stated).items() if not stands.is_withdrawn}
    places = [place for place, row in enumerate(known.ids) if row in standing]
    later = [known.ids[place] for place in places if recorded_later(known.rows, place, known_on)]
    if not later:
        return ()
    names = ", ".join(later[:SHOWN_SUBJECTS]) + (", ..." if len(later) > SHOWN_SUBJECTS else "")
    is_one = len(later) == 1
    what = (
        f"of the outcomes stated before, {len(later):,} ({names}) {'is' if is_one else 'are'} now recorded after"
        f" {known_on}, so that what was stated of {'it' if is_one else 'them'} is taken back until then"
    )
    accepted = "the day on which each was first known, where a document was only filed again"
    return (warning("stated-known-later", what, accepted),)


def known_outcomes(contract: Contract, table: OutcomeTable) -> Known:
    """Return the outcomes of a table that count, and those that do not, with the labels of their codes."""
    table = as_achieved(contract, table).table
    counts = table.counts

    def against(wanted: Collection[str]) -> Mapping[str, str]:
        places = [place for place in np.flatnonzero(~counts).tolist() if names[place] in wanted]
        return {names[place]: cells(whys)[0] for place, whys in whys_of(contract, table, places).items()}

    sites, labels = contract.site_codes, table.labels
    names = np.array(table.row_ids(), dtype=np.object_)
    rejected = Rejected(table.rows.take(~counts), names[~counts].tolist(), sites, labels.groups)
    return Known(
        rows=table.rows.take(counts),
        ids=names[counts].tolist(),
        sites=sites,
        groups=labels.groups,
        measures=labels.measures,
        rejected=rejected,
        against=against,
    )
