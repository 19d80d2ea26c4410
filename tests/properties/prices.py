"""What may become of a drawn price: tiers, an index that it follows, other prices for quick outcomes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from sib_engine.terms.indexes import Index, Indexation, IndexValue
from sib_engine.terms.metric import Length
from sib_engine.terms.money_clauses import Tariff
from sib_engine.terms.tiers import CountOver, Tier, Tiers, Volume
from tests.oracle import build

LONG_AGO = date(2015, 1, 1)


@st.composite
def in_tiers(draw: st.DrawFn, tariff: Tariff) -> Tariff:
    """Draw two or three tiers for a tariff, over few outcomes; or leave it as it is."""
    if draw(st.integers(0, 2)) == 0:
        return tariff
    price = st.decimals(0, 900, places=4)
    ends = sorted(draw(st.lists(st.integers(1, 8), unique=True, min_size=1, max_size=2)))
    steps = tuple(Tier(end, draw(price)) for end in [*ends, None])
    tiers = Tiers(steps, draw(st.sampled_from(list(Volume))), draw(st.sampled_from(list(CountOver))))
    return replace(tariff, price=steps[0].price, tiers=tiers)


INDEXES = (
    Index(
        "cpi",
        (
            IndexValue(LONG_AGO, Decimal("87.3")),
            IndexValue(date(2020, 5, 1), Decimal("104.25")),
            IndexValue(date(2020, 11, 17), Decimal("99.9")),
            IndexValue(date(2021, 4, 1), Decimal(131)),
        ),
        build.AGREED,
    ),
)
LENGTHS = {"months": (1, 4, 7), "days": (30, 120, 200)}


@st.composite
def moving(draw: st.DrawFn, tariff: Tariff) -> Tariff:
    """Draw for a tariff that it follows an index, from a base before it starts; or leave it as it is."""
    if draw(st.integers(0, 2)) == 0:
        return tariff
    terms = Indexation(
        "cpi",
        draw(st.sampled_from([LONG_AGO, tariff.starts_on])),
        every=draw(st.sampled_from([None, None, 5, 12])),
        places=draw(st.sampled_from([None, 0, 4])),
    )
    return replace(tariff, indexation=terms)


@st.composite
def quickened(draw: st.DrawFn, drawn: tuple[Tariff, ...]) -> tuple[Tariff, ...]:
    """Draw further tariffs of the same kinds for quick outcomes, all of lengths in months or all in days."""
    unit = draw(st.sampled_from(sorted(LENGTHS)))
    lengths = st.sampled_from(LENGTHS[unit]).map(lambda length: Length(**{unit: length}))
    price = st.decimals(0, 900, places=4)
    more: dict[object, Tariff] = {}
    for place in range(draw(st.integers(0, 5))):
        like, length = draw(st.sampled_from(drawn)), draw(lengths)
        another = replace(like, id=f"q{place}", price=draw(price), quick=length, tiers=None)
        more[like.metric, like.sites, like.groups, like.starts_on, length] = another
    return (*drawn, *more.values())
