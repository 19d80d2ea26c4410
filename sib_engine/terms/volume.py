"""Volumes: how many outcomes of a metric a contract counts at most."""

from dataclasses import dataclass
from typing import Final

from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.provenance import Provenance

VOLUME_DIMENSIONS: Final = (Dimension.CONTRACT, Dimension.SITE, Dimension.PERIOD)
"""What a maximum can be counted over; how often one person counts is a term of the metric."""


@dataclass(frozen=True, slots=True)
class VolumeMaximum:
    """Only the first ``maximum`` outcomes of a metric count, over ``on``: at each site, say, or in each period.

    Outcomes that require those beyond it do not count either, so that a maximum of referrals is one
    of people.
    """

    id: str
    metric: str
    on: frozenset[Dimension]
    maximum: int
    amendment: str | None
    provenance: Provenance
