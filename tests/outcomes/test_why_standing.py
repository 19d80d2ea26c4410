"""The outcome that words name is the one that matching let win: held against matching on drawn tables."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.outcomes.matching.order import units_in_order
from sib_engine.outcomes.reasons import Reason, bit
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.standing import Standing
from sib_engine.terms.metric import Band, BandRule, Counts
from tests.oracle import build

CONTRACT = build.contract(
    start=date(2019, 1, 1),
    metrics=(
        build.metric("lower", counts=Counts.ONCE_PER_PERSON),
        build.metric("upper", counts=Counts.EVERY_TIME),
        build.metric("alone", counts=Counts.ONCE_PER_PERSON),
    ),
    bands=(Band("band", ("lower", "upper"), BandRule.EXCLUSIVE, build.AGREED),),
)
DAYS = ["2021-01-04", "2021-01-05", "2021-02-01", "NaT"]
ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(DAYS), st.integers(0, 1)), min_size=1, max_size=12
)


@given(drawn=ROWS)
def test_who_beats_a_row_counts_itself_and_comes_no_later(drawn: list[tuple[int, int, str, int]]) -> None:
    person, metric, day, count = zip(*drawn, strict=True)
    rows = build.rows(len(drawn), person=person, metric=metric, achieved_on=day, count=count)
    mask = match(CONTRACT, rows)
    standing = Standing(rows, mask)

    for unit in units_in_order(CONTRACT):
        beaten = np.flatnonzero(
            np.isin(rows.metric, unit.metrics) & ((mask & (bit(Reason.DUPLICATE) | bit(Reason.OTHER_BAND))) != 0)
        )
        winners = standing.first(unit.metrics, unit.per)[standing.key(unit.per)[beaten]]
        assert (winners != NONE).all()
        assert (mask[winners] == 0).all()
        assert (rows.person[winners] == rows.person[beaten]).all()
        is_later = np.isnat(rows.achieved_on[beaten]) | (rows.achieved_on[winners] <= rows.achieved_on[beaten])
        assert is_later.all()
        is_other = (mask[beaten] & bit(Reason.OTHER_BAND)) != 0
        assert (is_other == (rows.metric[winners] != rows.metric[beaten])).all()


def test_a_row_without_a_person_neither_stands_nor_breaks_the_keys() -> None:
    rows = build.rows(2, person=[NONE, 0], achieved_on="2021-01-04")

    assert Standing(rows, np.zeros(2, dtype=np.uint64)).first((0,), units_in_order(CONTRACT)[0].per).tolist()[0] == 1
