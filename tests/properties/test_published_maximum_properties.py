"""A published count lies within a maximum as so many outcomes of people of its day do."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.outcomes.matching.published import within_maxima
from sib_engine.outcomes.rows import NONE
from sib_engine.services.simulated_runs import plain_rows
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.volume import VolumeMaximum
from tests.oracle import build
from tests.properties.clauses import METRICS
from tests.properties.steady import steady
from tests.properties.worlds import contracts

STEADY = steady(60)
DAYS = np.array(["2020-05-01", "2020-05-02", "2020-08-03", "NaT"], dtype="datetime64[D]")
ON = st.sampled_from([{Dimension.CONTRACT}, {Dimension.SITE}, {Dimension.PERIOD}, {Dimension.SITE, Dimension.PERIOD}])
ROW = st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(0, 3), st.booleans())


@STEADY
@given(contracts(), st.lists(ROW, min_size=1, max_size=9), ON, st.integers(1, 8), st.integers(1, 8))
def test_of_each_row_as_many_count_as_of_people_one_by_one(
    contract: Contract,
    drawn: list[tuple[int, int, int, bool]],
    on: set[Dimension],
    maximum: int,
    in_all: int,
) -> None:
    metric = METRICS[0]
    volumes = (
        VolumeMaximum("some", metric, frozenset(on), maximum, None, build.AGREED),
        VolumeMaximum("all", metric, frozenset({Dimension.CONTRACT}), in_all, None, build.AGREED),
    )
    # A person's outcome needs the day that decides its price, which a count may lack.
    contract = replace(
        contract, volumes=volumes[: 1 + (Dimension.CONTRACT not in on)], grants=(), price_date=PriceDate.OUTCOME
    )
    count = np.array([1 if is_person else number for number, *_, is_person in drawn], dtype=np.int64)
    rows = replace(
        plain_rows(len(drawn)),
        count=count,
        site=np.array([site for _, site, _, _ in drawn], dtype=np.int16),
        achieved_on=DAYS[[day for _, _, day, _ in drawn]],
        person=np.array([place if each[3] else NONE for place, each in enumerate(drawn)], dtype=np.int32),
    )
    whose = np.repeat(np.arange(len(drawn)), count)
    one_by_one = replace(
        rows.take(whose.astype(np.intp)),
        row=np.arange(len(whose)),
        count=np.ones(len(whose), dtype=np.int64),
        person=np.arange(len(whose), dtype=np.int32),
    )

    found = within_maxima(contract, rows, match(contract, rows))

    counted = np.bincount(whose[match(contract, one_by_one) == 0], minlength=len(drawn))
    assert np.where(found.mask == 0, found.counts, 0).tolist() == counted.tolist()
