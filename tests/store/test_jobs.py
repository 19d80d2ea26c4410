from collections import Counter
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.services.jobs.cancel import cancel
from sib_engine.services.jobs.enqueue import enqueue
from sib_engine.services.jobs.finish import fail, finish, stop
from sib_engine.services.jobs.lease import GIVEN_UP, Lease, lease, progress
from sib_engine.storage.store import Store
from sib_engine.storage.tables import Job
from tests.store.faults.leasing import take_all
from tests.store.office import at

NOON = at("2021-02-01")
KINDS = ("report",)


def asked(store: Store, n_jobs: int = 1) -> list[int]:
    with store.begin() as session:
        return [enqueue(session, "report", {"number": number}, by=None) for number in range(n_jobs)]


def ask_and_fail(store: Store) -> None:
    with store.begin() as session:
        enqueue(session, "report", {}, by=None)
        cancel(session, 99)


def taken(store: Store, worker: str = "w1", *, now: datetime = NOON) -> Lease | None:
    with store.begin() as session:
        return lease(session, worker=worker, kinds=KINDS, at=now)


def held(store: Store, worker: str = "w1", *, now: datetime = NOON) -> Lease:
    found = taken(store, worker, now=now)
    assert found is not None
    return found


def stands(store: Store, number: int) -> tuple[str, str | None, int]:
    with store.read() as session:
        job = session.get_one(Job, number)
        return job.state, job.result, job.attempts


def test_work_is_taken_in_the_order_in_which_it_was_asked_for_and_once(store: Store) -> None:
    first, second = asked(store, 2)

    found = [taken(store, "w1"), taken(store, "w2"), taken(store, "w3")]

    assert found == [
        Lease(first, "report", {"number": 0}, "w1", 1),
        Lease(second, "report", {"number": 1}, "w2", 1),
        None,
    ]


def test_work_that_a_worker_does_not_know_is_left_to_others(store: Store) -> None:
    asked(store)

    with store.begin() as session:
        assert lease(session, worker="w1", kinds=("simulate",), at=NOON) is None


def test_work_that_was_asked_for_in_a_command_that_failed_is_not_there(store: Store) -> None:
    with pytest.raises(NotFoundError):
        ask_and_fail(store)

    assert taken(store) is None


def test_a_lease_that_ran_out_is_taken_again_and_its_first_worker_is_told(store: Store) -> None:
    (number,) = asked(store)
    lost = held(store, "w1")
    assert taken(store, "w2", now=NOON + timedelta(minutes=2)) is None

    again = held(store, "w2", now=NOON + timedelta(minutes=2, seconds=1))

    assert (again.job, again.attempt) == (number, 2)
    with pytest.raises(RefusedError, match="w1 no longer holds job 1: its lease ran out"), store.begin() as session:
        finish(session, lost, result="late")
    with store.begin() as session:
        finish(session, again, result="ready")
    assert stands(store, number) == ("done", "ready", 2)


def test_a_worker_that_took_its_own_work_again_cannot_end_the_first_attempt(store: Store) -> None:
    asked(store)
    lost = held(store, "w1")
    held(store, "w1", now=NOON + timedelta(minutes=3))

    with pytest.raises(RefusedError, match="no longer holds"), store.begin() as session:
        finish(session, lost)


def test_telling_how_far_it_is_holds_the_work_on(store: Store) -> None:
    (number,) = asked(store)
    own = held(store)
    with store.begin() as session:
        assert progress(session, own, done=3, of=10, at=NOON + timedelta(minutes=1))

    assert taken(store, "w2", now=NOON + timedelta(minutes=2, seconds=30)) is None
    with store.read() as session:
        job = session.get_one(Job, number)
        assert (job.done, job.of) == (3, 10)


def test_work_that_lost_its_worker_three_times_is_given_up(store: Store) -> None:
    (number,) = asked(store)
    for turn in range(3):
        held(store, f"w{turn}", now=NOON + turn * timedelta(minutes=3))

    assert taken(store, now=NOON + timedelta(minutes=10)) is None
    assert stands(store, number) == ("failed", GIVEN_UP, 3)


def test_work_that_failed_is_tried_again_unless_it_would_fail_again(store: Store) -> None:
    first, second = asked(store, 2)
    own = held(store)
    with store.begin() as session:
        assert not fail(session, own, "no", is_final=True)
    for again in (True, True, False):
        own = held(store)
        with store.begin() as session:
            assert fail(session, own, "the disk is full") is again

    assert stands(store, first) == ("failed", "no", 1)
    assert stands(store, second) == ("failed", "the disk is full", 3)


def test_waiting_work_is_cancelled_at_once_and_work_in_hand_when_its_worker_looks(store: Store) -> None:
    first, second = asked(store, 2)
    own = held(store)
    with store.begin() as session:
        assert cancel(session, second) == "cancelled"
        assert cancel(session, first) == "held"
    with store.begin() as session:
        assert not progress(session, own, done=1, of=2, at=NOON)
        stop(session, own)

    assert [stands(store, number)[0] for number in (first, second)] == ["cancelled", "cancelled"]
    with pytest.raises(RefusedError, match="job 1 is cancelled already"), store.begin() as session:
        cancel(session, first)
    with pytest.raises(NotFoundError, match="there is no job 9"), store.begin() as session:
        cancel(session, 9)


def test_work_that_was_cancelled_while_its_worker_was_lost_is_not_begun_again(store: Store) -> None:
    (number,) = asked(store)
    held(store)
    with store.begin() as session:
        cancel(session, number)

    assert taken(store, now=NOON + timedelta(minutes=5)) is None
    assert stands(store, number)[0] == "cancelled"


@pytest.mark.slow
def test_two_processes_never_hold_the_same_work(store: Store, tmp_path: Path) -> None:
    numbers = asked(store, 60)
    processes = get_context("forkserver")
    url = store.url.render_as_string(hide_password=False)
    logs = [tmp_path / "a", tmp_path / "b"]
    workers = [processes.Process(target=take_all, args=(url, log.name, log)) for log in logs]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    assert [worker.exitcode for worker in workers] == [0, 0]
    done = Counter(int(line) for log in logs for line in log.read_text(encoding="utf-8").split())
    assert done == Counter(numbers)
    assert {stands(store, number) for number in numbers} == {("done", "", 1)}
