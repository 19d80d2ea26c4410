"""Kill a worker at a random moment of a command, and look at what it left."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from sib_engine.core.errors import RefusedError
from sib_engine.services.audit.replay import replay
from sib_engine.services.statements.postings import EARNED
from sib_engine.storage.chain import head
from sib_engine.storage.store import Store
from sib_engine.storage.tables import (
    AuditEntry,
    Claim,
    ClaimMove,
    Fact,
    Invoice,
    LedgerEntry,
    LinePart,
    Participant,
    Payment,
    Statement,
    Upload,
)
from sib_engine.storage.verify import verify
from tests.store.faults.steps import (
    FACTS_OF_A_PERSON,
    OF_A_PERSON,
    OF_THE_COUNCIL,
    PEOPLE_OF_A_BATCH,
    STEPS,
    day_of,
    do,
    opened_for_faults,
)
from tests.store.faults.worker import work
from tests.store.office import Office
from tests.store.stores import fresh_store

PATIENCE = 120
"""Seconds within which a worker must have begun what it is killed in."""

KILLS_OF_A_STORE = 10
"""After so many a new store is begun, so that a campaign does not grow slower and slower."""


KNOWN = "the same file was taken in|no submitted claim|invoiced already|has nothing new"
"""What a command is told that was kept, though nobody could say so, and is given again."""


@dataclass(slots=True)
class Tally:
    """What a campaign saw: kills by command, and in how many of them the command was kept, or not."""

    kills: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    n_acknowledged: int = 0

    def lines(self) -> Iterator[str]:
        """Return the tally in words, a line for each command."""
        for step in STEPS:
            kept = self.kept[step]
            gone = self.kills[step] - kept
            yield f"{step:8} killed {self.kills[step]:4} times: kept whole {kept:4}, not at all {gone:4}"
        yield f"{sum(self.kills.values())} kills, {self.n_acknowledged:,} acknowledged commands, all of them there"


@dataclass(slots=True)
class _Site:
    """One store under fire: the place in the chain before the first step, and place and hash of every step since."""

    office: Office
    n_before: int
    kept: list[tuple[int, str]] = field(default_factory=list)


def run(kind: str, n_kills: int, *, seed: int) -> Tally:
    """Kill workers ``n_kills`` times, on new stores of a kind.

    Raises:
        AssertionError: If anything was lost, kept by half or kept twice.
    """
    tally, rng = Tally(), Random(seed)  # noqa: S311 - moments, no secrets
    took = dict.fromkeys(STEPS, 0.3)
    left = n_kills
    while left:
        with TemporaryDirectory() as name, fresh_store(kind, Path(name)) as store:
            office = opened_for_faults(store, Path(name))
            site = _Site(office, _head(store)[0])
            for _ in range(min(left, KILLS_OF_A_STORE)):
                _kill_once(site, rng, took, tally)
                left -= 1
            _look_back(site)
    return tally


def _kill_once(site: _Site, rng: Random, took: dict[str, float], tally: Tally) -> None:
    n_known = len(site.kept)
    target = rng.choice(STEPS)
    _run_and_kill(site, target, rng.random(), took, silence=rng.choice((0.0, 0.3)) * took[target])
    tally.n_acknowledged += len(site.kept) - n_known
    _wait_until_alone(site.office.store)
    step = len(site.kept)
    was_kept = _head(site.office.store)[0] > site.n_before + step
    _look(site, n_steps=step + was_kept)
    tally.kills[STEPS[step % len(STEPS)]] += 1
    tally.kept[STEPS[step % len(STEPS)]] += was_kept
    _do_again(site, step, was_kept=was_kept)
    site.kept.append(_head(site.office.store))
    _look(site, n_steps=step + 1)


def _run_and_kill(site: _Site, target: str, share: float, took: dict[str, float], *, silence: float) -> None:
    """Run a worker and kill it ``share`` of the way through the first command of a kind that it begins."""
    # A server that has everything imported forks the workers: each is a process of its own, and there at once.
    processes = get_context("forkserver")
    processes.set_forkserver_preload(["tests.store.faults.worker"])
    hear, talk = processes.Pipe(duplex=False)
    store = site.office.store
    url = store.url.render_as_string(hide_password=False)
    worker = processes.Process(target=work, args=(url, site.office.folder, len(site.kept), talk, silence), daemon=True)
    worker.start()
    talk.close()
    began, is_due = 0.0, False
    while not is_due:
        if not hear.poll(PATIENCE):
            worker.kill()
            message = f"the worker said nothing for {PATIENCE} seconds"
            raise TimeoutError(message)
        step, seq, kept = hear.recv()
        kind = STEPS[step % len(STEPS)]
        if seq:
            site.kept.append((seq, kept))
            took[kind] = 0.7 * took[kind] + 0.3 * max(0.05, time.monotonic() - began - silence)
        began = time.monotonic()
        is_due = kind == target and not seq
    time.sleep(share * (1.1 * took[target] + silence))
    worker.kill()
    worker.join()
    worker.close()
    site.kept += [(seq, kept) for _, seq, kept in _what_was_said(hear) if seq]
    hear.close()


def _what_was_said(hear: "Connection[Any, Any]") -> Iterator[tuple[int, int, str]]:
    with suppress(EOFError, OSError):
        while True:
            yield hear.recv()


def _wait_until_alone(store: Store) -> None:
    """Wait until PostgreSQL has noticed that the worker is gone, so that what is kept is kept."""
    if store.is_sqlite:
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    store.close()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with store.read() as session:
            if not session.execute(others).scalar():
                return
        time.sleep(0.01)
    message = "PostgreSQL still serves the worker that was killed"
    raise TimeoutError(message)


def _look(site: _Site, *, n_steps: int) -> None:
    """Check that all of ``n_steps`` commands is there, once, and nothing else."""
    n_uploads, n_decided, n_approved, n_invoiced, n_confirmed = (
        (n_steps - place + len(STEPS) - 1) // len(STEPS) for place in range(len(STEPS))
    )
    with site.office.store.read() as session:
        found = verify(session)
        assert found.breaks == ()
        assert found.n_entries == site.n_before + n_steps
        hashes = dict(session.execute(select(AuditEntry.seq, AuditEntry.hash)).all())
        assert [hashes[seq] for seq, _ in site.kept] == [kept for _, kept in site.kept]

        def count(column: InstrumentedAttribute[int]) -> int:
            return int(session.execute(select(func.count(column))).scalar_one())

        assert count(Upload.id) == n_uploads
        assert count(Participant.id) == n_uploads * PEOPLE_OF_A_BATCH
        assert count(Fact.id) == n_uploads * PEOPLE_OF_A_BATCH * FACTS_OF_A_PERSON
        assert count(Claim.id) == n_uploads * PEOPLE_OF_A_BATCH * 3
        assert count(ClaimMove.id) == n_decided * PEOPLE_OF_A_BATCH * 2
        assert count(Statement.id) == n_approved
        assert count(Invoice.id) == n_invoiced * 2
        assert count(Payment.id) == n_confirmed
        assert _paid(session) == n_confirmed * OF_THE_COUNCIL
        assert _owed(session) == _stated(session) == n_approved * PEOPLE_OF_A_BATCH * OF_A_PERSON


def _owed(session: Session) -> int:
    """Return what the ledger says that all payers owe: the other side of what was earned."""
    credit = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.credit == EARNED)
    debit = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.debit == EARNED)
    return int(session.execute(credit).scalar_one()) - int(session.execute(debit).scalar_one())


def _paid(session: Session) -> int:
    """Return what the ledger says that was paid, by the entries of payments."""
    paid = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.payment_id.is_not(None))
    return int(session.execute(paid).scalar_one())


def _stated(session: Session) -> int:
    return int(session.execute(select(func.coalesce(func.sum(LinePart.pays), 0))).scalar_one())


def _do_again(site: _Site, step: int, *, was_kept: bool) -> None:
    """Give the command again that was cut short: it is done now, or known to have been done."""
    kind, office = STEPS[step % len(STEPS)], site.office
    if not was_kept:
        do(office, step)
    elif kind == "approve":
        assert office.draft("2021-Q4", on=day_of(step)).statement.total == 0
    else:
        with pytest.raises(RefusedError, match=KNOWN):
            do(office, step)


def _look_back(site: _Site) -> None:
    """Check that every statement comes out again from what was known when it was approved."""
    with site.office.store.read() as session:
        seq, _ = head(session)
        assert all(each.is_same for each in replay(session, None, seq=seq))


def _head(store: Store) -> tuple[int, str]:
    with store.read() as session:
        return head(session)
