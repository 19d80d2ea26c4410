"""A contract document with something in it deleted, doubled or replaced by an odd value."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

ODD_VALUES: tuple[object, ...] = (
    "", " ", "x", "*", "lost", "referral", "unfunded", "fund", "council", "job_start", "t1", "a1", "58%", "1/3", "1/0",
    "0%", "100%", "-1%", "2020-Q2", "2020-04", "9999-12", "0000-00", "\x1b[31m", "\u202etxt", "é" * 5000, "north",
    "published", "assumed", "unpriced", "once per job", "next period", "period", "payer", "upgrade pays the difference",
    0, 1, -1, 15, 16, 91, 2**31, 2**63, 10**40, -(10**400), True, False,
    Decimal("0.00"), Decimal("0.005"), Decimal("-0.0"), Decimal("1e999999999"), Decimal("1e-999999999"), Decimal("NaN"),
    Decimal("Infinity"), Decimal("99999999999999.99"), Decimal("0." + "3" * 60), Decimal("470.00"),
    date(1, 1, 1), date(1900, 1, 1), date(2020, 3, 31), date(2022, 4, 1), date(2199, 12, 31), date(9999, 12, 31),
    datetime(2020, 4, 1, 12), time(12),  # noqa: DTZ001 - TOML has local times
    [], {}, [[]], [{}], [[[[[]]]]], {"x": {"x": {}}}, ["x", "x"], ["north"], ["engagement", "health"], [1], [True],
    {"id": "x"}, {"from": date(2020, 4, 1), "to": date(2199, 12, 31)}, {"council": "1/3", "fund": "2/3"},
    {"months": 1200, "anchor": date(2199, 12, 31)}, {"after": "health", "days": 36500}, {"weeks": 5200},
)  # fmt: skip


def mutated(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """Return the document after one to three changes drawn by hypothesis."""
    for _ in range(data.draw(st.integers(1, 3))):
        places = list(_places(document))
        holder, key = places[data.draw(st.integers(0, len(places) - 1))]
        _change(holder, key, data)
    return document


def _change(holder: Any, key: Any, data: st.DataObject) -> None:  # noqa: ANN401 - any place of a TOML document
    how = data.draw(st.sampled_from(["delete", "replace", "replace", "replace", "double", "rename"]))
    if how == "delete":
        del holder[key]
    elif how == "replace":
        holder[key] = deepcopy(data.draw(st.sampled_from(ODD_VALUES)))
    elif how == "double" and isinstance(holder, list):
        holder.append(deepcopy(holder[key]))
    elif isinstance(holder, dict):
        holder[
            data.draw(st.sampled_from(["x", "engagement", "id", "", "a b", "\x1b", "payers", "metric", "k" * 500]))
        ] = holder.pop(key)


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """Yield every holder and key of a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value, key
            yield from _places(inner)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield value, position
            yield from _places(inner)
