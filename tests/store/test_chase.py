"""The weekly list to chase, and what falls due if the work lasts."""

from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, SegregationError
from sib_engine.core.table_writer import write_table
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_account, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.claims.chase import Chase, FallsDue, chase, falls_due
from sib_engine.services.claims.open_lines import HEADING
from sib_engine.storage.store import Store
from tests.store.office import CONTRACT, HEADINGS, SOURCE, Office, at

SPECIALISTS = {"H-1": "=ES-01", "H-2": "ES-02", "H-3": "ES-02"}
TERMS = SOURCE.read_text(encoding="utf-8").replace(
    'evidence = ["employer letter"]\n', 'evidence = ["employer letter"]\nclaim_within_days = 60\n'
)


def reported(office: Office, *, on: str) -> None:
    """Three people in work: one with a letter, one without, and one whose letter is too late to come."""
    lines = (
        "H-1,referral,2021-01-11,,,,,,,,,2021-01-11",
        "H-1,vocational profile,2021-01-20",
        "H-1,employment,2021-03-01,,cafe,20,yes,no",
        "H-2,referral,2021-01-11,,,,,,,,,2021-01-11",
        "H-2,vocational profile,2021-01-20",
        "H-2,employment,2021-02-01,,shop,20,yes,no",
        "H-2,evidence,2021-02-05,,shop,,,,employer letter,job_start,held",
        "H-3,referral,2021-01-04,,,,,,,,,2021-01-04",
        "H-3,vocational profile,2021-01-05",
        "H-3,employment,2021-01-11,,yard,20,yes,no",
    )
    path = office.folder / "people.csv"
    rows = [line + "," * (len(HEADINGS) - 1 - line.count(",")) for line in lines]
    named = [f"{row},{SPECIALISTS[row[:3]] if ',referral,' in row else ''}" for row in rows]
    path.write_text("\n".join([",".join((*HEADINGS, "specialist")), *named]) + "\n", encoding="utf-8")
    office.upload_file(path, on=on)


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    found = Office.opened(store, tmp_path)
    found.register(TERMS, on="2021-01-05", note="a closing date")
    reported(found, on="2021-03-20")
    return found


def chased(office: Office, *, by: str = "ada", on: str = "2021-03-22", specialist: str | None = None) -> Chase:
    with office.store.read() as session:
        return chase(session, CONTRACT, specialist=specialist, by=actor_named(session, by), at=at(on))


def due(office: Office, *, by: str = "ada", on: str = "2021-03-22") -> FallsDue:
    with office.store.read() as session:
        return falls_due(session, CONTRACT, by=actor_named(session, by), at=at(on))


def test_what_is_earned_and_unevidenced_is_listed_with_closing_date_and_pounds(office: Office) -> None:
    found = chased(office)

    (line,) = found.lines
    assert (line.claim, line.person, line.specialist, line.provider) == (
        "P1/job_start/cafe",
        "H-1",
        "=ES-01",
        "Harbour Works",
    )
    assert (str(line.record_by), line.state) == ("2021-04-30", "submitted")
    assert line.missing.startswith("R08 a document (employer letter) dated on or after 2021-03-01")
    assert found.worth is not None
    assert (found.worth.amount, found.worth.is_assumed) == (1_000_00, False)


def test_what_is_too_late_stands_apart(office: Office) -> None:
    found = chased(office)

    assert [line.claim for line in found.too_late] == ["P3/job_start/yard"]
    assert found.worth_too_late is not None
    assert found.worth_too_late.amount == 1_000_00

    # Six weeks later the first letter is too late as well. Thirteen weeks at the yard need the start there, so they
    # have its closing date and not that of their own payslip.
    later = chased(office, on="2021-05-03")
    assert [(line.claim, str(line.record_by)) for line in later.too_late] == [
        ("P3/job_start/yard", "2021-03-12"),
        ("P3/sustained/yard", "2021-03-12"),
        ("P1/job_start/cafe", "2021-04-30"),
    ]
    assert [line.claim for line in later.lines] == ["P2/sustained/shop"]


def test_others_see_numbers_and_no_references(office: Office) -> None:
    assert [line.person for line in chased(office, by="vera").lines] == ["P1"]
    with pytest.raises(SegregationError):
        chased(office, by="root")


def test_a_provider_sees_its_own_people_only(office: Office) -> None:
    with office.store.begin() as session:
        root = actor_named(session, "root")
        add_account(session, "oda", name="Oda", organisation="Riverside Outcomes Fund", by=root, at=at("2021-03-21"))
        grant_role(session, "oda", Role.PROVIDER, contract=CONTRACT, by=root, at=at("2021-03-21"))

    assert chased(office, by="oda").lines == ()
    assert due(office, by="oda").lines == ()


def test_the_list_of_one_specialist_is_theirs_alone(office: Office) -> None:
    assert [group.name for group in chased(office).by_specialist()] == ["=ES-01"]
    assert chased(office, specialist="ES-02").lines == ()
    with pytest.raises(NotFoundError, match="no employment specialist is called 'ES-99'; accepted: =ES-01, ES-02"):
        chased(office, specialist="ES-99")


def test_what_was_rejected_is_not_chased(office: Office) -> None:
    office.move(Move.REJECT, "P1/job_start/cafe", on="2021-03-22", reason="V06", note="never started")

    assert chased(office).lines == ()


def test_what_falls_due_is_summed_by_month(office: Office) -> None:
    found = due(office)

    assert [(line.claim, str(line.due_on)) for line in found.lines] == [("P2/sustained/shop", "2021-05-02")]
    (month,) = found.by_month()
    assert month.worth is not None
    assert (month.name, month.n_lines, month.worth.amount) == ("2021-05", 1, 2_000_00)


def test_a_specialist_who_looks_like_a_formula_is_harmless_in_the_file(office: Office, tmp_path: Path) -> None:
    found = chased(office)
    out = tmp_path / "chase.csv"
    write_table(out, HEADING, (line.cells(found.contract.currency) for line in found.lines))

    assert ",'=ES-01," in out.read_text(encoding="utf-8")


def test_the_preview_tells_what_is_at_stake_from_what_falls_due(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)

    found = office.preview(
        "H-1,referral,2021-01-11",
        "H-1,vocational profile,2021-01-20",
        "H-1,employment,2021-02-01,,cafe,20,yes,no",
        "H-2,referral,2021-01-11",
        "H-2,vocational profile,2021-01-20",
        "H-2,employment,2021-02-01,,shop,20,yes,no",
        "H-2,evidence,2021-02-05,,shop,,,,employer letter,job_start,held",
        on="2021-03-01",
    )

    assert found.would_pay is not None
    assert found.at_stake is not None
    assert found.falls_due is not None
    assert (found.would_pay.amount, found.at_stake.amount, found.falls_due.amount) == (1_800_00, 1_000_00, 2_000_00)


def test_an_assumed_price_is_marked(store: Store, tmp_path: Path) -> None:
    office = Office.opened(store, tmp_path)
    before = 'price = 1000\nstatus = "agreed"\nsource = "made up"'
    after = 'price = 1000\nstatus = "assumed"\nsource = "not published"'
    office.register(TERMS.replace(before, after), on="2021-01-05", note="x")
    reported(office, on="2021-03-20")

    worth = chased(office).worth
    assert worth is not None
    assert worth.is_assumed
