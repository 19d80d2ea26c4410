"""When things arrive, and in which order, moves money between statements and never the sum of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.claims import Move
from sib_engine.services.audit.replay import replay
from sib_engine.services.statements.draw import draw_as_known
from sib_engine.storage.chain import head
from sib_engine.storage.records.claims import claims_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.records.facts import facts_as_known
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, SOURCE, Office
from tests.store.stores import fresh_store

JOB = "employment,2021-02-01,,cafe,20,yes,no"
LETTER = "evidence,2021-02-05,,cafe,,,,employer letter,job_start,held"
PAYSLIP = "evidence,2021-06-01,,cafe,,,,payslip,sustained,held"

ARRIVALS = (
    ("H-1,referral,2021-01-11", "H-1,vocational profile,2021-01-20"),
    (f"H-1,{JOB}", f"H-1,{LETTER}"),
    (f"H-1,{PAYSLIP}",),
    ("H-2,referral,2021-02-01", "H-2,vocational profile,2021-02-10", "H-2,employment,2021-03-08,,shop,16,yes,no"),
    ("H-2,evidence,2021-03-12,,shop,,,,employer letter,job_start,held",),
)
"""Parts of what is known of two people: 400 + 1,000 + 2,000 for the first, 400 + 1,000 for the second."""

NESTING = """
[[cap]]
id = "of-a-person"
on = ["person"]
limit = 3000
status = "agreed"
source = "made up"
"""


@contextmanager
def opened(kind: str, *, limit: int, more: str = "") -> Iterator[Office]:
    with TemporaryDirectory() as name, fresh_store(kind, Path(name)) as store:
        office = Office.opened(store, Path(name))
        source = SOURCE.read_text(encoding="utf-8").replace("limit = 50000", f"limit = {limit}") + more
        office.register(source, on="2021-01-05", note="for the test")
        yield office


def paid(office: Office) -> tuple[int, int]:
    """Return what each payer was stated to pay in all."""
    with office.store.read() as session:
        seq, _ = head(session)
        contract = contract_as_known(session, CONTRACT, seq)
        lines = lines_as_known(session, contract.id, seq)
    return sum(line.pays[0] for line in lines), sum(line.pays[1] for line in lines)


def day(number: int) -> str:
    return f"2022-01-{5 + number:02}"


def arrive(office: Office, arrivals: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Let each arrive, be decided and be stated before the next, and return what each payer pays in all."""
    for number, lines in enumerate(arrivals):
        office.upload(*lines, on=day(number))
        with suppress(RefusedError):  # nothing that passed every check
            office.accept_passed(on=day(number))
        office.approve("2021-Q4", on=day(number))
    return paid(office)


FEW = settings(max_examples=min(10, settings().max_examples))
CASES = [
    (40_000, "", (3_200_00, 1_600_00)),
    (40_000, NESTING, (2_933_34, 1_466_66)),
    (3_700, NESTING, (2_466_67, 1_233_33)),
]
"""A cap that nothing reaches; one for a person; that one within one for the contract."""


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "more", "expected"), CASES)
@FEW
@given(arrivals=st.permutations(ARRIVALS))
def test_the_order_of_arrival_does_not_change_what_is_paid_in_all(
    limit: int, more: str, expected: tuple[int, int], arrivals: list[tuple[str, ...]]
) -> None:
    with opened("sqlite", limit=limit, more=more) as office:
        assert arrive(office, arrivals) == expected


@pytest.mark.slow
@pytest.mark.parametrize("arrivals", [ARRIVALS, ARRIVALS[::-1], [tuple(line for part in ARRIVALS for line in part)]])
def test_the_same_holds_on_postgresql(arrivals: Sequence[Sequence[str]]) -> None:
    with opened("postgresql", limit=3_700, more=NESTING) as office:
        assert arrive(office, arrivals) == (2_466_67, 1_233_33)


def test_a_claim_that_is_withdrawn_and_put_back_is_paid_once(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    arrive(office, ARRIVALS)

    office.move(Move.WITHDRAW, "P1/job_start/cafe", on=day(6), by="ada", note="sent by mistake")
    taken_back = office.approve("2021-Q4", on=day(6))
    office.move(Move.REOPEN, "P1/job_start/cafe", on=day(7), note="it was right after all")
    office.move(Move.ACCEPT, "P1/job_start/cafe", on=day(7))
    put_back = office.approve("2021-Q4", on=day(7))

    # Thirteen weeks rest on the job start, and go and come back with it.
    assert (taken_back.statement.total, put_back.statement.total) == (-3_000_00, 3_000_00)
    assert paid(office) == (3_200_00, 1_600_00)
    assert office.draft("2021-Q4", on=day(8)).statement.total == 0


@pytest.mark.slow
@pytest.mark.parametrize("row", ["P1/engagement", "P1/job_start/cafe", "P1/sustained/cafe", "P2/engagement"])
def test_withdrawing_and_putting_back_under_caps_that_bind_gives_the_same_in_all(row: str) -> None:
    with opened("sqlite", limit=3_700, more=NESTING) as office:
        before = arrive(office, ARRIVALS)

        office.move(Move.WITHDRAW, row, on=day(6), by="ada", note="sent by mistake")
        office.approve("2021-Q4", on=day(6))
        office.move(Move.REOPEN, row, on=day(7), note="it was right after all")
        office.move(Move.ACCEPT, row, on=day(7))
        office.approve("2021-Q4", on=day(7))

        assert before == paid(office) == (2_466_67, 1_233_33)


def test_what_becomes_known_late_is_paid_now_and_belongs_to_its_own_quarter(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    office.upload(*ARRIVALS[0], f"H-1,{JOB}", on="2021-04-06")
    office.accept_passed(on="2021-04-06")
    office.approve("2021-Q1", on="2021-04-07")

    office.upload(f"H-1,{LETTER},2021-07-01", on="2021-07-01")
    office.accept_passed(on="2021-07-01")
    late = office.approve("2021-Q2", on="2021-07-02").statement

    assert [(line.period, line.own_period, line.row, line.payable) for line in late.lines] == [
        ("2021-Q2", "2021-Q1", "P1/job_start/cafe", 1_000_00)
    ]


def seen(office: Office, seq: int, known_on: date) -> tuple[object, ...]:
    """Return everything that was known at a place of the chain, and the statement that follows from it."""
    with office.store.read() as session:
        contract = contract_as_known(session, CONTRACT, seq)
        draft = draw_as_known(session, contract, "2021-Q4", seq=seq, known_on=known_on)
        return (
            contract.terms.digest,
            tuple(claims_as_known(session, contract.id, seq)),
            tuple(facts_as_known(session, contract.id, seq).ids.tolist()),
            lines_as_known(session, contract.id, seq),
            draft.digest,
        )


def test_what_was_known_at_a_place_never_changes_by_what_comes_later(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    known_on = date(2022, 1, 20)
    source = SOURCE.read_text(encoding="utf-8")
    commands: list[Callable[[], object]] = [
        lambda: office.upload(*ARRIVALS[0], *ARRIVALS[1], on=day(0)),
        lambda: office.accept_passed(on=day(1)),
        lambda: office.approve("2021-Q4", on=day(2)),
        lambda: office.upload("H-1,employment,2021-02-01,2021-02-20,cafe,20,yes,no", *ARRIVALS[3], on=day(3)),
        lambda: office.move(Move.REOPEN, "P1/engagement", on=day(4), note="look again"),
        lambda: office.move(Move.REJECT, "P1/engagement", on=day(5), reason="V06", note="no profile was found"),
        lambda: office.approve("2021-Q4", on=day(6)),
        lambda: office.register(source.replace("price = 400", "price = 450"), on=day(7), note="agreed on 11 January"),
        lambda: office.upload(f"H-1,{JOB}", *ARRIVALS[4], on=day(8)),
    ]

    then: dict[int, tuple[object, ...]] = {}
    for command in commands:
        command()
        with store.read() as session:
            seq, _ = head(session)
        then[seq] = seen(office, seq, known_on)

    assert len(set(then.values())) == len(commands)
    assert {seq: seen(office, seq, known_on) for seq in then} == then
    with store.read() as session:
        assert verify(session).breaks == ()
        assert [each.is_same for each in replay(session, CONTRACT, seq=seq)] == [True, True]
