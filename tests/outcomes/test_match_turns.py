"""An outcome beyond a maximum takes nobody's turn."""

from dataclasses import replace

import pytest

from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import Reason, reasons_in
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.volume import VolumeMaximum
from tests.oracle import build

ROWS = list[tuple[int, str, str]]


def volume(metric: str, on: str, maximum: int) -> VolumeMaximum:
    dimensions = frozenset(Dimension(name) for name in on.split())
    return VolumeMaximum(f"v-{on}", metric, dimensions, maximum, None, build.AGREED)


def reasons(contract: Contract, listed: ROWS, sites: list[int] | None = None) -> list[list[str]]:
    """Return the reasons against outcomes, each a person, a metric and a day, in the order given."""
    people, metrics, days = zip(*listed, strict=True)
    found = build.rows(
        len(listed),
        person=people,
        metric=[contract.metric_codes.index(metric) for metric in metrics],
        achieved_on=days,
        site=sites or [0] * len(listed),
    )
    return [[Reason(each).name for each in reasons_in(mask)] for mask in match(contract, found).tolist()]


def test_a_repeated_outcome_beyond_a_maximum_is_not_one_of_those_that_may_count() -> None:
    metric = build.metric("a", at_most=2)
    contract = build.contract(metrics=(metric,), volumes=(volume("a", "period", 1),))

    found = reasons(contract, [(0, "a", "2020-04-30"), (0, "a", "2020-05-28"), (0, "a", "2020-07-29")])

    assert found == [[], ["BEYOND_MAXIMUM"], []]


def test_a_repeated_outcome_is_held_to_days_from_the_last_that_counts() -> None:
    metric = build.metric("a", at_most=3, days_apart=60)
    contract = build.contract(metrics=(metric,), volumes=(volume("a", "period", 1),))
    listed = [(1, "a", "2020-04-30"), (0, "a", "2020-06-28"), (0, "a", "2020-07-29"), (0, "a", "2020-08-30")]

    assert reasons(contract, listed) == [[], ["BEYOND_MAXIMUM"], [], ["TOO_CLOSE"]]


def test_a_person_counts_once_when_there_is_room_and_not_never() -> None:
    metric = build.metric("a", counts=Counts.ONCE_PER_PERSON)
    after = build.metric("b", requires=("a",))
    contract = build.contract(metrics=(metric, after), volumes=(volume("a", "period", 1),))
    listed = [(0, "a", "2020-04-30"), (1, "a", "2020-05-28"), (1, "a", "2020-07-29"), (1, "a", "2020-08-01")]

    found = reasons(contract, [*listed, (1, "b", "2020-08-10")])

    assert found == [[], ["BEYOND_MAXIMUM"], [], ["DUPLICATE"], []]


def test_an_outcome_beyond_a_maximum_does_not_win_the_band() -> None:
    metrics = tuple(build.metric(code, counts=Counts.ONCE_PER_PERSON) for code in ("a", "b"))
    band = Band("ab", ("a", "b"), BandRule.EXCLUSIVE, build.AGREED)
    contract = build.contract(metrics=metrics, bands=(band,), volumes=(volume("b", "contract", 1),))

    found = reasons(contract, [(0, "b", "2020-04-30"), (1, "b", "2020-05-27"), (1, "a", "2020-05-28")])

    assert found == [[], ["BEYOND_MAXIMUM"], []]


def test_what_one_maximum_leaves_out_uses_up_no_other() -> None:
    volumes = (volume("a", "site", 2), volume("a", "period", 1))
    contract = build.contract(sites=("north",), metrics=(build.metric("a"),), volumes=volumes)

    found = reasons(contract, [(0, "a", "2020-04-30"), (1, "a", "2020-05-27"), (2, "a", "2020-07-28")])

    assert found == [[], ["BEYOND_MAXIMUM"], []]


@pytest.mark.parametrize("on", ["contract", "period"])
def test_a_maximum_that_is_not_passed_changes_no_turn(on: str) -> None:
    metric = build.metric("a", counts=Counts.ONCE_PER_PERSON)
    contract = build.contract(metrics=(metric,), volumes=(volume("a", on, 3),))
    listed = [(0, "a", "2020-04-30"), (0, "a", "2020-05-28"), (1, "a", "2020-05-29")]

    assert reasons(contract, listed) == reasons(replace(contract, volumes=()), listed) == [[], ["DUPLICATE"], []]
