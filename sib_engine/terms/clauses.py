"""The clauses of a contract by the table of the file that they stand in."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from sib_engine.terms.contract import Contract, EligibilityTerms
from sib_engine.terms.ended import Counting
from sib_engine.terms.indexes import Index
from sib_engine.terms.metric import Band
from sib_engine.terms.metric_terms import MetricTerms
from sib_engine.terms.money_clauses import Bonus, Cap, Grant, Minimum, OutcomeCap, Share, Tariff
from sib_engine.terms.party import Party
from sib_engine.terms.scale import Scale
from sib_engine.terms.schedule import Amendment, Commitment, Plan, Target
from sib_engine.terms.scheduled import Fee, Guarantee, Termination
from sib_engine.terms.verification import Verification
from sib_engine.terms.volume import VolumeMaximum

Amendable: TypeAlias = (
    VolumeMaximum
    | Tariff
    | Scale
    | Bonus
    | Cap
    | OutcomeCap
    | Minimum
    | Share
    | Grant
    | Fee
    | Guarantee
    | Termination
    | Target
    | Verification
)
Listed: TypeAlias = Party | Band | MetricTerms | EligibilityTerms | Amendable | Plan | Commitment | Amendment | Index

TABLE_OF_ENDED: Final[Mapping[type[Counting], str]] = {
    VolumeMaximum: "volume",
    Bonus: "bonus",
    Cap: "cap",
    OutcomeCap: "cap",
    Minimum: "minimum",
}
"""The table of the file of each kind of clause that holds for what came before it was replaced."""


def amendable_clauses(contract: Contract) -> dict[str, tuple[Amendable, ...]]:
    """Return the clauses that an amendment can replace, by table; changed terms hold until they are changed again."""
    return {
        "volume": contract.volumes,
        "tariff": contract.tariffs,
        "scale": contract.scales,
        "bonus": contract.bonuses,
        "cap": (*contract.caps, *contract.outcome_caps),
        "minimum": contract.minimums,
        "share": contract.shares,
        "grant": contract.grants,
        "fee": contract.fees,
        "guarantee": contract.guarantees,
        "termination": contract.terminations,
        "target": contract.targets,
        "verification": contract.verifications,
    }


def listed_clauses(contract: Contract) -> dict[str, tuple[Listed, ...]]:
    """Return every clause that stands in a ``[[table]]`` of the file, by table, in the order of contracts/README.md."""
    return {
        "party": contract.parties,
        "band": contract.bands,
        "metric_terms": contract.metric_terms,
        "eligibility_terms": contract.eligibility_terms,
        **amendable_clauses(contract),
        "plan": contract.plans,
        "commitment": contract.commitments,
        "amendment": contract.amendments,
        "index": contract.indexes,
    }


LISTED_TABLES = (
    "party",
    "band",
    "metric_terms",
    "eligibility_terms",
    "volume",
    "tariff",
    "scale",
    "bonus",
    "cap",
    "minimum",
    "share",
    "grant",
    "fee",
    "guarantee",
    "termination",
    "target",
    "verification",
    "plan",
    "commitment",
    "amendment",
    "index",
)
"""The tables of :func:`listed_clauses`, for a file that is no contract yet."""
