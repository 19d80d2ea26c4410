"""What a closed verification sample takes back, as lines of a statement: due to date less stated, like all else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from sib_engine.core.money import Currency, shown
from sib_engine.payments.payable import Payable
from sib_engine.payments.payers.share_clauses import clauses_of
from sib_engine.payments.sampling.parts import within
from sib_engine.payments.statement.changes import Change
from sib_engine.payments.statement.lines import LineKind, Standing, StatedLine, changed
from sib_engine.terms.contract import Contract
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.verification import Recover

PREFIX: Final = "recovery"


@dataclass(frozen=True, slots=True)
class UnseenClaim:
    """A claim that a sample stands for and did not draw: its row, stratum, and value when the sample was designed."""

    row: str
    stratum: str
    value: int
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class PartlyWrong:
    """A claim that was found to be worth less, and something: its row and right value (minor units)."""

    row: str
    right_value: int
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class SampleRecovery:
    """What a sample lets be taken back, as it was worked out when it was closed; minor units.

    ``statement`` was sampled, in ``period``. The contract's rule gives ``by_rule`` for all claims that the sample
    stands for, of which ``found`` is taken back claim by claim; ``weights`` divide the rest between strata.
    """

    statement: int
    period: str
    rule: Recover
    confidence: Fraction
    by_rule: int
    found: int
    weights: Mapping[str, int]
    unseen: tuple[UnseenClaim, ...]
    partly: tuple[PartlyWrong, ...]


@dataclass(frozen=True, slots=True)
class DueNow:
    """What is due of one claim to date, before any recovery: minor units, its metric and its share clause."""

    payable: int
    metric: str
    share: str


NOTHING_DUE: Final = DueNow(0, "", "")


def due_now(
    contract: Contract, due: Payable, ids: Sequence[str], recoveries: Sequence[SampleRecovery]
) -> dict[str, DueNow]:
    """Return what is due of every claim that a recovery looks at; a claim of which nothing is due may be missing."""
    wanted = {each.row for recovery in recoveries for each in recovery.unseen}
    wanted |= {each.row for recovery in recoveries for each in recovery.partly}
    if not wanted:
        return {}
    clauses = clauses_of(contract, due.rows)
    return {
        row: DueNow(
            int(due.capped.payable[place]),
            contract.metric_codes[int(due.rows.metric[place])],
            contract.shares[int(clauses[place])].id,
        )
        for place, row in enumerate(ids)
        if row in wanted
    }


def recovery_changes(
    recoveries: Sequence[SampleRecovery],
    now: Mapping[str, DueNow],
    standing: Mapping[str, Standing],
    blank: StatedLine,
    currency: Currency,
) -> tuple[list[Change], list[Change]]:
    """Return what is given back of earlier recoveries, and what is taken back now.

    What is given back comes before a statement's other changes and what is taken back after them, so that no
    running total falls below nothing on the way.
    """
    lines = [line for each in recoveries for line in _due(each, now, blank, currency)]
    named = {line.row for line in lines}
    known = tuple(f"{PREFIX}/{each.statement}/" for each in recoveries)
    for row, stood in standing.items():
        if stood.line.kind is LineKind.RECOVERY and row not in named and row.startswith(known):
            why = "nothing is left to take back here: the claims were put right one by one, or decided anew"
            lines.append(_line(stood.line, blank, 0, why))
    given: list[Change] = []
    taken: list[Change] = []
    for line in lines:
        stands = standing.get(line.row)
        amount = line.payable - (stands.payable if stands else 0)
        if amount:
            change = Change(changed(line, earned=amount, payable=amount), stands, line.payable, is_same_fact=False)
            (given if amount > 0 else taken).append(change)
    return given, taken


def left_to_take(recovery: SampleRecovery, now: Mapping[str, DueNow]) -> int:
    """Return what is taken back for claims that nobody looked at: by the rule, less found, less put right since."""
    put_right = sum(max(each.value - now.get(each.row, NOTHING_DUE).payable, 0) for each in recovery.unseen)
    return max(recovery.by_rule - recovery.found - put_right, 0)


def _due(
    recovery: SampleRecovery, now: Mapping[str, DueNow], blank: StatedLine, currency: Currency
) -> Iterator[StatedLine]:
    """Yield what a recovery comes to today: a line for each claim worth less, and for each metric and share."""
    model = replace(blank, kind=LineKind.RECOVERY, own_period=recovery.period)
    for each in recovery.partly:
        due = now.get(each.row, NOTHING_DUE)
        over = due.payable - each.right_value
        if over > 0:
            row = f"{PREFIX}/{recovery.statement}/found/{each.row}"
            own = replace(model, row=row, metric=due.metric, share=due.share, is_assumed=each.is_assumed)
            right, paid = shown(each.right_value, currency), shown(due.payable, currency)
            yield _line(
                own, blank, -over, f"the sample of statement {recovery.statement} found it worth {right}, not {paid}"
            )
    left = left_to_take(recovery, now)
    if left:
        why = _why(recovery, left, currency)
        for (metric, share), amount, is_assumed in _divided(recovery, left, now):
            row = f"{PREFIX}/{recovery.statement}/extrapolated/{metric}/{share}"
            yield _line(replace(model, row=row, metric=metric, share=share, is_assumed=is_assumed), blank, -amount, why)


def _line(model: StatedLine, blank: StatedLine, amount: int, why: str) -> StatedLine:
    return changed(
        model,
        statement=blank.statement,
        period=blank.period,
        known_on=blank.known_on,
        earned=amount,
        payable=amount,
        shared=blank.shared,
        pays=blank.pays,
        terms=blank.terms,
        kernel=blank.kernel,
        why=why,
        follows=blank.follows,
    )


def _divided(
    recovery: SampleRecovery, left: int, now: Mapping[str, DueNow]
) -> Iterator[tuple[tuple[str, str], int, bool]]:
    """Yield metric and share clause, minor units, and whether a price under them is assumed.

    First between the strata as the sample says, then by what is due of the claims that nobody looked at: no part
    is more than is due there, so that nothing is taken back of what was never paid.
    """
    room: dict[str, dict[tuple[str, str], int]] = {}
    assumed: set[tuple[str, str]] = set()
    for each in recovery.unseen:
        due = now.get(each.row, NOTHING_DUE)
        if amount := min(each.value, due.payable):
            of_stratum = room.setdefault(each.stratum, {})
            key = (due.metric, due.share)
            of_stratum[key] = of_stratum.get(key, 0) + amount
            if each.is_assumed:
                assumed.add(key)
    strata = list(room)
    parts = within(
        left, [recovery.weights.get(name, 0) for name in strata], [sum(room[name].values()) for name in strata]
    )
    sums: dict[tuple[str, str], int] = {}
    for name, part in zip(strata, parts, strict=True):
        own = room[name]
        for key, amount in zip(own, within(part, list(own.values()), list(own.values())), strict=True):
            sums[key] = sums.get(key, 0) + amount
    for key in sorted(sums):
        if sums[key]:
            yield key, sums[key], key in assumed


def _why(recovery: SampleRecovery, left: int, currency: Currency) -> str:
    by_rule, found, rest = (shown(each, currency) for each in (recovery.by_rule, recovery.found, left))
    put_right = recovery.by_rule - recovery.found - left
    since = f", less {shown(put_right, currency)} put right since" if put_right else ""
    rule = str(recovery.rule.value)
    if recovery.rule is Recover.LOWER:
        rule = f"{rule} at {percentage(recovery.confidence)}"
    return (
        f"the sample of statement {recovery.statement}, {rule}: {by_rule} of all its claims is overpaid, less {found}"
        f" found and taken back claim by claim{since}; {rest} in all for claims that nobody looked at"
    )
