"""The clauses of a contract by the table of the file that they stand in."""

from typing import TypeAlias

from sib_engine.terms.contract import Contract
from sib_engine.terms.indexes import Index
from sib_engine.terms.metric import Band
from sib_engine.terms.money_clauses import Bonus, Cap, Grant, Share, Tariff
from sib_engine.terms.party import Party
from sib_engine.terms.schedule import Amendment, Commitment, Plan, Target

Amendable: TypeAlias = Tariff | Bonus | Cap | Share | Grant | Target
Listed: TypeAlias = Party | Band | Amendable | Plan | Commitment | Amendment | Index


def amendable_clauses(contract: Contract) -> dict[str, tuple[Amendable, ...]]:
    """Return the clauses that an amendment can bring or replace, by table."""
    return {
        "tariff": contract.tariffs,
        "bonus": contract.bonuses,
        "cap": contract.caps,
        "share": contract.shares,
        "grant": contract.grants,
        "target": contract.targets,
    }


def listed_clauses(contract: Contract) -> dict[str, tuple[Listed, ...]]:
    """Return every clause that stands in a ``[[table]]`` of the file, by table, in the order of contracts/README.md."""
    return {
        "party": contract.parties,
        "band": contract.bands,
        **amendable_clauses(contract),
        "plan": contract.plans,
        "commitment": contract.commitments,
        "amendment": contract.amendments,
        "index": contract.indexes,
    }


LISTED_TABLES = (
    "party",
    "band",
    "tariff",
    "bonus",
    "cap",
    "share",
    "grant",
    "target",
    "plan",
    "commitment",
    "amendment",
    "index",
)
"""The tables of :func:`listed_clauses`, for a file that is no contract yet."""
