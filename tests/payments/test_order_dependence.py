"""Where the total does depend on the order of arrival: shown here, and found when a contract is checked."""

from datetime import date

from sib_engine.payments.statement.draw_up import Known, draw_up
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts
from tests.oracle import build

PRICES = (build.tariff("m0", "100"), build.tariff("m1", "150"))
SHARES = (build.share("s", {"lcf": "1"}),)


def due(contract: Contract, people: list[int], metrics: list[int], *, in_steps: list[list[int]]) -> int:
    """Return what is due when the outcomes of 1 to 3 May arrive in these steps, each a list of positions."""
    days = [date(2020, 5, 1 + place) for place in range(len(people))]
    rows = build.rows(len(people), person=people, metric=metrics, achieved_on=days)
    stated: list[StatedLine] = []
    found = 0
    for step in in_steps:
        known = Known(rows.take(build.positions(step)), [f"r{place}" for place in step], (), ())
        statement = draw_up(contract, known, contract.periods.period(0), stated=stated)
        stated += statement.lines
        found = statement.due
    return found


def test_caps_that_cross_leave_a_total_that_depends_on_what_was_stated_first() -> None:
    caps = (build.cap("each-person", "person", 100_00), build.cap("each-metric", "metric", 100_00))
    contract = build.contract(tariffs=PRICES, shares=SHARES, caps=caps)
    people, metrics = [0, 0, 1], [0, 1, 0]

    # All at once: the first person's m0 uses up both that person's and m0's limit.
    assert due(contract, people, metrics, in_steps=[[0, 1, 2]]) == 100_00
    # That outcome last: m1 of the first person and m0 of the second were stated already.
    assert due(contract, people, metrics, in_steps=[[1, 2], [0, 1, 2]]) == 200_00


def test_an_upgrade_under_a_cap_by_metric_depends_on_what_was_stated_first() -> None:
    once = Counts.ONCE_PER_PERSON
    contract = build.contract(
        metrics=(build.metric("m0", counts=once), build.metric("m1", counts=once)),
        bands=(Band("b", ("m0", "m1"), BandRule.UPGRADE, build.AGREED),),
        tariffs=PRICES,
        shares=SHARES,
        caps=(build.cap("each-metric", "metric", 100_00),),
    )

    # Low, then high: 100.00 and the difference of 50.00. High first: 150.00, of which m1's cap leaves 100.00.
    assert due(contract, [0, 0], [0, 1], in_steps=[[0, 1]]) == 150_00
    assert due(contract, [0, 0], [0, 1], in_steps=[[1], [0, 1]]) == 100_00


def test_an_upgrade_under_a_cap_by_period_depends_on_what_was_stated_first() -> None:
    once = Counts.ONCE_PER_PERSON
    contract = build.contract(
        metrics=(build.metric("m0", counts=once), build.metric("m1", counts=once)),
        bands=(Band("b", ("m0", "m1"), BandRule.UPGRADE, build.AGREED),),
        tariffs=PRICES,
        shares=SHARES,
        caps=(build.cap("each-period", "period", 100_00),),
    )
    days = [date(2020, 6, 30), date(2020, 7, 1)]
    rows = build.rows(2, person=[0, 0], metric=[0, 1], achieved_on=days)
    second = contract.periods.period(1)
    both = Known(rows, ["low", "high"], (), ())
    high = Known(rows.take(build.positions([1])), ["high"], (), ())

    stated = draw_up(contract, high, second, stated=[]).lines

    # Low, then high: 100.00 in its quarter and 50.00 in the next. High first: 150.00, of which its quarter's cap
    # leaves 100.00, and the low one adds nothing.
    assert draw_up(contract, both, second, stated=[]).due == 150_00
    assert draw_up(contract, both, second, stated=stated).due == 100_00


def test_an_upgrade_under_a_cap_by_person_does_not() -> None:
    once = Counts.ONCE_PER_PERSON
    contract = build.contract(
        metrics=(build.metric("m0", counts=once), build.metric("m1", counts=once)),
        bands=(Band("b", ("m0", "m1"), BandRule.UPGRADE, build.AGREED),),
        tariffs=PRICES,
        shares=SHARES,
        caps=(build.cap("each-person", "person", 120_00),),
    )

    assert due(contract, [0, 0], [0, 1], in_steps=[[0, 1]]) == 120_00
    assert due(contract, [0, 0], [0, 1], in_steps=[[1], [0, 1]]) == 120_00
