"""The benchmark's rules in DuckDB, by the fastest ways found to write them; the same ideas as in Polars."""

from typing import Final

import duckdb
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

_MATCH_FULL: Final = """
WITH k AS (
    SELECT row, person, metric, site, day, (day::BIGINT << 32) + row AS key,
        CASE WHEN day < {start} THEN {before_start} ELSE 0 END
        | CASE WHEN day > {end} THEN {after_end} ELSE 0 END
        | CASE WHEN recorded > {claims_close} THEN {recorded_late} ELSE 0 END AS why
    FROM rows
),
e1 AS (SELECT person, min(key) AS key FROM k WHERE metric = 0 AND why = 0 GROUP BY person),
e AS (
    SELECT row, metric, site, day, k.key, CASE WHEN why = 0 AND k.key <> e1.key THEN {duplicate} ELSE why END AS why
    FROM k LEFT JOIN e1 USING (person) WHERE metric = 0
),
j AS MATERIALIZED (
    SELECT row, person, metric, site, day, k.key,
        why | CASE WHEN e1.key IS NULL THEN {missing} WHEN e1.key >> 32 > day THEN {later} ELSE 0 END AS why
    FROM k LEFT JOIN e1 USING (person) WHERE metric = 1
),
j1 AS (SELECT person, min(key) AS key FROM j WHERE why = 0 GROUP BY person),
jo AS (
    SELECT row, metric, site, day, j.key, CASE WHEN why = 0 AND j.key <> j1.key THEN {duplicate} ELSE why END AS why
    FROM j LEFT JOIN j1 USING (person)
),
s AS MATERIALIZED (
    SELECT row, person, metric, site, day, k.key,
        why | CASE
            WHEN j1.key IS NULL THEN {missing}
            WHEN j1.key >> 32 > day THEN {later}
            WHEN (j1.key >> 32) + {time} - 1 > day THEN {too_soon}
            ELSE 0
        END AS why
    FROM k LEFT JOIN j1 USING (person) WHERE metric > 1
),
s1 AS (SELECT person, metric, min(key) AS key FROM s WHERE why = 0 GROUP BY ALL),
so AS (
    SELECT row, s.metric, site, day, s.key, CASE WHEN why = 0 AND s.key <> s1.key THEN {duplicate} ELSE why END AS why
    FROM s LEFT JOIN s1 USING (person, metric)
),
w AS (SELECT * FROM e UNION ALL SELECT * FROM jo UNION ALL SELECT * FROM so),
a AS MATERIALIZED (
    SELECT row, metric, site, day, key, why, CASE WHEN why = 0 THEN {amount} ELSE 0 END AS earned FROM w
)
"""

_MATCH_PAID: Final = """
WITH k AS (
    SELECT person, metric, day, ((day::BIGINT << 32) + row) * 8 + site AS key
    FROM rows WHERE day BETWEEN {start} AND {end} AND recorded <= {claims_close}
),
e1 AS (SELECT person, min(key) AS key FROM k WHERE metric = 0 GROUP BY person),
j1 AS (
    SELECT person, min(k.key) AS key FROM k JOIN e1 USING (person)
    WHERE metric = 1 AND e1.key >> 35 <= day GROUP BY person
),
s1 AS (
    SELECT person, metric, min(k.key) AS key FROM k JOIN j1 USING (person)
    WHERE metric > 1 AND (j1.key >> 35) + {time} - 1 <= day GROUP BY ALL
),
w AS (
    SELECT metric, key >> 35 AS day, (key >> 3) & 4294967295 AS row, (key & 7)::TINYINT AS site, 0 AS why, key
    FROM (
        SELECT 0::TINYINT AS metric, key FROM e1
        UNION ALL SELECT 1::TINYINT, key FROM j1
        UNION ALL SELECT metric, key FROM s1
    )
),
a AS MATERIALIZED (SELECT row, metric, site, day, key, why, {amount} AS earned FROM w)
"""

_CAP: Final = """
, b AS (SELECT metric, site, day, sum(earned)::BIGINT AS total FROM a GROUP BY ALL),
c AS (
    SELECT metric, site, day, after - total AS before, after FROM (
        SELECT *, sum(total) OVER (PARTITION BY metric, site ORDER BY day ROWS UNBOUNDED PRECEDING)::BIGINT AS after
        FROM b
    )
),
cut AS (SELECT * FROM c WHERE before < {limit} AND after > {limit}),
edge AS (
    SELECT row, why, earned, before + sum(earned) OVER (
        PARTITION BY a.metric, a.site ORDER BY key ROWS UNBOUNDED PRECEDING
    )::BIGINT AS after
    FROM a JOIN cut USING (metric, site, day)
)
SELECT row, why, earned, CASE WHEN cut.day IS NULL OR a.day < cut.day THEN earned ELSE 0 END AS payable
FROM a LEFT JOIN cut USING (metric, site) WHERE cut.day IS NULL OR a.day <> cut.day
UNION ALL
SELECT row, why, earned, least(after, {limit}) - least(after - earned, {limit}) FROM edge
"""


def connected(frame: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that holds the rows in a table of its own."""
    connection = duckdb.connect()
    connection.register("given", frame.to_arrow())
    connection.execute("CREATE TABLE rows AS SELECT * FROM given")
    connection.unregister("given")
    return connection


def full(connection: duckdb.DuckDBPyConnection, numbers: Numbers) -> duckdb.DuckDBPyConnection:
    """Write row, reasons, earned and payable of every row to the table ``found``."""
    return _run(connection, _MATCH_FULL + _CAP, numbers)


def paid(connection: duckdb.DuckDBPyConnection, numbers: Numbers) -> duckdb.DuckDBPyConnection:
    """Write row, earned and payable of the rows that count to the table ``found``."""
    return _run(connection, _MATCH_PAID + _CAP, numbers)


def sums(connection: duckdb.DuckDBPyConnection) -> Answer:
    """Return what the table ``found`` adds up to."""
    sums = connection.execute(
        "SELECT count(*) FILTER (why = 0), sum(why)::BIGINT, sum(earned)::BIGINT, sum(payable)::BIGINT FROM found"
    ).fetchone()
    return Answer(*sums)


def _run(connection: duckdb.DuckDBPyConnection, query: str, numbers: Numbers) -> duckdb.DuckDBPyConnection:
    filled = query.format(
        start=numbers.start,
        end=numbers.end,
        claims_close=numbers.claims_close,
        time=numbers.time,
        limit=numbers.limit,
        amount=_amount(numbers),
        before_start=BEFORE_START,
        after_end=AFTER_END,
        recorded_late=RECORDED_LATE,
        duplicate=DUPLICATE,
        missing=MISSING,
        later=LATER,
        too_soon=TOO_SOON,
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE found AS " + filled)
    return connection


def _amount(numbers: Numbers) -> str:
    cases = []
    for metric, prices in enumerate(numbers.prices):
        later = " ".join(f"WHEN day >= {day} THEN {price}" for day, price in reversed(prices[1:]))
        cases.append(f"WHEN {metric} THEN CASE {later} ELSE {prices[0][1]} END")
    return f"(CASE metric {' '.join(cases)} END)::BIGINT"
