"""The benchmark's rules in Polars, by the fastest ways found to write them.

A row's place in date order is packed into one integer, the first row of a person is the least of them,
and the cap is worked out on sums by day, so that only the day on which a cap is reached is sorted.
"""

from typing import Final

import polars as pl

from scripts.bench_terms import (
    AFTER_END,
    BEFORE_START,
    DUPLICATE,
    LATER,
    MISSING,
    RECORDED_LATE,
    TOO_SOON,
    Answer,
    Numbers,
)
from sib_engine.outcomes.matching.day_scale import as_numbers
from sib_engine.outcomes.rows import OutcomeRows

_DAY: Final = 1 << 32
"""A packed key is the day times this, plus the row."""

_SITES: Final = 8
"""Where the site is packed as well, the key is multiplied by this first."""

col = pl.col


def frame_of(rows: OutcomeRows) -> pl.DataFrame:
    """Return the columns that the rules use, in the smallest types; days as whole numbers, which is fastest."""
    return pl.DataFrame(
        {
            "row": rows.row.astype("uint32"),
            "person": rows.person,
            "metric": rows.metric.astype("int8"),
            "site": rows.site.astype("int8"),
            "day": as_numbers(rows.achieved_on).astype("int32"),
            "recorded": as_numbers(rows.recorded_on).astype("int32"),
        }
    )


def full(frame: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Return row, reasons, earned and payable of every row, as the kernel does; in no order."""
    rows = frame.lazy().with_columns(
        why=_flag(col("day") < numbers.start, BEFORE_START)
        | _flag(col("day") > numbers.end, AFTER_END)
        | _flag(col("recorded") > numbers.claims_close, RECORDED_LATE),
        key=col("day").cast(pl.Int64) * _DAY + col("row"),
    )
    engaged = rows.filter(col("metric") == 0)
    jobs = _linked(rows.filter(col("metric") == 1), engaged)
    kept = _linked(rows.filter(col("metric") > 1), jobs, time=numbers.time)
    marked = pl.concat(
        [
            _once(engaged, ["person"]),
            _once(jobs, ["person"]),
            _once(kept, ["person", "metric"]),
        ]
    )
    earned = pl.when(col("why") == 0).then(_amount(numbers)).otherwise(0)
    return _capped(marked.with_columns(earned=earned).collect(), numbers.limit, ["row", "why", "earned", "payable"])


def paid(frame: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Return row, earned and payable of the rows that count, and nothing about the others; in no order."""
    is_good = (col("day").is_between(numbers.start, numbers.end), col("recorded") <= numbers.claims_close)
    key = (col("day").cast(pl.Int64) * _DAY + col("row")) * _SITES + col("site")
    rows = frame.lazy().filter(*is_good).with_columns(key=key)
    least = col("key").min()
    before = (col("before") // (_DAY * _SITES)).cast(pl.Int32)
    engaged = rows.filter(col("metric") == 0).group_by("person").agg(least)
    after = rows.filter(col("metric") == 1).join(engaged.select("person", before="key"), on="person")
    jobs = after.filter(before <= col("day")).group_by("person").agg(least)
    after = rows.filter(col("metric") > 1).join(jobs.select("person", before="key"), on="person")
    kept = after.filter(before + (numbers.time - 1) <= col("day")).group_by("person", "metric").agg(least)
    of_metric = [
        engaged.with_columns(metric=pl.lit(0, pl.Int8)),
        jobs.with_columns(metric=pl.lit(1, pl.Int8)),
        kept,
    ]
    counting = pl.concat(of_metric, how="diagonal").with_columns(
        day=(col("key") // (_DAY * _SITES)).cast(pl.Int32),
        row=(col("key") // _SITES) % _DAY,
        site=(col("key") % _SITES).cast(pl.Int8),
    )
    earned = counting.with_columns(earned=_amount(numbers)).collect()
    return _capped(earned, numbers.limit, ["row", "earned", "payable"])


def sums(found: pl.DataFrame) -> Answer:
    """Return what a result of :func:`full` adds up to."""
    return Answer(
        int((found["why"] == 0).sum()),
        int(found["why"].cast(pl.Int64).sum()),
        int(found["earned"].sum()),
        int(found["payable"].sum()),
    )


def sums_paid(found: pl.DataFrame) -> Answer:
    """Return what a result of :func:`paid` adds up to; it knows no reasons."""
    return Answer(len(found), 0, int(found["earned"].sum()), int(found["payable"].sum()))


def _flag(where: pl.Expr, reason: int) -> pl.Expr:
    return pl.when(where).then(pl.lit(reason, pl.UInt64)).otherwise(pl.lit(0, pl.UInt64))


def _linked(rows: pl.LazyFrame, earlier: pl.LazyFrame, *, time: int | None = None) -> pl.LazyFrame:
    """Return the rows with the reasons that an earlier metric of the same person gives."""
    first = earlier.filter(col("why") == 0).group_by("person").agg(before=(col("key").min() // _DAY).cast(pl.Int32))
    rows = rows.join(first, on="person", how="left")
    why = col("why") | _flag(col("before").is_null(), MISSING) | _flag(col("before") > col("day"), LATER)
    if time is not None:
        is_too_soon = (col("before") <= col("day")) & (col("before") + (time - 1) > col("day"))
        why |= _flag(is_too_soon, TOO_SOON)
    return rows.with_columns(why=why).drop("before")


def _once(rows: pl.LazyFrame, by: list[str]) -> pl.LazyFrame:
    """Return the rows with the later ones of each person marked; a window is faster here than a join."""
    first = pl.when(col("why") == 0).then(col("key")).min().over(by)
    return rows.with_columns(why=col("why") | _flag((col("why") == 0) & (col("key") != first), DUPLICATE))


def _amount(numbers: Numbers) -> pl.Expr:
    """Return the unit price of a row's metric on its day; a chain of conditions is faster here than a join."""
    amount = pl.lit(0, pl.Int64)
    for metric, prices in enumerate(numbers.prices):
        price = pl.lit(prices[0][1], pl.Int64)
        for day, later in prices[1:]:
            price = pl.when(col("day") >= day).then(pl.lit(later, pl.Int64)).otherwise(price)
        amount = pl.when(col("metric") == metric).then(price).otherwise(amount)
    return amount


def _capped(rows: pl.DataFrame, limit: int, columns: list[str]) -> pl.DataFrame:
    """Return the rows with what a cap for each metric and site leaves of them, in date order."""
    scope = ["metric", "site"]
    days = (
        rows.lazy()
        .group_by(*scope, "day")
        .agg(sum=col("earned").sum())
        .sort("day")
        .with_columns(after=col("sum").cum_sum().over(scope))
        .with_columns(before=col("after") - col("sum"))
        .filter(col("before") < limit, col("after") > limit)
        .collect()
    )
    last = days.lazy().select(*scope, last="day")
    others = (
        rows.lazy()
        .join(last, on=scope, how="left")
        .with_columns(last=col("last").fill_null(2**31 - 1))
        .filter(col("day") != col("last"))
        .with_columns(payable=pl.when(col("day") < col("last")).then(col("earned")).otherwise(0))
    )
    running = col("earned").cum_sum().over(scope) + col("before")
    on_the_last = (
        rows.lazy()
        .join(days.lazy().select(*scope, "day", "before"), on=[*scope, "day"])
        .sort("key")
        .with_columns(after=running)
        .with_columns(
            payable=pl.min_horizontal("after", limit) - pl.min_horizontal(col("after") - col("earned"), limit)
        )
    )
    return pl.concat([others.select(columns), on_the_last.select(columns)]).collect()
