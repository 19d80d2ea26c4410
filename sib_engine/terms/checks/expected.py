"""What the targets of one case come to: in outcomes, and at the least in money."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sib_engine.terms.checks.cap_scopes import Scoped, covered_metrics, covered_sites
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Bonus, Dimension, Tariff
from sib_engine.terms.schedule import Case, Target
from sib_engine.terms.tiers import CountOver, Volume


def whole_contract_targets(contract: Contract, scope: Scoped, case: Case) -> list[Target]:
    """Return the targets of a case that a clause covers: of a metric and site, those for the whole contract if any."""
    return _whole(contract, covered_metrics(contract, scope), covered_sites(contract, scope), case)


def most_expected(contract: Contract, metrics: Collection[str], *, by_site: bool = False) -> int | None:
    """Return how many outcomes of some metrics the highest targets come to, or None where one has no target.

    Args:
        contract: Terms in force.
        metrics: Codes of metrics that are counted together.
        by_site: At the site with the most; a target for no site in particular may all fall to one.
    """
    found: list[int] = []
    places = frozenset({*contract.site_codes, None})
    for case in Case:
        targets = _whole(contract, frozenset(metrics), places, case)
        if {target.metric for target in targets} != set(metrics):
            continue
        per_site = [
            sum(target.count for target in targets if target.site in {site, None})
            for site in contract.site_codes or (None,)
        ]
        found.append(max(per_site) if by_site else sum(target.count for target in targets))
    return max(found, default=None)


@dataclass(frozen=True, slots=True)
class Earned:
    """What targets earn at least, in minor units, and how many outcomes they are."""

    exact: Fraction
    n_outcomes: int

    @classmethod
    def of(cls, contract: Contract, targets: list[Target], *, is_all: bool = True) -> "Earned":
        """Return what targets earn at least at the prices of the first day, or of their period.

        Args:
            contract: Terms in force.
            targets: Targets of one case.
            is_all: Nothing else is counted with them, so that their tiers and bonuses are known; else each
                outcome is taken at the lowest price of any tier, and without a bonus.
        """
        earned = sum((_least_of_metric(contract, metric, targets, is_all) for metric in _metrics(targets)), Decimal(0))
        if is_all:
            earned += sum((_bonus_earned(contract, bonus, targets) for bonus in contract.bonuses), Decimal(0))
        minor = earned.scaleb(contract.currency.places)
        return cls(Fraction(minor), sum(target.count for target in targets))


def _whole(contract: Contract, metrics: frozenset[str], sites: frozenset[str | None], case: Case) -> list[Target]:
    listed = [
        target
        for target in contract.targets
        if target.case is case and target.metric in metrics and (target.site in sites or target.site is None)
    ]
    whole = {(target.metric, target.site) for target in listed if target.period is None}
    return [target for target in listed if target.period is None or (target.metric, target.site) not in whole]


def _metrics(targets: list[Target]) -> list[str]:
    return list(dict.fromkeys(target.metric for target in targets))


def _least_of_metric(contract: Contract, metric: str, targets: list[Target], is_all: bool) -> Decimal:  # noqa: FBT001 - passed on
    """Return what the targets of one metric earn at least; 0 where a price is unknown."""
    own = [target for target in targets if target.metric == metric]
    total = Decimal(0)
    for target in own:
        tariffs = _in_force(contract, target)
        if not tariffs or any(tariff.price is None for tariff in tariffs):
            continue
        n_together = sum(each.count for each in own) if is_all else 0
        total += min(_share_of_total(tariff, target.count, n_together) for tariff in tariffs)
    return total


def _in_force(contract: Contract, target: Target) -> list[Tariff]:
    """Return the tariffs that may price a target: of the first day, or of any day of its period."""
    first, last = period_days(contract, target) or (contract.start, contract.start)
    begun = [
        tariff
        for tariff in contract.tariffs
        if tariff.metric == target.metric
        and tariff.starts_on <= last
        and (target.site is None or not tariff.sites or target.site in tariff.sites)
    ]
    return [tariff for tariff in begun if not any(_follows(other, tariff, first) for other in begun)]


def period_days(contract: Contract, target: Target) -> tuple[date, date] | None:
    """Return the first and last day of a target's period; None for one of the whole contract, or of no period."""
    if target.period is None:
        return None
    try:
        period = contract.periods.find(target.period)
    except (ValueError, OverflowError):
        return None
    return period.start, period.end


def _follows(other: Tariff, tariff: Tariff, day: date) -> bool:
    """Return whether another tariff for the same outcomes had taken a tariff's place by a day."""
    is_same = (other.sites, other.groups, other.quick) == (tariff.sites, tariff.groups, tariff.quick)
    return is_same and tariff.starts_on < other.starts_on <= day


def _share_of_total(tariff: Tariff, count: int, n_together: int) -> Decimal:
    """Return what ``count`` of ``n_together`` outcomes earn, as their even part of what all earn in their tiers.

    Where nobody can tell how many are counted together (``n_together`` is 0), each is taken at the lowest price.
    """
    tiers = tariff.tiers
    if tiers is None:
        return (tariff.price or Decimal(0)) * count
    if tiers.over is not CountOver.METRIC or not n_together:
        return min(step.price for step in tiers.steps) * count
    if tiers.volume is Volume.WHOLE:
        return next(step.price for step in tiers.steps if step.up_to is None or n_together <= step.up_to) * count
    total, before = Decimal(0), 0
    for step in tiers.steps:
        end = n_together if step.up_to is None else min(step.up_to, n_together)
        total += step.price * (end - before)
        before = end
    return total * count / n_together


def _bonus_earned(contract: Contract, bonus: Bonus, targets: list[Target]) -> Decimal:
    """Return what a bonus over the contract or a metric pays at the targets; 0 where it is counted otherwise."""
    if bonus.sites or bonus.groups or not bonus.on <= {Dimension.CONTRACT, Dimension.METRIC}:
        return Decimal(0)
    counts = {
        metric: sum(target.count for target in targets if target.metric == metric)
        for metric in _metrics(targets)
        if metric in covered_metrics(contract, bonus)
    }
    together = counts.values() if Dimension.METRIC in bonus.on else [sum(counts.values())]
    most = [min(count, bonus.up_to or count) - bonus.above for count in together]
    return sum((max(0, number) * bonus.price for number in most), Decimal(0))
