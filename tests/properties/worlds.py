"""Random contracts and outcomes small enough for the slow implementation, and odd enough to be worth it."""

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract, PriceDate, Rounding, RoundingMode, RoundingPlace, TermsDate
from sib_engine.terms.metric import BandRule, Measured
from tests.oracle import build
from tests.properties.clauses import (
    ANY,
    ANY_RULE,
    GROUPS,
    MEASURED,
    METRICS,
    PAYERS,
    SITES,
    bands,
    bonuses,
    caps,
    changes,
    grants,
    measurement,
    metrics,
    minimum,
    outcome_cap,
    payer_caps,
    scales,
    shares,
    tariffs,
    up_to_two,
    with_schedule,
)
from tests.properties.prices import INDEXES, in_tiers, moving, quickened


@dataclass(frozen=True)
class World:
    """A contract, everything that was ever recorded under it, and the labels of group and measure codes."""

    contract: Contract
    rows: OutcomeRows
    groups: tuple[str, ...] = GROUPS
    measures: tuple[Measurement, ...] = ()


@st.composite
def contracts(
    draw: st.DrawFn,
    *,
    kinds: tuple[str, ...] = ANY,
    rules: tuple[BandRule | None, ...] = ANY_RULE,
    with_payer_caps: bool = True,
    with_volume: bool = False,
    with_counting_limits: bool = False,
    with_measures: bool = False,
    with_dates: bool = False,
) -> Contract:
    """Draw a contract of a year and a half, in quarters; with volume, of tiers and bonuses too.

    With counting limits, of caps at a share of outcomes and minimums; with measures, of scales. With dates,
    prices follow an index, and quick outcomes may have prices of their own.
    """
    measured = [build.metric(code, rule=Measured(what)) for code, what in MEASURED.items()] if with_measures else []
    of_payers = draw(payer_caps()) if with_payer_caps else []
    prices = draw(tariffs())
    if with_volume:
        prices = tuple(draw(in_tiers(tariff)) for tariff in prices)
    if with_dates:
        prices = tuple(draw(moving(tariff)) for tariff in draw(quickened(prices)))
    return build.contract(
        payers=PAYERS,
        sites=SITES,
        end=date(2021, 9, 30),
        claims_close=date(2021, 12, 31),
        rounding=Rounding(draw(st.sampled_from(list(RoundingMode))), draw(st.sampled_from(list(RoundingPlace)))),
        price_date=draw(st.sampled_from(list(PriceDate))),
        year_from=draw(st.sampled_from([None, (1, 1), (4, 1), (7, 15)])),
        metrics=(*draw(metrics()), *measured),
        metric_terms=draw(changes()),
        terms_date=draw(st.sampled_from(TermsDate)),
        bands=draw(bands(rules)),
        tariffs=prices,
        scales=draw(scales()) if with_measures else (),
        indexes=INDEXES if with_dates else (),
        bonuses=draw(bonuses()) if with_volume else (),
        caps=(*draw(caps(kinds)), *of_payers),
        shares=draw(shares()),
        grants=draw(grants()),
        outcome_caps=draw(up_to_two(outcome_cap, "o")) if with_counting_limits else (),
        minimums=draw(up_to_two(minimum, "m")) if with_counting_limits else (),
    )


ANY_CONTRACT = contracts()

ANY_VOLUME = contracts(with_volume=True)

ANY_COUNTING = contracts(with_volume=True, with_counting_limits=True)

ANY_SCHEDULED = contracts().flatmap(with_schedule)

ANY_MEASURED = contracts(with_volume=True, with_measures=True)

ANY_DATED = contracts(with_volume=True, with_dates=True)

EDGES = st.sampled_from([date(2020, 3, 31), date(2020, 4, 1), date(2020, 6, 30), date(2021, 9, 30), date(2021, 10, 1)])

DAYS = st.dates(date(2020, 4, 1), date(2021, 9, 30)) | EDGES

AFTER_A_JOB = st.sampled_from([0, 89, 90, 91, 92, 93, 93, 95, 100, 100, 120, 140, 140])

LATE = st.sampled_from([0, 0, 0, 0, 0, 0, 5, 61, 61, 100, 200, 500])


@dataclass(frozen=True)
class Drawn:
    """One outcome as drawn; the columns of the table are made of these."""

    person: int
    metric: int
    site: int
    group: int
    job: int
    achieved_on: date | None
    started_on: date | None
    claimed_on: date | None
    recorded_on: date | None
    count: int
    stated: int
    measure: int = NONE
    ended_on: date | None = None


@st.composite
def result(draw: st.DrawFn, n_measures: int) -> "Drawn":
    """Draw the row of one measured result."""
    row = draw(noise(NONE))
    metric = draw(st.integers(len(METRICS), len(METRICS) + len(MEASURED) - 1))
    return replace(row, metric=metric, job=NONE, measure=draw(st.integers(0, n_measures - 1)))


STATED = st.sampled_from([NONE, NONE, 1, 2])


@st.composite
def story(draw: st.DrawFn, person: int) -> list[Drawn]:
    """Draw how one person goes up the ladder: some rungs missing, doubled, early, late or out of order."""
    site, group = draw(st.sampled_from([0, 1])), draw(st.integers(NONE, 1))
    referred_on = draw(st.dates(date(2020, 2, 15), date(2020, 12, 1)))
    engaged_on = referred_on + timedelta(days=draw(st.integers(0, 150)))
    found = [(0, NONE, engaged_on)]
    for job in range(draw(st.integers(1, 2))):
        job_on = engaged_on + timedelta(days=draw(st.integers(-5, 200)))
        found.append((1, job, job_on))
        sustained = draw(st.sampled_from([(), (2,), (3,), (2, 3), (2, 3), (2, 3, 3)]))
        found += [(metric, job, job_on + timedelta(days=draw(AFTER_A_JOB))) for metric in sustained]
    missing = draw(st.integers(0, 5 * len(found)))
    kept = [rung for place, rung in enumerate(found) if place != missing]
    if draw(st.integers(0, 3)) == 0:
        kept.append(draw(st.sampled_from(found)))
    return [
        Drawn(
            person,
            metric,
            site,
            group,
            job,
            day,
            referred_on,
            *draw(recorded_after(day)),
            1,
            draw(STATED),
            ended_on=draw(ended_after(day)),
        )
        for metric, job, day in kept
    ]


@st.composite
def ended_after(draw: st.DrawFn, day: date) -> date | None:
    """Draw when the job behind an outcome of a day ended; most still last."""
    after = draw(st.sampled_from([None, None, 0, 1, 2, 27, 28, 29, 60, 90, 91, 92, 150, 300]))
    return None if after is None else day + timedelta(days=after)


@st.composite
def recorded_after(draw: st.DrawFn, day: date) -> tuple[date, date]:
    """Draw when an outcome of a day was claimed, and when all that it rests on was recorded."""
    claimed_on = day + timedelta(days=draw(LATE))
    return claimed_on, claimed_on + timedelta(days=draw(st.sampled_from([0, 0, 30, 200])))


@st.composite
def noise(draw: st.DrawFn, person: int) -> Drawn:
    """Draw one outcome of anything at any time; of a person, or a published count."""
    day = draw(DAYS)
    claimed_on, recorded_on = draw(recorded_after(day))
    return Drawn(
        person=person,
        metric=draw(st.sampled_from([0, 1, 2, 3, 4, 4, 4])),
        # Without a site it would have no price where the sites' prices differ: pricing refuses it.
        site=draw(st.sampled_from([0, 1])),
        group=draw(st.integers(NONE, 1)),
        job=draw(st.integers(NONE, 1)),
        achieved_on=day,
        started_on=draw(st.dates(date(2020, 1, 1), date(2020, 12, 1))),
        claimed_on=claimed_on,
        recorded_on=recorded_on,
        count=draw(st.integers(1, 9)) if person == NONE else 1,
        stated=draw(STATED),
    )


def _forgetting(row: Drawn) -> list[Drawn]:
    return [
        replace(row, achieved_on=None),
        replace(row, started_on=None),
        replace(row, claimed_on=None, recorded_on=None),
    ]


@st.composite
def outcomes(draw: st.DrawFn, *, with_counts: bool = True, with_gaps: bool = False, n_measures: int = 0) -> OutcomeRows:
    """Draw outcomes of up to four people, and other rows between them; with gaps, some dates are not recorded.

    With measures, there are results of cohorts too.
    """
    drawn = [row for person in range(draw(st.integers(1, 4))) for row in draw(story(person))]
    people = st.integers(NONE if with_counts else 0, 4)
    drawn += [draw(noise(draw(people))) for _ in range(draw(st.integers(2, 10)))]
    if n_measures:
        drawn += [draw(result(n_measures)) for _ in range(draw(st.integers(1, 6)))]
    if with_gaps:
        drawn = [draw(st.sampled_from([row, row, row, row, *_forgetting(row)])) for row in drawn]
    ids = draw(st.permutations(range(len(drawn))))
    columns = {column.name: [getattr(row, column.name) for row in drawn] for column in fields(Drawn)}
    return build.rows(len(drawn), row=ids, **columns)


@st.composite
def worlds(
    draw: st.DrawFn,
    of_contracts: st.SearchStrategy[Contract] = ANY_CONTRACT,
    *,
    with_counts: bool = True,
    with_gaps: bool = False,
) -> World:
    """Draw a contract and outcomes under it."""
    contract = draw(of_contracts)
    measures = tuple(draw(st.lists(measurement(), min_size=1, max_size=5))) if contract.scales else ()
    rows = draw(outcomes(with_counts=with_counts, with_gaps=with_gaps, n_measures=len(measures)))
    return World(contract, rows, measures=measures)
