"""Over which days each clause that counts outcomes or money holds; counting goes on from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sib_engine.terms.contract import Contract
from sib_engine.terms.ended import Counting
from sib_engine.terms.money_clauses import Bonus, Cap, Minimum, OutcomeCap
from sib_engine.terms.volume import VolumeMaximum

C = TypeVar("C", bound=Counting)


@dataclass(frozen=True, slots=True)
class Held(Generic[C]):
    """A clause that judges outcomes from ``starts_on`` (None: from the first) to the day before ``ends_before``.

    An outcome without a date is judged by what holds last. Outcomes before ``starts_on`` are counted by the
    clause and not judged: they use up what it allows.
    """

    clause: C
    starts_on: date | None = None
    ends_before: date | None = None

    @property
    def is_always(self) -> bool:
        """Whether the clause judges every outcome."""
        return self.starts_on is None and self.ends_before is None

    @property
    def words(self) -> str:
        """The days in words, to stand behind what the clause says; blank where it always holds."""
        begins = "" if self.starts_on is None else f" from {self.starts_on}"
        ends = "" if self.ends_before is None else f" before {self.ends_before}"
        return "" if self.is_always else f", for outcomes{begins}{' and' if begins and ends else ''}{ends}"


def bonuses_held(contract: Contract) -> tuple[Held[Bonus], ...]:
    """Return the bonuses in force, and those replaced that hold for the days before, in the order of the file."""
    return _held(contract, contract.bonuses, Bonus)


def caps_held(contract: Contract) -> tuple[Held[Cap], ...]:
    """Return the same of caps on money."""
    return _held(contract, contract.caps, Cap)


def outcome_caps_held(contract: Contract) -> tuple[Held[OutcomeCap], ...]:
    """Return the same of caps at a share of outcomes."""
    return _held(contract, contract.outcome_caps, OutcomeCap)


def minimums_held(contract: Contract) -> tuple[Held[Minimum], ...]:
    """Return the same of minimums."""
    return _held(contract, contract.minimums, Minimum)


def volumes_held(contract: Contract) -> tuple[Held[VolumeMaximum], ...]:
    """Return the same of maxima of outcomes."""
    return _held(contract, contract.volumes, VolumeMaximum)


def _held(contract: Contract, standing: Sequence[C], kind: type[C]) -> tuple[Held[C], ...]:
    begins = {each.id: each.effective_from for each in contract.amendments if each.effective_from > contract.start}

    def held(clause: C, ends_before: date | None) -> Held[C]:
        return Held(clause, begins.get(clause.amendment or ""), ends_before)

    found = [held(clause, None) for clause in standing]
    for each in contract.ended:
        if isinstance(each.clause, kind):
            found.insert(each.place, held(each.clause, each.ends_before))
    return tuple(found)
