"""What a statement may not do in silence: step back, skip, or change under new terms what was stated before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sib_engine.core.dates import Period
from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.payers.shares import divided, payer_axis, schedule_of
from sib_engine.payments.statement.changes import Change
from sib_engine.payments.statement.lines import KERNEL_VERSION, Standing, StatedLine
from sib_engine.payments.statement.why import FACTS_ELSEWHERE
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap
from sib_engine.terms.schedule import Amendment


@dataclass(frozen=True, slots=True)
class Restatement:
    """What terms, and not facts, change of what was stated before: of a row, or of what a payer pays; minor units."""

    subject: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, eq=False)
class Rejected:
    """Outcomes that are claimed and do not count: rows, their ids, and the labels of their codes."""

    rows: OutcomeRows
    ids: Sequence[str]
    sites: Sequence[str]
    groups: Sequence[str]

    def facts(self, contract: Contract, place: int) -> tuple[object, ...]:
        """Return metric, site, group, date and count of one row as a statement line holds them."""
        rows = self.rows
        site, group = int(rows.site[place]), int(rows.group[place])
        return (
            contract.metric_codes[int(rows.metric[place])],
            "" if site == NONE else self.sites[site],
            "" if group == NONE else self.groups[group],
            rows.achieved_on[place].item(),
            int(rows.count[place]),
        )


def refuse_what_cannot_follow(contract: Contract, period: Period, known_on: date, stated: Sequence[StatedLine]) -> None:
    """Raise where a statement cannot follow those already drawn up.

    Raises:
        RefusedError: If the period is none in which the contract states, or lies before one already
            stated; if less would be known than an earlier statement knew; if the earlier ones were
            for other payers, or under a share clause that now divides otherwise.
    """
    first, last = (contract.periods.index_of(day) for day in (contract.start, contract.claims_close))
    if not first <= period.index <= last:
        message = (
            f"{period.label} is no period of this contract: it states from "
            f"{contract.periods.period(first).label} to {contract.periods.period(last).label}, when claims close"
        )
        raise RefusedError(message)
    for line in stated:
        if contract.periods.find(line.period).index > period.index:
            message = (
                f"{line.period} is stated already, so {period.label} cannot be stated after it: what was late "
                f"for {period.label} is paid in the next statement, as its own period"
            )
            raise RefusedError(message)
        if line.known_on > known_on:
            message = (
                f"statement {line.statement} used what was known on {line.known_on}; one that knows only what was "
                f"recorded by {known_on} would take back what is due"
            )
            raise RefusedError(message)
        if line.payers != payer_axis(contract):
            message = (
                f"statement {line.statement} was for the payers {', '.join(line.payers)}; "
                f"the contract's are {', '.join(payer_axis(contract))}"
            )
            raise RefusedError(message)
    _refuse_another_division(contract, stated)


def _refuse_another_division(contract: Contract, stated: Sequence[StatedLine]) -> None:
    """A clause divides a running total for its whole life; new parts need a new clause with a later ``from``."""
    axis = payer_axis(contract)
    for share in contract.shares:
        lines = [line for line in stated if line.is_of_a_row and line.share == share.id]
        parts = divided(sum(line.payable for line in lines), schedule_of(share)).tolist()
        now = dict(zip(share.payers, parts, strict=True))
        before = [sum(line.shared[place] for line in lines) for place in range(len(axis))]
        if before != [now.get(payer, 0) for payer in axis]:
            message = (
                f"share {share.id!r} divided what is stated in another way; keep it as it was, and add a share with "
                "a later `from`"
            )
            raise RefusedError(message)


def rejected_by_new_terms(
    contract: Contract,
    rejected: Rejected,
    standing: Mapping[str, Standing],
    stated: Sequence[StatedLine],
    *,
    period: Period,
    known_on: date,
) -> frozenset[str]:
    """Return the stated rows that are still claimed as they were stated, and no longer count under changed terms.

    Where terms and facts have both changed nobody can tell which of them did it, so all such rows are
    taken to be moved by the terms, and asked about; where the terms are those of the last statement, none. An
    amendment that reaches back and was signed since changes them.
    """
    if not stated:
        return frozenset()
    if stated[-1].terms == contract.digest and not _reaches_back(contract, stated[-1], period, known_on):
        return frozenset()
    found = set()
    for place, row in enumerate(rejected.ids):
        stands = standing.get(row)
        if stands is not None and not stands.is_withdrawn and rejected.facts(contract, place) == _facts(stands):
            found.add(row)
    return frozenset(found)


def _facts(stands: Standing) -> tuple[object, ...]:
    line = stands.line
    return line.metric, line.site, line.group, line.achieved_on, stands.count


def restatements_of(
    contract: Contract,
    changes: Sequence[Change],
    stated: Sequence[StatedLine],
    carried: Mapping[str, int],
    *,
    period: Period,
    known_on: date,
) -> tuple[Restatement, ...]:
    """Return what terms or kernel, and not facts, change of what stands stated.

    Under the terms, amendments and kernel of the last statement, only facts can move anything: another
    outcome that was withdrawn may leave too few for a minimum, or lower the share that a cap pays.
    Where an amendment has taken effect since, a row whose facts are as stated and that is now due
    less, or under another clause, is taken to be moved by it. One that is due more may owe that to
    headroom that a withdrawal freed; it is only counted where the terms or the kernel are not those
    of the last statement, or an amendment that reaches back was signed since. A payer's own cap may
    release what it held back, but takes nothing back by itself; where an amendment changed such a cap since,
    what it releases is counted too.

    Args:
        contract: Terms in force.
        changes: What the statement would change.
        stated: Every line stated before.
        carried: What each payer would pay more, or less, of lines stated before.
        period: The period to be stated.
        known_on: Last day whose records are used.
    """
    last = stated[-1] if stated else None
    is_same_terms = last is None or (last.terms, last.kernel) == (contract.digest, KERNEL_VERSION)
    is_amended = last is not None and bool(_amended_since(contract, last, period, known_on))
    reaches_back = last is not None and _reaches_back(contract, last, period, known_on)
    rows = {
        change.line.row: Restatement(change.line.row, change.before.payable, change.payable_now)
        for change in changes
        if change.before is not None
        and change.is_same_fact
        and (is_amended or not is_same_terms)
        and (change.line.payable < 0 or not is_same_terms or reaches_back)
        and not change.before.is_withdrawn
    }
    has_new_caps = last is not None and _changes_payers_caps(contract, _amended_since(contract, last, period, known_on))
    payers = (
        Restatement(f"payer {payer}", 0, amount)
        for payer, amount in carried.items()
        if amount < 0 or (has_new_caps and amount)
    )
    return (*rows.values(), *payers)


def moved_by(contract: Contract, stated: Sequence[StatedLine], *, period: Period, known_on: date) -> str:
    """Return in words what can leave less of outcomes that are as they were stated: terms, rules, or other facts."""
    if not stated:
        return FACTS_ELSEWHERE
    last = stated[-1]
    amended = ", ".join(each.id for each in _amended_since(contract, last, period, known_on))
    if amended:
        return f"amendment {amended} has taken effect since statement {last.statement}"
    if last.terms != contract.digest:
        return f"the terms are not those of statement {last.statement}"
    if last.kernel != KERNEL_VERSION:
        return f"the engine's rules are not those of statement {last.statement}"
    return FACTS_ELSEWHERE


def _changes_payers_caps(contract: Contract, amendments: Sequence[Amendment]) -> bool:
    """Return whether one of some amendments brings a cap on a payer, or replaces one: for all that is stated."""
    brought = {cap.amendment for cap in contract.caps if cap.payer is not None}
    gone = {each.clause.id for each in contract.ended if isinstance(each.clause, Cap) and each.clause.payer is not None}
    return any(each.id in brought or gone.intersection(each.replaces) for each in amendments)


def _reaches_back(contract: Contract, last: StatedLine, now: Period, known_on: date) -> bool:
    """Return whether an amendment was signed since the last statement that changes what it should have stated."""
    then = contract.periods.find(last.period).end
    return any(each.effective_from <= then for each in _amended_since(contract, last, now, known_on))


def _amended_since(contract: Contract, last: StatedLine, now: Period, known_on: date) -> list[Amendment]:
    """Return the amendments that a statement takes into account and the last one did not.

    A statement takes into account what has taken effect by the end of its period and was signed by the last day
    whose records it uses.
    """
    then = contract.periods.find(last.period).end
    return [
        each
        for each in contract.amendments
        if each.effective_from <= now.end
        and each.signed_on <= known_on
        and (each.effective_from > then or each.signed_on > last.known_on)
    ]
