"""What must hold for published counts that name no site, under caps on money."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.cap import cap
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap
from tests.oracle import build
from tests.oracle.caps import payable
from tests.oracle.rows import plain_rows
from tests.properties.clauses import ANY, SITES, SOME_SITES
from tests.properties.steady import steady

N_ROWS = 8
AMOUNTS = st.lists(st.integers(0, 60_000), min_size=N_ROWS, max_size=N_ROWS).map(
    lambda amounts: np.array(amounts, dtype=np.int64)
)
LIMITS = st.integers(0, 90_000)


def under(*caps: Cap) -> Contract:
    return build.contract(sites=SITES, caps=caps)


@st.composite
def several_caps(draw: st.DrawFn) -> Contract:
    kinds = draw(st.lists(st.sampled_from(ANY), unique=True, min_size=1, max_size=4))
    return under(*(build.cap(f"c{place}", on, draw(LIMITS), sites=draw(SOME_SITES)) for place, on in enumerate(kinds)))


@st.composite
def some_rows(draw: st.DrawFn) -> OutcomeRows:
    def drawn(values: st.SearchStrategy[int]) -> list[int]:
        return draw(st.lists(values, min_size=N_ROWS, max_size=N_ROWS))

    site = np.array(drawn(st.sampled_from([NONE, NONE, 0, 1])))
    person = np.where(site == NONE, NONE, drawn(st.integers(NONE, 1)))
    day = np.datetime64("2020-04-01") + np.array(drawn(st.integers(0, 200)))
    metric, stated = drawn(st.integers(0, 1)), drawn(st.sampled_from([NONE, 1, 2]))
    return build.rows(N_ROWS, site=site, person=person, achieved_on=day, metric=metric, stated=stated)


@steady(120)
@given(several_caps(), some_rows(), AMOUNTS)
def test_counts_without_a_site_are_capped_as_the_oracle_caps_them(
    contract: Contract, rows: OutcomeRows, amounts: IntArray
) -> None:
    found = cap(contract, rows, amounts).payable

    assert found.tolist() == payable(contract, plain_rows(contract, rows), amounts.tolist())


@steady(120)
@given(st.sampled_from(["site", "metric site", "period site"]), LIMITS, some_rows(), AMOUNTS, st.data())
def test_no_way_to_give_counts_to_sites_pays_more_than_counts_without_a_site(
    on: str, limit: int, rows: OutcomeRows, amounts: IntArray, data: st.DataObject
) -> None:
    contract = under(build.cap("each-site", on, limit))
    given_to = np.array(data.draw(st.lists(st.sampled_from([0, 1]), min_size=N_ROWS, max_size=N_ROWS)))
    known = replace(rows, site=np.where(rows.site == NONE, given_to, rows.site).astype(np.int16))

    without, with_sites = (cap(contract, each, amounts).payable.sum() for each in (rows, known))

    assert with_sites <= without
    n_scopes = len(SITES) * (len(set(rows.metric.tolist())) if "metric" in on else 1) * (3 if "period" in on else 1)
    assert without <= limit * n_scopes
