"""What must hold for matching: it agrees with the slow rules, and the order of rows means nothing."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import Reason, bit, reasons_in
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts
from sib_engine.terms.money_clauses import Dimension
from tests.oracle.matching import reasons_of
from tests.oracle.rows import plain_rows
from tests.properties.bounded_worlds import ANY_BOUNDED
from tests.properties.steady import steady
from tests.properties.worlds import World, worlds

STEADY = steady(80)

any_world = st.one_of(worlds(with_gaps=True), worlds(ANY_BOUNDED, with_gaps=True))


def reasons(contract: Contract, rows: OutcomeRows) -> list[set[Reason]]:
    return [set(reasons_in(mask)) for mask in match(contract, rows).tolist()]


@STEADY
@given(any_world)
def test_the_kernel_gives_the_reasons_that_the_oracle_gives(world: World) -> None:
    rows = plain_rows(world.contract, world.rows, world.groups)

    assert reasons(world.contract, world.rows) == reasons_of(world.contract, rows)


@STEADY
@given(any_world, st.randoms(use_true_random=False))
def test_what_is_known_against_a_row_keeps_it_from_counting_for_others(world: World, random: Random) -> None:
    rows = plain_rows(world.contract, world.rows, world.groups)
    known = [random.choice([set(), set(), {Reason.WRONG_SITE}, {Reason.EVIDENCE_MISSING}]) for _ in rows]
    mask = np.array([sum(bit(reason) for reason in against) for against in known], dtype=np.uint64)

    found = match(world.contract, world.rows, mask=mask)

    assert [set(reasons_in(one)) for one in found.tolist()] == reasons_of(world.contract, rows, known)


@STEADY
@given(any_world, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world: World, random: Random) -> None:
    shuffled = np.array(random.sample(range(len(world.rows)), len(world.rows)), dtype=np.intp)

    there = match(world.contract, world.rows.take(shuffled))

    assert there.tolist() == match(world.contract, world.rows)[shuffled].tolist()


@STEADY
@given(any_world)
def test_rows_that_do_not_stand_can_be_left_out(world: World) -> None:
    found = match(world.contract, world.rows)
    # An outcome of a month that a grant paid for earns nothing and is still the person's one outcome.
    stands = (found & ~np.uint64(bit(Reason.GRANT_MONTH))) == 0

    assert match(world.contract, world.rows.take(stands)).tolist() == found[stands].tolist()


@STEADY
@given(worlds(with_counts=False, with_gaps=True))
def test_nobody_counts_twice_for_what_counts_once(world: World) -> None:
    counting = world.rows.take(match(world.contract, world.rows) == 0)

    for index, metric in enumerate(world.contract.metrics):
        if metric.counts is Counts.ONCE_PER_PERSON:
            people = counting.person[counting.metric == index]
            assert len(np.unique(people)) == len(people)


@STEADY
@given(worlds(with_gaps=True), st.data())
def test_what_others_achieve_changes_nothing_for_a_person(world: World, data: st.DataObject) -> None:
    person = data.draw(st.integers(0, 4))
    own = world.rows.person == person

    alone = match(world.contract, world.rows.take(own))

    assert alone.tolist() == match(world.contract, world.rows)[own].tolist()


@STEADY
@given(worlds(ANY_BOUNDED, with_counts=False))
def test_nobody_repeats_an_outcome_more_often_or_sooner_than_agreed(world: World) -> None:
    counting = world.rows.take(match(world.contract, world.rows) == 0)

    for index, metric in enumerate(world.contract.metrics):
        for person in np.unique(counting.person):
            days = np.sort(counting.achieved_on[(counting.metric == index) & (counting.person == person)])
            assert metric.at_most is None or len(days) <= metric.at_most
            assert not len(days) or np.diff(days).min(initial=10**6) >= np.timedelta64(metric.days_apart or 0, "D")


@STEADY
@given(worlds(ANY_BOUNDED, with_counts=False))
def test_no_more_outcomes_count_than_the_maximum(world: World) -> None:
    counting = world.rows.take(match(world.contract, world.rows) == 0)

    for volume in world.contract.volumes:
        own = counting.take(counting.metric == world.contract.metric_codes.index(volume.metric))
        period = world.contract.periods.index_of_days(own.achieved_on)
        scopes = list(
            zip(
                own.site.tolist() if Dimension.SITE in volume.on else [0] * len(own),
                period.tolist() if Dimension.PERIOD in volume.on else [0] * len(own),
                strict=True,
            )
        )
        assert all(scopes.count(scope) <= volume.maximum for scope in set(scopes))
