"""How paid claims are verified by a sample: what is drawn, how sure its answer must be, what may be taken back."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from sib_engine.terms.provenance import Provenance

STANDARD: Final = "standard"
"""The risk class of every claim that fits none of the contract's."""


class Recover(StrEnum):
    """What is taken back when a sample shows that too much was paid."""

    FOUND_ONLY = "found only"
    POINT = "point estimate"
    LOWER = "lower bound"


class SampleMethod(StrEnum):
    """How claims are drawn within a stratum."""

    SIMPLE = "simple random"
    BY_VALUE = "proportional to value"


class StratifiedBy(StrEnum):
    """What claims are told apart by before they are drawn."""

    METRIC = "metric"
    SITE = "site"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class RiskClass:
    """Claims that are looked at more closely: those for which every condition given holds.

    ``metrics`` and ``sites`` are open where empty. ``evidence`` holds where a claim rests on no document of
    another kind, ``value_from`` from so many minor units on, ``recorded_after_days`` where the outcome was
    recorded more than so many days after it was achieved. ``share`` is the least part that is checked.
    """

    name: str
    metrics: tuple[str, ...]
    sites: tuple[str, ...]
    evidence: tuple[str, ...]
    value_from: int | None
    recorded_after_days: int | None
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Verification:
    """The terms of a verification sample, from a day on.

    ``confidence`` is that of each bound by itself. ``share`` and ``at_least`` are the least that is checked of
    each stratum, ``None`` where nothing is agreed. A claim belongs to the first class of ``risk`` that it fits.
    """

    id: str
    starts_on: date
    confidence: Fraction
    recover: Recover
    method: SampleMethod
    strata: tuple[StratifiedBy, ...]
    share: Fraction | None
    at_least: int | None
    risk: tuple[RiskClass, ...]
    amendment: str | None
    provenance: Provenance


def in_force_on(clauses: tuple[Verification, ...], day: date) -> Verification | None:
    """Return the clause whose terms hold on a day; None where there is none yet, and nothing is extrapolated."""
    begun = [clause for clause in clauses if clause.starts_on <= day]
    return max(begun, key=lambda clause: clause.starts_on, default=None)
