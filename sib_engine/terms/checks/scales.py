"""Scales: on every day one for each measured metric and site, with points that its results can reach."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.prerequisites import circles
from sib_engine.terms.checks.prices import dated_outside
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Measure
from sib_engine.terms.scale import Scale

_WHOLE: Final = Fraction(1)
_PARTS: Final = frozenset({Measure.RATE, Measure.REDUCTION})


def check_measured_have_scales(contract: Contract) -> Iterator[Finding]:
    """Yield measured metrics without a scale, or with none on the contract's first day.

    Nothing is said while a scale names an unknown metric: it may be the one that is missed.
    """
    if any(scale.metric not in contract.metric_codes for scale in contract.scales):
        return
    for code in _measured(contract):
        scales = [scale for scale in contract.scales if scale.metric == code]
        at = Location(key=f"metric.{code}")
        if not scales:
            yield error("metric-without-scale", f"measured metric {code!r} has no scale", "a [[scale]] for it", at)
            continue
        gaps = [site for site in contract.site_codes or (None,) if _is_gap(contract, scales, site)]
        if gaps:
            where = "" if len(gaps) == len(contract.site_codes or (None,)) else f" for site {', '.join(map(str, gaps))}"
            what = f"metric {code!r} has no scale{where} on {contract.start}, the contract's first day"
            if all(_is_brought_later(scales, site) for site in gaps):
                yield warning("scale-gap", f"{what}, before an amendment brings one", "one from the first day", at)
            else:
                yield error("scale-gap", what, f"a scale from {contract.start} or earlier", at)


def check_two_scales(contract: Contract) -> Iterator[Finding]:
    """Yield each scale that starts on the day of another for the same metric and site."""
    first: dict[tuple[str, str | None, date], str] = {}
    for scale in contract.scales:
        for metric, site in cells(scale):
            other = first.setdefault((metric, site, scale.starts_on), scale.id)
            if other != scale.id:
                what = f"scale {other!r} prices {scale.metric!r} from {scale.starts_on} too"
                accepted = "one scale for a metric and site from any day"
                yield error("two-scales", what, accepted, Location(key=f"scale[{scale.id}]"))
                break


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield scales dated outside the contract."""
    for scale in contract.scales:
        yield from dated_outside(contract, scale, f"scale[{scale.id}].from")


def check_points_suit(contract: Contract) -> Iterator[Finding]:
    """Yield points that no result of the metric can mean, and prices of what has no units."""
    measured = _measured(contract)
    for scale in contract.scales:
        measure = measured.get(scale.metric)
        if measure is None:
            continue
        at = Location(key=f"scale[{scale.id}].points")
        if scale.price is not None and measure is not Measure.UNITS_AVOIDED:
            what = f"a price for each unit, and {scale.metric!r} is a {measure}"
            accepted = 'points; a price only where measured = "units avoided"'
            yield error("price-without-units", what, accepted, Location(key=f"scale[{scale.id}].price"))
        if measure in _PARTS and any(
            point.at > _WHOLE or (point.at == _WHOLE and point.is_above) for point in scale.points
        ):
            what = f"a {measure} is never above 100%, and a point lies beyond"
            yield error("point-never-reached", what, 'percentages such as "8.5%", or parts such as 0.085', at)
        if measure not in _PARTS and any(point.in_percent for point in scale.points):
            what = f"a point is a percentage, and {scale.metric!r} is a number ({measure})"
            yield error("point-in-percent", what, "plain numbers such as 1.4", at)


def check_falls(contract: Contract) -> Iterator[Finding]:
    """Yield scales on which a better result pays less."""
    for scale in contract.scales:
        pays = [point.pays for point in scale.points]
        if pays != sorted(pays):
            what = "a point pays less than the one before: a better result would be paid less"
            at = Location(key=f"scale[{scale.id}].points")
            yield warning("scale-falls", what, "points that pay no less than those before", at)


def check_unless(contract: Contract) -> Iterator[Finding]:
    """Yield scales that pay unless another metric does which is not measured, or which waits for them in turn."""
    measured = _measured(contract)
    waits_for: dict[str, set[str]] = {code: set() for code in measured}
    for scale in contract.scales:
        if scale.metric in measured:
            waits_for[scale.metric] |= set(scale.unless) & measured.keys() - {scale.metric}
    in_circle = {code for circle in circles(waits_for) for code in circle}
    for scale in contract.scales:
        at = Location(key=f"scale[{scale.id}].unless")
        for code in scale.unless:
            if code in contract.metric_codes and code not in measured:
                what = f"metric {code!r} is not measured, so no scale pays for it"
                yield error("unless-unmeasured", what, 'metrics with measured = "..."', at)
        if scale.metric in scale.unless or (scale.metric in in_circle and in_circle & set(scale.unless)):
            what = f"whether {scale.metric!r} is paid depends on whether it is paid"
            yield error("unless-circle", what, "metrics whose own scales do not name this one in turn", at)


def cells(scale: Scale) -> Iterator[tuple[str, str | None]]:
    """Yield each metric and site that a scale prices; None stands for all sites."""
    for site in scale.sites or (None,):
        yield scale.metric, site


def _measured(contract: Contract) -> dict[str, Measure]:
    return {
        code: rule.what for code, rule in zip(contract.metric_codes, contract.measured, strict=True) if rule is not None
    }


def _applicable(scales: list[Scale], site: str | None) -> list[Scale]:
    return [scale for scale in scales if site is None or not scale.sites or site in scale.sites]


def _is_gap(contract: Contract, scales: list[Scale], site: str | None) -> bool:
    return all(scale.starts_on > contract.start for scale in _applicable(scales, site))


def _is_brought_later(scales: list[Scale], site: str | None) -> bool:
    found = _applicable(scales, site)
    return bool(found) and min(found, key=lambda scale: scale.starts_on).amendment is not None
