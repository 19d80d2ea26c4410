"""The contract as amended: which clauses are in force on a day."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from sib_engine.terms.contract import Contract
from sib_engine.terms.scheduled import Fee, Guarantee


class _Amendable(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def amendment(self) -> str | None: ...


C = TypeVar("C", bound=_Amendable)
S = TypeVar("S", Fee, Guarantee)


def in_force(contract: Contract, on: date) -> Contract:
    """Return the contract with the amendments that have taken effect by a day, and without the later ones.

    Bonuses, caps, targets, grants and terms of termination brought by an amendment begin, and those it
    replaces end, on its ``effective_from``. Tariffs, shares, fees and guarantees brought by an amendment
    begin then too. Tariffs and shares that it replaces stay, because they still price what was achieved
    before: they carry dates of their own. Fees and guarantees that it replaces stay for what fell due
    before: their last day is the one before. An amendment that terminates the contract early does so once
    it has taken effect.

    The result keeps the digest: it is a view of the same terms, not another contract.
    """
    taken = frozenset(amendment.id for amendment in contract.amendments if amendment.effective_from <= on)
    ended = frozenset(
        clause for amendment in contract.amendments if amendment.id in taken for clause in amendment.replaces
    )
    return replace(
        contract,
        tariffs=_begun(contract.tariffs, taken),
        shares=_begun(contract.shares, taken),
        bonuses=_standing(contract.bonuses, taken, ended),
        caps=_standing(contract.caps, taken, ended),
        grants=_standing(contract.grants, taken, ended),
        fees=_shortened(contract.fees, taken, contract),
        guarantees=_shortened(contract.guarantees, taken, contract),
        terminations=_standing(contract.terminations, taken, ended),
        targets=_standing(contract.targets, taken, ended),
        terminated_on=_terminated_on(contract, taken),
    )


def states(contract: Contract) -> tuple[Contract, ...]:
    """Return the contract as it stands on its first day and after each later amendment, in order of time."""
    days = {contract.start} | {max(amendment.effective_from, contract.start) for amendment in contract.amendments}
    return tuple(in_force(contract, day) for day in sorted(days))


def _begun(clauses: tuple[C, ...], taken: Collection[str]) -> tuple[C, ...]:
    return tuple(clause for clause in clauses if clause.amendment is None or clause.amendment in taken)


def _standing(clauses: tuple[C, ...], taken: Collection[str], ended: Collection[str]) -> tuple[C, ...]:
    return tuple(clause for clause in _begun(clauses, taken) if clause.id not in ended)


def _shortened(clauses: tuple[S, ...], taken: Collection[str], contract: Contract) -> tuple[S, ...]:
    """Return the clauses that have begun, each with its last day where an amendment has ended it."""
    last_days = {
        clause: amendment.effective_from - timedelta(days=1)
        for amendment in contract.amendments
        if amendment.id in taken
        for clause in amendment.replaces
    }
    return tuple(
        replace(clause, last_on=last_days[clause.id]) if clause.id in last_days else clause
        for clause in _begun(clauses, taken)
    )


def _terminated_on(contract: Contract, taken: Collection[str]) -> date | None:
    """Return the day of termination: that of the latest amendment which names one, else the contract's own."""
    named = [each for each in contract.amendments if each.id in taken and each.terminated_on is not None]
    last = max(named, key=lambda each: each.effective_from, default=None)
    return contract.terminated_on if last is None else last.terminated_on
