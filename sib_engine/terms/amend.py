"""The contract as amended: which clauses are in force on a day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from sib_engine.terms.contract import Contract
from sib_engine.terms.ended import Counting, Ended
from sib_engine.terms.money_clauses import Grant
from sib_engine.terms.schedule import Amendment
from sib_engine.terms.scheduled import Fee, Guarantee


class _Amendable(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def amendment(self) -> str | None: ...


C = TypeVar("C", bound=_Amendable)
S = TypeVar("S", Fee, Guarantee)


def in_force(contract: Contract, on: date, *, signed_by: date | None = None) -> Contract:
    """Return the contract with the amendments that have taken effect by a day, and without the later ones.

    With ``signed_by`` an amendment that was signed only after that day is left out too: what was known then
    did not hold it, even where it reaches back.

    What an amendment brings begins, and what it replaces ends, on its ``effective_from``. Tariffs, scales, shares
    and terms of verification that it replaces stay, because they still hold for what came before: they carry dates
    of their own. Volumes, bonuses, caps and minimums that it replaces are put into ``ended``, as they hold for
    outcomes of the days before (:mod:`sib_engine.terms.held`). Fees, guarantees and grants that it replaces stay for
    what fell due before: the last day of fees and guarantees is the one before. Targets and terms of termination
    that it replaces are gone. An amendment that terminates the contract early does so once it has taken effect.

    Changed terms of metrics and of eligibility begin with their amendment, and carry dates of their own.
    ``end`` and ``claims_close`` are those of the last amendment to take effect that changes them.

    The result keeps the digest: it is a view of the same terms, not another contract. Views are made of
    the contract as it was loaded, not of another view, whose days are changed already.
    """
    taken = frozenset(
        amendment.id
        for amendment in contract.amendments
        if amendment.effective_from <= on and (signed_by is None or amendment.signed_on <= signed_by)
    )
    ended = _ended_on(contract, taken)
    end, claims_close = _last_days(contract, taken)
    return replace(
        contract,
        end=end,
        claims_close=claims_close,
        metric_terms=_begun(contract.metric_terms, taken),
        eligibility_terms=_begun(contract.eligibility_terms, taken),
        tariffs=_begun(contract.tariffs, taken),
        scales=_begun(contract.scales, taken),
        shares=_begun(contract.shares, taken),
        volumes=_standing(contract.volumes, taken, ended),
        bonuses=_standing(contract.bonuses, taken, ended),
        caps=_standing(contract.caps, taken, ended),
        outcome_caps=_standing(contract.outcome_caps, taken, ended),
        minimums=_standing(contract.minimums, taken, ended),
        grants=_due_before(contract.grants, taken, ended),
        fees=_shortened(contract.fees, taken, ended),
        guarantees=_shortened(contract.guarantees, taken, ended),
        terminations=_standing(contract.terminations, taken, ended),
        targets=_standing(contract.targets, taken, ended),
        verifications=_begun(contract.verifications, taken),
        terminated_on=_terminated_on(contract, taken),
        ended=tuple(_ended(contract, taken, ended)),
    )


def states(contract: Contract) -> tuple[Contract, ...]:
    """Return the contract as it stands on its first day and after each later amendment, in order of time."""
    days = {contract.start} | {max(amendment.effective_from, contract.start) for amendment in contract.amendments}
    return tuple(in_force(contract, day) for day in sorted(days))


def at_last(contract: Contract) -> Contract:
    """Return the contract with every amendment that takes effect by its last day for claims, as they leave that day."""
    day = contract.claims_close
    view = in_force(contract, day)
    while view.claims_close > day:
        day = view.claims_close
        view = in_force(contract, day)
    return view


def extension_to(contract: Contract, day: date) -> Amendment | None:
    """Return the first amendment under which a day lies in the contract; None where it did from the beginning."""
    if day <= contract.end:
        return None
    ordered = sorted(contract.amendments, key=lambda each: each.effective_from)
    return next((each for each in ordered if each.contract and each.contract.end and each.contract.end >= day), None)


def _last_days(contract: Contract, taken: Collection[str]) -> tuple[date, date]:
    """Return last day and last day for claims as amendments leave them."""
    end, claims_close = contract.end, contract.claims_close
    for amendment in sorted(contract.amendments, key=lambda each: each.effective_from):
        if amendment.id in taken and amendment.contract is not None:
            end = amendment.contract.end or end
            claims_close = amendment.contract.claims_close or claims_close
    return end, claims_close


def _begun(clauses: tuple[C, ...], taken: Collection[str]) -> tuple[C, ...]:
    return tuple(clause for clause in clauses if clause.amendment is None or clause.amendment in taken)


def _standing(clauses: tuple[C, ...], taken: Collection[str], ended: Collection[str]) -> tuple[C, ...]:
    return tuple(clause for clause in _begun(clauses, taken) if clause.id not in ended)


def _ended_on(contract: Contract, taken: Collection[str]) -> dict[str, date]:
    """Return the first day on which each replaced clause no longer holds, by its id."""
    found: dict[str, date] = {}
    for amendment in contract.amendments:
        if amendment.id in taken:
            for clause in amendment.replaces:
                found[clause] = min(amendment.effective_from, found.get(clause, date.max))
    return found


def _ended(contract: Contract, taken: Collection[str], ended: Mapping[str, date]) -> Iterator[Ended]:
    """Yield the replaced clauses that hold for what came before, in the order of the file for each kind."""
    kinds: tuple[Sequence[Counting], ...] = (
        _begun(contract.volumes, taken),
        _begun(contract.bonuses, taken),
        _begun(contract.caps, taken),
        _begun(contract.outcome_caps, taken),
        _begun(contract.minimums, taken),
    )
    for clauses in kinds:
        for place, clause in enumerate(clauses):
            if clause.id in ended:
                yield Ended(clause, ended[clause.id], place)


def _due_before(grants: tuple[Grant, ...], taken: Collection[str], ended: Mapping[str, date]) -> tuple[Grant, ...]:
    """Return the grants that have begun, without those replaced by their last day, on which they would be due."""
    return tuple(each for each in _begun(grants, taken) if each.id not in ended or each.ends_on < ended[each.id])


def _shortened(clauses: tuple[S, ...], taken: Collection[str], ended: Mapping[str, date]) -> tuple[S, ...]:
    """Return the clauses that have begun, each with its last day where an amendment has ended it."""
    return tuple(
        replace(clause, last_on=ended[clause.id] - timedelta(days=1)) if clause.id in ended else clause
        for clause in _begun(clauses, taken)
    )


def _terminated_on(contract: Contract, taken: Collection[str]) -> date | None:
    """Return the day of termination: that of the latest amendment which names one, else the contract's own."""
    named = [each for each in contract.amendments if each.id in taken and each.terminated_on is not None]
    last = max(named, key=lambda each: each.effective_from, default=None)
    return contract.terminated_on if last is None else last.terminated_on
