"""Clauses about outcomes of single people that name what is measured of a cohort, which they cannot act on."""

from collections.abc import Iterator, Sequence
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Measured
from sib_engine.terms.money_clauses import Dimension

_OF_PEOPLE: Final = "metrics that people achieve; a [[scale]] prices a result"
_PEOPLE_ONLY: Final = "metrics that people achieve"


def check_kinds(contract: Contract) -> Iterator[Finding]:
    """Yield scales of what is not measured, and tariffs and bonuses of what is."""
    measured = _measured(contract)
    for scale in contract.scales:
        if scale.metric in contract.metric_codes and scale.metric not in measured:
            what = f"metric {scale.metric!r} is not measured"
            accepted = 'a metric with measured = "...", or a [[tariff]]'
            yield error("scale-on-unmeasured", what, accepted, Location(key=f"scale[{scale.id}].metric"))
    for tariff in contract.tariffs:
        for code in _named(measured, [tariff.metric]):
            at = Location(key=f"tariff[{tariff.id}].metric")
            yield error("tariff-on-measured", _no_outcome(code), _OF_PEOPLE, at)
    for bonus in contract.bonuses:
        for code in _named(measured, bonus.metrics):
            at = Location(key=f"bonus[{bonus.id}].metrics")
            yield error("bonus-on-measured", _no_outcome(code), _OF_PEOPLE, at)


def check_depends_on_people(contract: Contract) -> Iterator[Finding]:
    """Yield bands and metrics that ask of single people what is measured of a cohort."""
    measured = _measured(contract)
    for band in contract.bands:
        for code in _named(measured, band.metrics):
            yield error("measured-in-band", _no_outcome(code), _OF_PEOPLE, Location(key=f"band[{band.id}].metrics"))
    for metric in contract.metrics:
        for code in _named(measured, metric.requires):
            at = Location(key=f"metric.{metric.code}.requires")
            yield error("requires-measured", _no_outcome(code), _OF_PEOPLE, at)


def check_counts(contract: Contract) -> Iterator[Finding]:
    """Yield maxima, guarantees and targets of a measured metric, of which nobody can say what they would count."""
    measured = _measured(contract)
    for volume in contract.volumes:
        for code in _named(measured, [volume.metric]):
            at = Location(key=f"volume[{volume.id}].metric")
            yield error("volume-on-measured", _no_outcome(code), _OF_PEOPLE, at)
    for guarantee in contract.guarantees:
        for code in _named(measured, [guarantee.metric]):
            at = Location(key=f"guarantee[{guarantee.id}].metric")
            yield error("guarantee-on-measured", _no_outcome(code), _OF_PEOPLE, at)
    for target in contract.targets:
        for code in _named(measured, [target.metric]):
            what = f"{_no_outcome(code)}: nobody can say whether the target counts results, units or people"
            at = Location(key=f"target[{target.id}].metric")
            yield error("target-on-measured", what, _OF_PEOPLE, at)


def check_limits(contract: Contract) -> Iterator[Finding]:
    """Yield limits by person, minimums and shares of outcomes that name a measured metric."""
    measured = _measured(contract)
    for cap in contract.caps:
        if Dimension.PERSON in cap.on:
            for code in _named(measured, cap.metrics):
                at = Location(key=f"cap[{cap.id}].metrics")
                yield error("person-cap-on-measured", _no_outcome(code), _PEOPLE_ONLY, at)
    for minimum in contract.minimums:
        for key, codes in (("metrics", minimum.metrics), ("of", minimum.of)):
            for code in _named(measured, codes):
                at = Location(key=f"minimum[{minimum.id}].{key}")
                yield error("minimum-on-measured", _no_outcome(code), _PEOPLE_ONLY, at)
    for share_cap in contract.outcome_caps:
        for key, codes in (("metrics", share_cap.metrics), ("of", share_cap.of)):
            for code in _named(measured, codes):
                at = Location(key=f"cap[{share_cap.id}].{key}")
                accepted = "metrics that people achieve; a cap with a limit in money"
                yield error("share-cap-on-measured", _no_outcome(code), accepted, at)


def check_all_metrics(contract: Contract) -> Iterator[Finding]:
    """Yield minimums and shares of outcomes over all metrics, where a result counts as if people had achieved it."""
    measured = _measured(contract)
    if not measured:
        return
    over_all = [("minimum", each.id) for each in contract.minimums if not each.metrics]
    over_all += [("cap", each.id) for each in contract.outcome_caps if not each.metrics]
    for table, name in over_all:
        what = (
            f"{table} {name!r} is over all metrics, and counts each measured result of {', '.join(measured)} as so many"
            " outcomes as its row does"
        )
        accepted = "metrics that people achieve, by name"
        yield warning("results-counted-as-outcomes", what, accepted, Location(key=f"{table}[{name}]"))


def _measured(contract: Contract) -> tuple[str, ...]:
    """Return the codes of the metrics that are measured of a cohort."""
    return tuple(metric.code for metric in contract.metrics if isinstance(metric.rule, Measured))


def _no_outcome(code: str) -> str:
    """Return in words why a metric is not for a clause that counts people's outcomes."""
    return f"metric {code!r} is a measured result, not an outcome of single people"


def _named(measured: Sequence[str], codes: Sequence[str]) -> list[str]:
    return [code for code in measured if code in codes]
