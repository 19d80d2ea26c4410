"""The geometry of caps against every scope written out."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.checks.cap_scopes import Relation, relation
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load_contract
from sib_engine.terms.money_clauses import Cap, Dimension

CONTRACT = load_contract(Path(__file__).parent / "clean.toml")
METRICS = CONTRACT.metric_codes
SITES = CONTRACT.site_codes
CAP = CONTRACT.caps[0]

dimensions = st.sets(st.sampled_from([d for d in Dimension if d is not Dimension.PAYER]), min_size=1)
caps = st.builds(
    lambda on, metrics, sites: replace(
        CAP, on=frozenset(on), metrics=tuple(sorted(metrics)), sites=tuple(sorted(sites))
    ),
    dimensions,
    st.sets(st.sampled_from(METRICS)),
    st.sets(st.sampled_from(SITES)),
)

SPLIT_BY = (Dimension.METRIC, Dimension.SITE, Dimension.PERSON, Dimension.PERIOD, Dimension.YEAR)
Place = tuple[str, str, int, int]
PLACES: list[Place] = [*product(METRICS, SITES, range(3), (0, 1, 4))]
"""Quarters of two years of the contract: the first two of one, and the first of the next."""


def scopes(cap: Cap) -> Iterator[frozenset[Place]]:
    """Yield the places (metric, site, person, period) that share one limit."""
    split = [dimension in cap.on for dimension in SPLIT_BY]
    covered = [
        place
        for place in PLACES
        if (not cap.metrics or place[0] in cap.metrics) and (not cap.sites or place[1] in cap.sites)
    ]

    def name_of(place: Place) -> tuple[object, ...]:
        return tuple(part for part, is_split in zip((*place, place[3] // 4), split, strict=True) if is_split)

    for name in {name_of(place) for place in covered}:
        yield frozenset(place for place in covered if name_of(place) == name)


def test_a_period_that_a_year_cuts_lies_within_none() -> None:
    by_period, by_year = (replace(CAP, on=frozenset({one})) for one in (Dimension.PERIOD, Dimension.YEAR))

    assert relation(CONTRACT, by_period, by_year) is Relation.WITHIN
    assert relation(replace(CONTRACT, year_from=(5, 1)), by_period, by_year) is Relation.ACROSS


@given(caps, caps)
def test_caps_lie_to_each_other_as_their_scopes_do(cap: Cap, other: Cap) -> None:
    found = relation(CONTRACT, cap, other)

    meeting = [(one, two) for one in scopes(cap) for two in scopes(other) if one & two]
    assert (found is Relation.APART) == (not meeting)
    assert (found is Relation.SAME) == (bool(meeting) and all(one == two for one, two in meeting))
    if found is Relation.WITHIN:
        assert all(one <= two for one, two in meeting)
    if found is Relation.AROUND:
        assert all(one >= two for one, two in meeting)
    if found is Relation.ACROSS:
        assert not all(one <= two for one, two in meeting)
        assert not all(one >= two for one, two in meeting)


@given(caps, caps)
def test_the_relation_seen_from_the_other_side_is_its_mirror(cap: Cap, other: Cap) -> None:
    mirror = {Relation.WITHIN: Relation.AROUND, Relation.AROUND: Relation.WITHIN}
    found = relation(CONTRACT, cap, other)

    assert relation(CONTRACT, other, cap) is mirror.get(found, found)


def test_without_declared_sites_a_cap_by_site_is_one_for_all() -> None:
    contract: Contract = replace(CONTRACT, sites=())

    assert relation(contract, replace(CAP, on=frozenset({Dimension.SITE})), CAP) is Relation.SAME
