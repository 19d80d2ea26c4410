"""Random clauses of a contract, small enough for the slow implementation, and odd enough to be worth it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from hypothesis import strategies as st

from sib_engine.outcomes.measurement import Measurement
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts, Employment, Length, Measure, Metric, Window
from sib_engine.terms.metric_terms import MetricTerms
from sib_engine.terms.money_clauses import (
    Bonus,
    Cap,
    Dimension,
    Grant,
    Minimum,
    OutcomeCap,
    Overflow,
    Replaces,
    Share,
    Tariff,
)
from sib_engine.terms.scale import Between, PaidPer, Point, Scale
from sib_engine.terms.scheduled import CutShort, Fee, Guarantee, GuaranteeOver, Sum, Termination
from tests.oracle import build

T = TypeVar("T")

LONG_AGO = date(2015, 1, 1)

LATER = date(2021, 1, 1)

SITES = ("north", "south")

GROUPS = ("young", "older")

PAYERS = ("lcf", "local", "sof")

METRICS = ("engaged", "job", "low", "high", "extra")

MEASURED = {"score": Measure.VALUE, "part": Measure.RATE, "fall": Measure.REDUCTION, "days": Measure.UNITS_AVOIDED}

"""Metrics that a contract with measures has after the others."""

SOME_SITES = st.sampled_from([(), ("north",), ("south",), ("north", "south")])

ANY_RULE = (None, BandRule.EXCLUSIVE, BandRule.UPGRADE, BandRule.UPGRADE)

NO_UPGRADE = (None, BandRule.EXCLUSIVE)

NESTED = ("person metric", "metric", "contract")

ALSO_NESTED = ("metric site", "metric", "contract")

NESTED_FOR_UPGRADES = ("person", "contract")

ANY = (
    *("person", "metric", "site", "metric site", "person metric", "period", "metric period"),
    *("year", "site year", "period year", "contract"),
)


@st.composite
def metrics(draw: st.DrawFn) -> tuple[Metric, ...]:
    """Draw the usual ladder: engaged, in a job, 13 weeks in one of two bands; and something that counts every time."""
    work = draw(st.sampled_from([Counts.ONCE_PER_PERSON, Counts.ONCE_PER_JOB]))
    sustained = Employment(days=91) if draw(st.booleans()) else Employment(months=3)
    window = Window(
        draw(st.sampled_from(["referral", "engaged"])),
        months=draw(st.integers(0, 9)),
        days=draw(st.integers(0, 40)),
        not_before=draw(st.none() | st.builds(Length, st.integers(0, 3), st.integers(0, 40))),
    )
    return (
        build.metric("engaged", counts=Counts.ONCE_PER_PERSON),
        build.metric(
            "job",
            counts=work,
            rule=Employment(),
            requires=("engaged",) if draw(st.booleans()) else (),
            within=window if draw(st.booleans()) else None,
        ),
        build.metric("low", counts=work, rule=sustained, requires=("job",)),
        build.metric("high", counts=work, rule=sustained, requires=("job",)),
        build.metric("extra", claim_within_days=draw(st.none() | st.integers(0, 60))),
    )


@st.composite
def bands(draw: st.DrawFn, rules: tuple[BandRule | None, ...]) -> tuple[Band, ...]:
    """Draw no band, or the two of 13 weeks."""
    rule = draw(st.sampled_from(rules))
    return () if rule is None else (Band("hours", ("low", "high"), rule, build.AGREED),)


@st.composite
def tariffs(draw: st.DrawFn) -> tuple[Tariff, ...]:
    """Draw a price for each metric, and some for a site, a group or both, or from a later day."""
    price = st.decimals(0, 900, places=4).map(str)
    drawn = [build.tariff(metric, draw(price), starts_on=LONG_AGO) for metric in METRICS]
    seen: set[tuple[str, tuple[str, ...], tuple[str, ...], date]] = {(metric, (), (), LONG_AGO) for metric in METRICS}
    for _ in range(draw(st.integers(0, 6))):
        metric = draw(st.sampled_from(METRICS))
        sites = draw(st.sampled_from([(), ("north",), ("south",)]))
        groups = draw(st.sampled_from([(), ("young",)]))
        starts_on = draw(st.sampled_from([LONG_AGO, date(2020, 7, 1), date(2021, 2, 15)]))
        if (metric, sites, groups, starts_on) not in seen:
            seen.add((metric, sites, groups, starts_on))
            drawn.append(build.tariff(metric, draw(price), starts_on=starts_on, sites=sites, groups=groups))
    return tuple(replace(tariff, id=f"t{place}") for place, tariff in enumerate(drawn))


@st.composite
def bonuses(draw: st.DrawFn) -> tuple[Bonus, ...]:
    """Draw up to two bonuses above small numbers."""
    return tuple(draw(bonus(f"b{place}")) for place in range(draw(st.integers(0, 2))))


@st.composite
def bonus(draw: st.DrawFn, id_: str) -> Bonus:
    """Draw one bonus, perhaps for some metrics, a site or a group."""
    above = draw(st.integers(0, 5))
    return Bonus(
        id=id_,
        on=frozenset(Dimension(name) for name in draw(st.sampled_from(ANY)).split()),
        above=above,
        up_to=draw(st.none() | st.integers(above + 1, above + 4)),
        price=draw(st.decimals(0, 300, places=4)),
        metrics=draw(st.sampled_from([(), ("job",), ("low", "high")])),
        sites=draw(SOME_SITES),
        groups=draw(st.sampled_from([(), ("young",)])),
        amendment=None,
        provenance=build.AGREED,
    )


PARTS = st.sampled_from([Fraction(2, 5), Fraction(1, 3), Fraction(1, 2), Fraction(13, 20), Fraction(0), Fraction(1)])

SOME_METRICS = st.sampled_from([(), ("engaged",), ("job",), ("low", "high"), ("job", "low", "high")])

COUNTED_OVER = (
    *("contract", "metric", "site", "period", "metric site", "site period", "metric period"),
    *("year", "metric year"),
)


@st.composite
def outcome_cap(draw: st.DrawFn, id_: str) -> OutcomeCap:
    """Draw a cap at a share of its own outcomes, or of others."""
    return build.outcome_cap(
        id_,
        draw(st.sampled_from(COUNTED_OVER)),
        draw(PARTS),
        of=draw(SOME_METRICS),
        metrics=draw(SOME_METRICS),
        sites=draw(SOME_SITES),
    )


@st.composite
def minimum(draw: st.DrawFn, id_: str) -> Minimum:
    """Draw a minimum, as a number or as a share of other outcomes."""
    is_share = draw(st.booleans())
    return build.minimum(
        id_,
        draw(st.sampled_from(COUNTED_OVER)),
        None if is_share else draw(st.integers(1, 12)),
        at_least_share=draw(PARTS) if is_share else None,
        of=draw(SOME_METRICS.filter(bool)) if is_share else (),
        pays_below=draw(st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1, 3)])),
        metrics=draw(SOME_METRICS),
        sites=draw(SOME_SITES),
    )


@st.composite
def scales(draw: st.DrawFn) -> tuple[Scale, ...]:
    """Draw a scale for each measured metric, and some for a site or from a later day."""
    drawn = [draw(scale(metric, LONG_AGO, ())) for metric in MEASURED]
    seen = {(each.metric, each.sites, each.starts_on) for each in drawn}
    for _ in range(draw(st.integers(0, 3))):
        sites = draw(st.sampled_from([(), ("north",), ("south",)]))
        more = draw(scale(draw(st.sampled_from(list(MEASURED))), draw(st.sampled_from([LONG_AGO, LATER])), sites))
        if (more.metric, more.sites, more.starts_on) not in seen:
            seen.add((more.metric, more.sites, more.starts_on))
            drawn.append(more)
    return tuple(replace(each, id=f"scale{place}") for place, each in enumerate(drawn))


@st.composite
def scale(draw: st.DrawFn, metric: str, starts_on: date, sites: tuple[str, ...]) -> Scale:
    """Draw one scale, whose points lie where results do, and sometimes at the very place of one."""
    before = list(MEASURED)[: list(MEASURED).index(metric)]
    unless = tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=1))) if before else ()
    plain = Scale("", metric, starts_on, sites, None, (), None, None, None, None, build.AGREED, unless)
    if metric == "days" and draw(st.booleans()):
        return replace(plain, price=draw(st.decimals(0, 90, places=4)))
    between = draw(st.sampled_from(list(Between)))
    unit = 1 if MEASURED[metric] in {Measure.VALUE, Measure.UNITS_AVOIDED} else 20
    ends = st.integers(0, 10).map(lambda number: Fraction(number, unit))
    places = sorted(draw(st.lists(ends, unique=True, min_size=2, max_size=4)))
    is_part = draw(st.booleans())
    pays = st.integers(0, 300).map(lambda number: Fraction(number, 100 if is_part else 1))
    is_above = st.just(value=False) if between is Between.LINEAR else st.booleans()
    points = tuple(Point(at, draw(is_above), False, draw(pays), is_part) for at in places)  # noqa: FBT003 - not in percent
    amount = draw(st.decimals(0, 900, places=4)) if is_part else None
    return replace(plain, between=between, points=points, amount=amount, per=draw(st.sampled_from(list(PaidPer))))


@st.composite
def measurement(draw: st.DrawFn) -> Measurement:
    """Draw figures that every kind of measure can be worked out from."""
    population = draw(st.sampled_from([1, 3, 20, 40]))
    return Measurement(
        value=draw(
            st.sampled_from([Decimal(-1), Decimal(0), Decimal(2), Decimal("3.37"), Decimal("9.5"), Decimal(12)])
        ),
        cases=draw(st.integers(0, population)),
        population=population,
        comparison_cases=draw(st.integers(1, 20)),
        comparison_population=draw(st.sampled_from([7, 20])),
    )


@st.composite
def caps(draw: st.DrawFn, kinds: tuple[str, ...]) -> list[Cap]:
    """Draw up to one cap of each kind, in minor units of the size of a few outcomes, and perhaps narrow ones."""
    chosen = draw(st.lists(st.sampled_from(kinds), unique=True, max_size=4))
    drawn = [build.cap(f"c-{on.replace(' ', '-')}", on, draw(st.integers(0, 150_000))) for on in chosen]
    if kinds is ANY and draw(st.booleans()):
        narrowed = {"metrics": draw(st.sampled_from([(), ("job",), ("low", "high")])), "sites": draw(SOME_SITES)}
        drawn.append(build.cap("narrow", draw(st.sampled_from(ANY)), draw(st.integers(0, 100_000)), **narrowed))
    return drawn


@st.composite
def payer_caps(draw: st.DrawFn, *, kinds: tuple[str, ...] = ("payer", "payer period")) -> list[Cap]:
    """Draw caps on payers that pass overflow down a drawn line of payers only, so never in a circle.

    What is beyond a limit for the whole contract never goes to a payer with a limit for the period.
    """
    line = draw(st.permutations(PAYERS))
    drawn: list[Cap] = []
    for place in range(draw(st.integers(0, 4))):
        payer, on = draw(st.sampled_from(line)), draw(st.sampled_from(kinds))
        to = [*line[line.index(payer) + 1 :], Overflow.LOST.value]
        if on == "payer period":
            to.append(Overflow.NEXT_PERIOD.value)
        limit = draw(st.integers(0, 120_000) | st.integers(0, 600))
        drawn.append(build.cap(f"p{place}", on, limit, payer=payer, overflow=draw(st.sampled_from(to))))
    by_period = {cap.payer for cap in drawn if Dimension.PERIOD in cap.on}
    return [cap for cap in drawn if Dimension.PERIOD in cap.on or cap.overflow not in by_period]


@st.composite
def shares(draw: st.DrawFn) -> tuple[Share, ...]:
    """Draw a clause for everything, perhaps one for a metric of its own, perhaps a change to each."""
    drawn = [draw(share("all", LONG_AGO, ()))]
    if draw(st.booleans()):
        drawn.append(draw(share("all-later", date(2020, 10, 1), ())))
    if draw(st.booleans()):
        drawn.append(draw(share("own", draw(st.sampled_from([LONG_AGO, date(2021, 1, 1)])), ("job", "low"))))
    return tuple(drawn)


@st.composite
def share(draw: st.DrawFn, id_: str, starts_on: date, of_metrics: tuple[str, ...]) -> Share:
    """Draw one share clause over some of the payers."""
    among = draw(st.lists(st.sampled_from([*PAYERS, "unfunded"]), unique=True, min_size=1, max_size=4))
    weights = draw(st.lists(st.integers(0, 11), min_size=len(among), max_size=len(among)).filter(any))
    parts = {payer: Fraction(weight, sum(weights)) for payer, weight in zip(among, weights, strict=True)}
    return build.share(id_, parts, starts_on=starts_on, metrics=of_metrics)


@st.composite
def grants(draw: st.DrawFn) -> tuple[Grant, ...]:
    """Draw no grant, or one for a quarter."""
    if draw(st.integers(0, 2)):
        return ()
    replaces = draw(st.sampled_from(list(Replaces)))
    amount = draw(st.integers(1, 150_000))
    uses_caps = draw(st.booleans())
    return (Grant("g", date(2020, 7, 1), date(2020, 9, 30), amount, replaces, uses_caps, None, build.AGREED),)


@st.composite
def changes(draw: st.DrawFn) -> tuple[MetricTerms, ...]:
    """Draw no change of terms, or some of what has to come first, when, and how late it may be recorded."""
    windows = st.builds(Window, st.sampled_from(["referral", "engaged"]), months=st.integers(0, 9), days=st.just(3))
    drawn: dict[tuple[str, str], MetricTerms] = {}
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 4]))):
        metric = draw(st.sampled_from(METRICS))
        on = draw(st.sampled_from(["2020-03-01", "2020-06-15", "2020-10-01", "2021-03-01"]))
        first = {"engaged": (), "job": ("engaged",), "extra": ("job",)}.get(metric, ("job", "engaged"))
        drawn[metric, on] = build.terms(
            metric,
            on,
            requires=draw(st.none() | st.sets(st.sampled_from(first)).map(sorted).map(tuple)) if first else None,
            within=draw(st.none() | windows) if metric == "job" else None,
            claim_within_days=draw(st.none() | st.integers(0, 90)),
        )
    return tuple(drawn.values())


@st.composite
def up_to_two(draw: st.DrawFn, kind: Callable[[str], st.SearchStrategy[T]], letter: str) -> tuple[T, ...]:
    """Draw none, one or two clauses of a kind."""
    return tuple(draw(kind(f"{letter}{place}")) for place in range(draw(st.integers(0, 2))))


@st.composite
def sums(draw: st.DrawFn) -> Sum:
    """Draw a sum of the size of a few outcomes, or a share of one."""
    return Sum(draw(st.integers(0, 200_000)), draw(st.none() | st.sampled_from([Fraction(1, 3), Fraction(3, 10)])))


@st.composite
def fees(draw: st.DrawFn, id_: str) -> Fee:
    """Draw a fee of a year: monthly, or a sum in equal parts or by a profile."""
    every = draw(st.sampled_from([1, 2, 3, 6, 12]))
    is_monthly = draw(st.booleans())
    weights = draw(st.lists(st.integers(0, 7), min_size=12 // every, max_size=12 // every).filter(any))
    profile = tuple(Fraction(weight, sum(weights)) for weight in weights)
    return Fee(
        id=id_,
        starts_on=date(2020, 5, 1),
        ends_on=date(2021, 4, 30),
        every_months=every,
        monthly=draw(st.integers(0, 20_000)) if is_monthly else None,
        total=None if is_monthly else draw(sums()),
        profile=profile if not is_monthly and draw(st.booleans()) else (),
        uses_caps=draw(st.booleans()),
        last_instalment=draw(st.sampled_from(list(CutShort))),
        amendment=None,
        provenance=build.AGREED,
    )


@st.composite
def guarantees(draw: st.DrawFn, id_: str) -> Guarantee:
    """Draw a guaranteed volume of what happens often, by quarter or over the contract."""
    return Guarantee(
        id=id_,
        metric=draw(st.sampled_from(["engaged", "extra"])),
        on=draw(st.sampled_from(list(GuaranteeOver))),
        minimum=draw(st.integers(1, 8)),
        price=draw(st.integers(0, 20_000)),
        starts_on=None,
        ends_on=None,
        uses_caps=draw(st.booleans()),
        if_cut_short=draw(st.sampled_from(list(CutShort))),
        amendment=None,
        provenance=build.AGREED,
    )


@st.composite
def with_schedule(draw: st.DrawFn, plain: Contract) -> Contract:
    """Draw fees, guaranteed volumes and perhaps an early termination for a contract."""
    amounts, uses_caps = draw(sums()), draw(st.booleans())
    ending = Termination("x", LONG_AGO, amounts, draw(st.integers(0, 90)), uses_caps, None, build.AGREED)
    return replace(
        plain,
        fees=tuple(draw(fees(f"f{place}")) for place in range(draw(st.integers(0, 2)))),
        guarantees=tuple(draw(guarantees(f"v{place}")) for place in range(draw(st.integers(0, 2)))),
        terminations=(ending,) if draw(st.booleans()) else (),
        terminated_on=draw(st.none() | st.dates(date(2020, 6, 1), date(2021, 9, 1))),
    )
