"""Time match, price and cap on millions of rows against the same rules in Polars and in DuckDB.

Run with ``scripts/bench``. All of them hold the same data in memory in their own form, are warm, use every processor,
take turns in one run, and must agree on every row's reasons and to the penny, or nothing is reported. Ratios within
one run mean something on a busy machine; times do not.

Two questions are asked. *Every row*: the reasons, the earned and the payable amount of each row, which is what the
kernel answers. *Paid rows*: only the amounts of the rows that count, and not why the others do not; the kernel has no
such shortcut and does the same work for it.
"""

import argparse
import os
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

import numpy as np

from scripts import bench_duckdb, bench_polars
from scripts.bench_rows import PEOPLE, made_contract, made_rows
from scripts.bench_terms import Answer, numbers_of
from sib_engine.outcomes.match import match
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.caps import cap
from sib_engine.payments.pricing import price
from sib_engine.terms.contract import Contract

SEED = 20260730
SCALING_PEOPLE = (600_000, 1_500_000, 3_000_000, 6_000_000)
GOAL_RATIO = 3.0
GOAL_MEMORY = 4.0


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to the answer: its name and question, the work that is timed, and the answer that it left."""

    name: str
    question: str
    work: Callable[[], object]
    answer: Callable[[], Answer]


def main() -> None:
    """Print the table of docs/benchmarks.md."""
    given = _arguments()
    if given.processors:
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: given.processors]))
    print(_machine())
    contract = made_contract(given.people)
    rows = made_rows(contract, given.people, np.random.default_rng(SEED))
    print(f"{len(rows):,} rows of {given.people:,} people, {rows.nbytes / 1e6:,.0f} MB; {given.repeats} rounds\n")
    contenders = _contenders(contract, rows)
    _compare(contenders, given.repeats)
    _report_memory(contract, rows)
    if given.scaling:
        _report_scaling(given.repeats)


def answer(contract: Contract, rows: OutcomeRows) -> Answer:
    """Return what the kernel's answer adds up to."""
    reasons = match(contract, rows)
    counts = reasons == 0
    priced = price(contract, rows, where=counts)
    capped = cap(contract, rows, priced.amount)
    return Answer(
        int(np.count_nonzero(counts)),
        int(reasons.sum(dtype=np.int64)),
        int(priced.amount.sum()),
        int(capped.payable.sum()),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the kernel against Polars and DuckDB.")
    parser.add_argument("--people", type=int, default=PEOPLE, help="people; about 1.66 rows each")
    parser.add_argument("--repeats", type=int, default=9, help="rounds in which each takes its turn")
    parser.add_argument("--scaling", action="store_true", help="also time the kernel from 1 to 10 million rows")
    parser.add_argument("--processors", type=int, default=0, help="use only so many processors (Linux)")
    return parser.parse_args()


def _machine() -> str:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "polars", "duckdb"))
    return f"{len(os.sched_getaffinity(0))} processors, Python {platform.python_version()}, {versions}"


def _contenders(contract: Contract, rows: OutcomeRows) -> list[Contender]:
    numbers = numbers_of(contract)
    frame = bench_polars.frame_of(rows)
    connection = bench_duckdb.connected(frame)
    left: dict[str, Answer] = {}

    def kernel() -> None:
        left["kernel"] = answer(contract, rows)

    def polars_full() -> None:
        left["polars full"] = bench_polars.answer_of(bench_polars.full(frame, numbers))

    def polars_paid() -> None:
        left["polars paid"] = bench_polars.answer_of_paid(bench_polars.paid(frame, numbers))

    def duckdb_full() -> None:
        bench_duckdb.full(connection, numbers)
        left["duckdb full"] = bench_duckdb.answer_of(connection)

    def duckdb_paid() -> None:
        bench_duckdb.paid(connection, numbers)
        left["duckdb paid"] = bench_duckdb.answer_of(connection)

    return [
        Contender("sib-engine", "every row", kernel, lambda: left["kernel"]),
        Contender("Polars", "every row", polars_full, lambda: left["polars full"]),
        Contender("DuckDB", "every row", duckdb_full, lambda: left["duckdb full"]),
        Contender("Polars", "paid rows", polars_paid, lambda: left["polars paid"]),
        Contender("DuckDB", "paid rows", duckdb_paid, lambda: left["duckdb paid"]),
    ]


def _compare(contenders: list[Contender], repeats: int) -> None:
    """Let all take turns, stop where answers differ, and print times and ratios."""
    times: list[list[float]] = [[] for _ in contenders]
    for turn in range(repeats + 1):
        for contender, taken in zip(contenders, times, strict=True):
            began = time.perf_counter()
            contender.work()
            if turn:  # the first round only warms up
                taken.append(time.perf_counter() - began)
    _check(contenders)
    kernel = statistics.median(times[0])
    print("| | question | median s | least s | times the kernel's median | least of the rounds |")
    print("|---|---|---:|---:|---:|---:|")
    for contender, taken in zip(contenders, times, strict=True):
        ratios = [theirs / ours for theirs, ours in zip(taken, times[0], strict=True)]
        print(
            f"| {contender.name} | {contender.question} | {statistics.median(taken):.3f} | {min(taken):.3f} "
            f"| {statistics.median(taken) / kernel:.1f} | {min(ratios):.1f} |"
        )
    same = [place for place, contender in enumerate(contenders) if contender.question == contenders[0].question]
    fastest = min(statistics.median(times[place]) for place in same[1:])
    verdict = "reached" if fastest / kernel >= GOAL_RATIO else "MISSED"
    print(f"\n{fastest / kernel:.1f} times as fast as the faster of the two; goal {GOAL_RATIO:.0f}: {verdict}")


def _check(contenders: list[Contender]) -> None:
    ours = contenders[0].answer()
    for contender in contenders:
        theirs = contender.answer()
        if contender.question == "paid rows":
            theirs = theirs._replace(reasons=ours.reasons)
        if theirs != ours:
            message = f"{contender.name} ({contender.question}) answers {theirs}, the kernel {ours}"
            raise SystemExit(message)
    print(f"all agree: {ours.n_counting:,} rows count, {ours.earned} earned, {ours.payable} payable (minor units)\n")


def _report_memory(contract: Contract, rows: OutcomeRows) -> None:
    tracemalloc.start()
    answer(contract, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    verdict = "reached" if peak / rows.nbytes <= GOAL_MEMORY else "MISSED"
    print(f"peak beyond the input: {peak / rows.nbytes:.1f} times its size; goal at most {GOAL_MEMORY:.0f}: {verdict}")


def _report_scaling(repeats: int) -> None:
    print("\n| rows | median s | ns a row |")
    print("|---:|---:|---:|")
    for n_people in SCALING_PEOPLE:
        contract = made_contract(n_people)
        rows = made_rows(contract, n_people, np.random.default_rng(SEED))
        answer(contract, rows)
        taken = []
        for _ in range(repeats):
            began = time.perf_counter()
            answer(contract, rows)
            taken.append(time.perf_counter() - began)
        median = statistics.median(taken)
        print(f"| {len(rows):,} | {median:.3f} | {median / len(rows) * 1e9:.0f} |")


if __name__ == "__main__":
    main()
