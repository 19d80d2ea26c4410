"""The ways in which large tables are clipped give what sorting every row would."""

from collections.abc import Sequence
from random import Random
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core import blocks
from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.cap import cap
from sib_engine.payments.running import ladder
from sib_engine.payments.running.cells import Cells
from sib_engine.terms.money_clauses import Cap
from tests.oracle import build
from tests.properties.steady import steady

SITES = ("north", "south")
KINDS = ("contract", "metric", "site", "metric site", "person", "person metric", "period", "person metric site period")


@st.composite
def tables(draw: st.DrawFn) -> tuple[OutcomeRows, IntArray]:
    n_rows = draw(st.integers(1, 40))

    def column(low: int, high: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=n_rows, max_size=n_rows))

    rows = build.rows(
        n_rows,
        row=draw(st.permutations(range(n_rows))),
        person=column(NONE, 3),
        metric=column(0, 1),
        site=column(NONE, 1),
        achieved_on=np.datetime64("2020-06-20") + np.array(column(0, 20)),
        stated=column(NONE, 2),
    )
    return rows, np.array(column(0, 50), dtype=np.int64)


def one_by_one(rows: OutcomeRows, amounts: IntArray, clause: Cap) -> list[int]:
    """Return what is left under one cap, row by row in order."""
    order = sorted(
        range(len(rows)),
        key=lambda at: (
            rows.stated[at] == NONE,
            rows.stated[at],
            rows.achieved_on[at],
            rows.metric[at],
            rows.site[at],
            rows.row[at],
        ),
    )
    dimensions: dict[str, npt.NDArray[Any]] = {
        "metric": rows.metric,
        "site": rows.site,
        "person": rows.person,
        "period": (rows.achieved_on >= np.datetime64("2020-07-01")).astype(int),
    }
    left: list[int] = amounts.tolist()
    covered = [at for at in order if "person" not in clause.on or rows.person[at] != NONE]
    sited = [at for at in covered if "site" not in clause.on or rows.site[at] != NONE]
    passes = [(sited, set(clause.on), clause.limit)]
    if len(sited) < len(covered):  # outcomes at no known site: all sites together get no more than this
        passes.append((covered, {name for name in clause.on if name != "site"}, clause.limit * len(SITES)))
    for places, on, limit in passes:
        used: dict[tuple[int, ...], int] = {}
        for at in places:
            scope = tuple(int(values[at]) for name, values in dimensions.items() if name in on)
            left[at] = min(left[at], limit - used.get(scope, 0))
            used[scope] = used.get(scope, 0) + left[at]
    return left


@steady(300)
@given(
    tables(),
    st.sampled_from(KINDS),
    st.integers(0, 300),
    st.sampled_from(["by cell", "by row"]),
    st.sampled_from([3, 10**6]),
)
def test_clipping_by_cell_and_by_row_is_clipping_one_by_one(
    table: tuple[OutcomeRows, IntArray], kind: str, limit: int, way: str, block: int
) -> None:
    rows, amounts = table
    clause = build.cap("c", kind, limit)
    contract = build.contract(sites=SITES, caps=(clause,))
    with (
        patch.object(Cells, "is_small", lambda *_: way == "by cell"),
        patch.object(ladder, "ALWAYS_CELLS", 10**6 if way == "by cell" else -(10**6)),
        patch.object(blocks, "BLOCK", block),
        patch.object(blocks, "THREADS_FROM", 0),
    ):
        found = cap(contract, rows, amounts)

    assert found.payable.tolist() == one_by_one(rows, amounts, clause)


NESTED = (("person metric site", "person metric", "person", "contract"), ("metric site", "site", "contract"))


@steady(200)
@given(
    tables(),
    st.sampled_from(NESTED),
    st.lists(st.integers(0, 400), min_size=4, max_size=4),
    st.randoms(use_true_random=False),
)
def test_nested_caps_leave_one_total_whichever_statements_the_rows_arrived_in(
    table: tuple[OutcomeRows, IntArray], kinds: Sequence[str], limits: list[int], random: Random
) -> None:
    rows, amounts = table
    caps = tuple(build.cap(kind, kind, limit) for kind, limit in zip(kinds, limits, strict=False))
    contract = build.contract(sites=SITES, caps=caps)
    shuffled = rows.stated.tolist()
    random.shuffle(shuffled)
    other = build.rows(
        len(rows),
        row=rows.row,
        person=rows.person,
        metric=rows.metric,
        site=rows.site,
        achieved_on=rows.achieved_on,
        stated=shuffled,
    )

    assert cap(contract, rows, amounts).payable.sum() == cap(contract, other, amounts).payable.sum()


def test_a_million_pounds_in_many_rows_of_one_day_is_cut_at_the_last_id() -> None:
    n_rows = 5_000
    rows = build.rows(n_rows, row=np.arange(n_rows)[::-1])
    contract = build.contract(caps=(build.cap("c", "contract", 100_000_000),))

    found = cap(contract, rows, np.full(n_rows, 33_333, dtype=np.int64)).payable

    assert np.count_nonzero(found == 33_333) == 3_000
    assert found[:1999].sum() == 0
    assert found[1999] == 1_000
    assert found.sum() == 100_000_000
