"""The contract as amended: which clauses are in force on a day."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Protocol, TypeVar

from sib_engine.terms.contract import Contract


class _Amendable(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def amendment(self) -> str | None: ...


C = TypeVar("C", bound=_Amendable)


def in_force(contract: Contract, on: date) -> Contract:
    """Return the contract with the amendments that have taken effect by a day, and without the later ones.

    Volumes, bonuses, caps, targets and grants brought by an amendment begin, and those it replaces end, on its
    ``effective_from``. Tariffs and shares brought by an amendment begin then too; those it replaces
    stay, because they still price what was achieved before: they carry dates of their own.

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
        volumes=_standing(contract.volumes, taken, ended),
        bonuses=_standing(contract.bonuses, taken, ended),
        caps=_standing(contract.caps, taken, ended),
        grants=_standing(contract.grants, taken, ended),
        targets=_standing(contract.targets, taken, ended),
    )


def states(contract: Contract) -> tuple[Contract, ...]:
    """Return the contract as it stands on its first day and after each later amendment, in order of time."""
    days = {contract.start} | {max(amendment.effective_from, contract.start) for amendment in contract.amendments}
    return tuple(in_force(contract, day) for day in sorted(days))


def _begun(clauses: tuple[C, ...], taken: Collection[str]) -> tuple[C, ...]:
    return tuple(clause for clause in clauses if clause.amendment is None or clause.amendment in taken)


def _standing(clauses: tuple[C, ...], taken: Collection[str], ended: Collection[str]) -> tuple[C, ...]:
    return tuple(clause for clause in _begun(clauses, taken) if clause.id not in ended)
