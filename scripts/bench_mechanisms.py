"""The benchmark's contract with tiers, a bonus, a cap by person and a cap at a share of outcomes beside its own."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Bonus, Cap, Dimension, OutcomeCap, Overflow, Tariff
from sib_engine.terms.provenance import Provenance, Status
from sib_engine.terms.tiers import CountOver, Tier, Tiers, Volume

_MADE_UP: Final = Provenance(Status.AGREED, "made up for the benchmark")

_SIZED_FOR: Final = 2_500_000
"""People for whom the numbers below are meant; they are scaled to others."""

_FIRST_TIER: Final = 50_000
_SECOND_TIER: Final = 120_000
_BONUS_ABOVE: Final = 30_000
_PERSON_LIMIT: Final = 2_600_00
"""Minor units: about one person in eleven earns more before any cap."""


def with_mechanisms(contract: Contract, n_people: int) -> Contract:
    """Return the contract with every mechanism that counts; its caps by site and metric stay.

    There are three tiers for the first two metrics at each site, a bonus for the last one above a number
    at each site, at most 95 % of each metric's outcomes are paid, and a person has a limit.
    """
    tiered = set(contract.metric_codes[:2])
    sites = frozenset({Dimension.SITE})
    bonus = Bonus(
        "more",
        sites,
        _scaled(_BONUS_ABOVE, n_people),
        None,
        Decimal(150),
        contract.metric_codes[-1:],
        (),
        (),
        None,
        _MADE_UP,
    )
    share = OutcomeCap("share", frozenset({Dimension.METRIC}), Fraction(19, 20), (), (), (), None, _MADE_UP)
    person = Cap("person", frozenset({Dimension.PERSON}), _PERSON_LIMIT, (), (), None, Overflow.LOST, None, _MADE_UP)
    return replace(
        contract,
        tariffs=tuple(_in_tiers(each, n_people) if each.metric in tiered else each for each in contract.tariffs),
        bonuses=(bonus,),
        outcome_caps=(share,),
        caps=(*contract.caps, person),
    )


def _in_tiers(tariff: Tariff, n_people: int) -> Tariff:
    first = tariff.price or Decimal(0)
    steps = (
        Tier(_scaled(_FIRST_TIER, n_people), first),
        Tier(_scaled(_SECOND_TIER, n_people), first + 50),
        Tier(None, first + 80),
    )
    return replace(tariff, tiers=Tiers(steps, Volume.MARGINAL, CountOver.SITE))


def _scaled(number: int, n_people: int) -> int:
    return max(number * n_people // _SIZED_FOR, 1)
