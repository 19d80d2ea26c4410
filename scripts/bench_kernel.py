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
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from scripts import bench_duckdb, bench_polars
from scripts.bench_mechanisms import with_mechanisms
from scripts.bench_rows import PEOPLE, made_contract, made_rows
from scripts.bench_terms import Answer, numbers_of
from sib_engine.core.money import IntArray
from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.caps.cap import cap
from sib_engine.payments.price.pricing import price
from sib_engine.terms.contract import Contract

EVERY = "every row"
PAID = "paid rows"
SEED = 20260730
SCALING_PEOPLE = (600_000, 1_500_000, 3_000_000, 6_000_000)
GOAL_RATIO = 3.0
GOAL_MEMORY = 4.0
GOAL_MECHANISMS = 1.6


Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Contender(Generic[Found]):
    """One way to the answer: its name and question, the work that is timed, and what its result adds up to."""

    name: str
    question: str
    work: Callable[[], Found]
    sums: Callable[[Found], Answer]


class Kernel(NamedTuple):
    """What the kernel says of each row, shape ``(n,)``."""

    reasons: MaskArray
    earned: IntArray
    payable: IntArray


def main() -> None:
    """Print the table of docs/benchmarks.md."""
    given = _arguments()
    print(_machine())
    contract = made_contract(given.people)
    rows = made_rows(contract, given.people, np.random.default_rng(SEED))
    print(f"{len(rows):,} rows of {given.people:,} people, {rows.nbytes / 1e6:,.0f} MB; {given.repeats} rounds\n")
    _compare(_contenders(contract, rows), given.repeats)
    _report_memory(contract, rows)
    _report_mechanisms(contract, with_mechanisms(contract, given.people), rows, given.repeats)
    if given.scaling:
        _report_scaling(given.repeats)


def kernel(contract: Contract, rows: OutcomeRows) -> Kernel:
    """Return the kernel's answer."""
    reasons = match(contract, rows)
    priced = price(contract, rows, where=reasons == 0)
    return Kernel(reasons, priced.amount, cap(contract, rows, priced.amount, priced=priced.pricing).payable)


def sums(found: Kernel) -> Answer:
    """Return what the kernel's answer adds up to."""
    return Answer(
        int(np.count_nonzero(found.reasons == 0)),
        int(found.reasons.sum(dtype=np.int64)),
        int(found.earned.sum()),
        int(found.payable.sum()),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the kernel against Polars and DuckDB.")
    parser.add_argument("--people", type=int, default=PEOPLE, help="people; about 1.66 rows each")
    parser.add_argument("--repeats", type=int, default=9, help="rounds in which each takes its turn")
    parser.add_argument("--scaling", action="store_true", help="also time the kernel from 1 to 10 million rows")
    return parser.parse_args()


def _machine() -> str:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "polars", "duckdb"))
    return f"{len(os.sched_getaffinity(0))} processors, Python {platform.python_version()}, {versions}"


def _contenders(contract: Contract, rows: OutcomeRows) -> list[Contender[Any]]:
    numbers = numbers_of(contract)
    frame = bench_polars.frame_of(rows)
    database = bench_duckdb.connected(frame)
    of_polars, of_duckdb = bench_polars, bench_duckdb
    return [
        Contender("sib-engine", EVERY, lambda: kernel(contract, rows), sums),
        Contender("Polars", EVERY, lambda: of_polars.full(frame, numbers), of_polars.sums),
        Contender("DuckDB", EVERY, lambda: of_duckdb.full(database, numbers), of_duckdb.sums),
        Contender("Polars", PAID, lambda: of_polars.paid(frame, numbers), of_polars.sums_paid),
        Contender("DuckDB", PAID, lambda: of_duckdb.paid(database, numbers), of_duckdb.sums),
    ]


def _compare(contenders: list[Contender[Any]], repeats: int) -> None:
    """Let all take turns, stop where answers differ, and print times and ratios."""
    times: list[list[float]] = [[] for _ in contenders]
    for _ in range(repeats):
        answers = []
        for contender, taken in zip(contenders, times, strict=True):
            # Once untimed, so that all are warm alike: what the one before left in the caches is not this one's.
            contender.work()
            began = time.perf_counter()
            found = contender.work()
            taken.append(time.perf_counter() - began)
            answers.append(contender.sums(found))
            del found
        _check(contenders, answers)
    medians = [statistics.median(taken) for taken in times]
    print("| | asked for | median s | least s | times the kernel's median | least in one round |")
    print("|---|---|---:|---:|---:|---:|")
    for contender, taken, median in zip(contenders, times, medians, strict=True):
        ratio = min(theirs / ours for theirs, ours in zip(taken, times[0], strict=True))
        row = (contender.name, contender.question, f"{median:.3f}", f"{min(taken):.3f}")
        print("|", " | ".join((*row, f"{median / medians[0]:.1f}", f"{ratio:.1f}")), "|")
    fastest = min(median for median, each in zip(medians[1:], contenders[1:], strict=True) if each.question == EVERY)
    verdict = "reached" if fastest / medians[0] >= GOAL_RATIO else "MISSED"
    print(f"\n{fastest / medians[0]:.1f} times as fast as the faster of the two; goal {GOAL_RATIO:.0f}: {verdict}")


def _check(contenders: list[Contender[Any]], answers: list[Answer]) -> None:
    """Stop where answers differ; who is only asked for paid rows knows no reasons."""
    ours = answers[0]
    for contender, theirs in zip(contenders, answers, strict=True):
        same = theirs._replace(reasons=ours.reasons) if contender.question == PAID else theirs
        if same != ours:
            message = f"{contender.name} ({contender.question}) answers {theirs}, the kernel {ours}"
            raise SystemExit(message)


def _report_memory(contract: Contract, rows: OutcomeRows) -> None:
    tracemalloc.start()
    kernel(contract, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    verdict = "reached" if peak / rows.nbytes <= GOAL_MEMORY else "MISSED"
    print(f"peak beyond the input: {peak / rows.nbytes:.1f} times its size; goal at most {GOAL_MEMORY:.0f}: {verdict}")


def _report_mechanisms(flat: Contract, mixed: Contract, rows: OutcomeRows, repeats: int) -> None:
    """Let the flat contract and the one with every counting mechanism take turns, each once untimed before."""
    taken: dict[str, list[float]] = {"flat": [], "mixed": []}
    for _ in range(repeats):
        for name, contract in (("flat", flat), ("mixed", mixed)):
            kernel(contract, rows)
            began = time.perf_counter()
            found = kernel(contract, rows)
            taken[name].append(time.perf_counter() - began)
            del found
    medians = {name: statistics.median(times) for name, times in taken.items()}
    ratio = medians["mixed"] / medians["flat"]
    verdict = "reached" if ratio <= GOAL_MECHANISMS else "MISSED"
    print(
        f"\nflat {medians['flat']:.3f} s; with tiers, bonus, person cap and share of outcomes {medians['mixed']:.3f} s"
    )
    print(f"{ratio:.2f} times the flat case; goal at most {GOAL_MECHANISMS}: {verdict}")


def _report_scaling(repeats: int) -> None:
    print("\n| rows | median s | ns a row |")
    print("|---:|---:|---:|")
    for n_people in SCALING_PEOPLE:
        contract = made_contract(n_people)
        rows = made_rows(contract, n_people, np.random.default_rng(SEED))
        kernel(contract, rows)
        taken = []
        for _ in range(repeats):
            began = time.perf_counter()
            kernel(contract, rows)
            taken.append(time.perf_counter() - began)
        median = statistics.median(taken)
        print(f"| {len(rows):,} | {median:.3f} | {median / len(rows) * 1e9:.0f} |")


if __name__ == "__main__":
    main()
