"""What is said of outcomes that wait: for a consent, a document, the outcome before them, or a day; and until when."""

from datetime import date
from pathlib import Path

import pytest

from sib_engine.outcomes.reasons import Reason
from sib_engine.outcomes.why.words import Why
from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.explain_amounts import explain_amounts

RIVERSIDE = str(Path(__file__).parents[2] / "docs" / "examples" / "riverside.toml")
FACTS = "person,fact,on,until,job,hours,competitive,detail,recorded_on,consent_on"
BEFORE_CONSENT = (
    "Q2,referral,2021-01-04,,,,,out of work,,",
    "Q2,vocational profile,2021-01-18,,,,,,,",
    "Q2,employment,2021-03-01,,cafe,20,yes,,,",
    "Q2,evidence,2021-03-05,,,,,employer letter,,",
)


def rows_file(folder: Path, *lines: str) -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def told(folder: Path, *lines: str, known_on: date) -> dict[str, tuple[str, tuple[Why, ...]]]:
    """Return the last day to record and the reasons of each row that does not count under the made-up contract."""
    found = derive_outcomes(RIVERSIDE, rows_file(folder, FACTS, *lines), known_on=known_on)
    return {line.row: (line.record_by, line.whys) for line in found.listed(only_not_counting=True)}


def test_no_deadline_for_claims_is_about_a_consent_nor_about_what_waits_for_it(tmp_path: Path) -> None:
    before = told(tmp_path, *BEFORE_CONSENT, known_on=date(2021, 12, 31))

    assert {record_by for record_by, _ in before.values()} == {""}
    assert {each.by for _, whys in before.values() for each in whys} == {None}
    consent = "Q2,appointment,2021-01-04,,,,,,2023-05-05,2021-01-04"
    after = told(tmp_path, *BEFORE_CONSENT, consent, known_on=date(2023, 5, 5))
    assert list(after) == ["Q2/sustained_8_plus/cafe"]


def test_what_lacks_a_consent_and_a_document_has_the_last_day_for_the_document(tmp_path: Path) -> None:
    lines = told(tmp_path, *BEFORE_CONSENT[:3], known_on=date(2021, 4, 1))

    record_by, whys = lines["Q2/job_start/cafe"]
    assert record_by == "2021-04-30"
    assert [(each.reason, each.by) for each in whys] == [
        (Reason.PREREQUISITE_MISSING, None),
        (Reason.EVIDENCE_MISSING, date(2021, 4, 30)),
        (Reason.NO_CONSENT, None),
    ]
    assert lines["Q2/six_months/cafe"][0] == "2021-04-30"


def test_work_that_still_lasts_says_what_the_outcome_before_it_takes(tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        "Q3,referral,2021-01-04,,,,,out of work,,2021-01-04",
        "Q3,vocational profile,2021-01-18,,,,,,,",
        "Q3,employment,2021-08-01,,cafe,20,yes,,,",
        "Q3,evidence,2021-08-02,,,,,employer letter,,",
        known_on=date(2021, 8, 31),
    )

    missing = next(each for each in lines["Q3/six_months/cafe"][1] if each.reason is Reason.PREREQUISITE_MISSING)
    assert missing.mend == (
        "Q3/job_start/cafe counting, which takes: a date on or before 2021-07-18, if the record is wrong; else nothing"
    )


CHASED = (
    "P,referral,2021-01-04,,,,,out of work,,2021-01-04",
    "P,vocational profile,2021-01-10,,,,,,,",
    "P,employment,2021-02-01,2021-02-20,J1,20,yes,A,,",
    "P,employment,2021-05-01,,J2,20,yes,B,,",
)


def test_an_outcome_that_is_too_late_stands_in_no_others_way(tmp_path: Path) -> None:
    path = rows_file(tmp_path, FACTS, *CHASED)
    late = derive_outcomes(RIVERSIDE, path, known_on=date(2021, 5, 31))
    in_time = derive_outcomes(RIVERSIDE, path, known_on=date(2021, 4, 2))

    assert [(line.row, line.reasons, line.record_by) for line in late.unevidenced()] == [
        ("P/job_start/J2", "R08 evidence-missing", "2021-06-30")
    ]
    assert [line.row for line in late.too_late()] == ["P/job_start/J1"]
    assert [line.row for line in in_time.unevidenced()] == ["P/job_start/J1"]


def test_after_the_last_day_for_claims_nothing_is_on_the_list_to_chase(tmp_path: Path) -> None:
    path = rows_file(
        tmp_path,
        "person,site,fact,on,until,job,hours,competitive,detail,metric",
        "A2,enfield,referral,2020-10-01,,,,,,",
        "A2,enfield,appointment,2020-10-05,,,,,,",
        "A2,enfield,vocational profile,2020-10-10,,,,,,",
        "A2,enfield,evidence,2020-10-10,,,,,vocational profile,engagement",
        "A2,enfield,employment,2021-01-04,2021-02-28,J1,12,yes,Cafe,",
        "A2,enfield,employment,2021-03-10,,J2,12,yes,Shop,",
        "A2,enfield,evidence,2021-06-20,,J2,,,payslip,",
    )
    after = derive_outcomes("mhep/enfield", path, known_on=date(2024, 8, 5))
    before = derive_outcomes("mhep/enfield", path, known_on=date(2024, 7, 31))

    assert after.unevidenced() == []
    assert [line.row for line in after.too_late()] == ["A2/job_start/J1", "A2/sustained_under_16/J2"]
    assert sum(each.n_too_late for each in after.by_metric()) == 2
    assert [line.row for line in before.unevidenced()] == ["A2/job_start/J1", "A2/sustained_under_16/J2"]
    assert before.too_late() == []


QUICK = """
[[tariff]]
id = "quick"
metric = "job_start"
from = 2021-01-01
price = 800
quick = { after = "referral", months = 2 }
status = "agreed"
source = "made up"
"""


@pytest.mark.parametrize(
    ("terms", "found", "mend"),
    [
        (
            ('timezone = "Europe/London"', 'timezone = "Europe/London"\nprice_date = "claim"'),
            "the price goes by the day of the claim, and none is recorded",
            "the day of the claim (claimed_on, or recorded_on)",
        ),
        (
            ('timezone = "Europe/London"', 'timezone = "Europe/London"\nprice_date = "start"'),
            "the price goes by the day of the referral, and none is recorded",
            "the day of the referral (started_on)",
        ),
        (
            ("[[tariff]]", QUICK + "\n[[tariff]]"),
            "the price goes by the day of the referral, and none is recorded",
            "the day of the referral (started_on)",
        ),
    ],
)
def test_a_day_that_the_price_needs_is_asked_for_by_name(
    tmp_path: Path, terms: tuple[str, str], found: str, mend: str
) -> None:
    text = Path(RIVERSIDE).read_text(encoding="utf-8")
    assert terms[0] in text
    contract = tmp_path / "riverside.toml"
    contract.write_text(text.replace(*terms, 1), encoding="utf-8")
    path = rows_file(tmp_path, "row,person,metric,achieved_on", "a,P1,job_start,2021-03-01")

    outcome = explain_amounts(str(contract), path, row="a").outcome

    assert outcome is not None
    (reason,) = outcome.reasons
    assert (reason.code, reason.found, reason.mend) == ("R28 no-claim-date", found, mend)


def test_hours_that_are_missing_say_for_how_many_days(tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        "P,referral,2021-01-04,,,,,out of work,,2021-01-04",
        "P,vocational profile,2021-01-10,,,,,,,",
        "P,employment,2021-02-01,2021-02-28,J1,20,yes,A,,",
        "P,employment,2021-03-01,2021-06-30,J1,,yes,A,,",
        "P,evidence,2021-02-10,,J1,,,employer letter,,",
        known_on=date(2021, 7, 31),
    )

    unknown = next(each for each in lines["P/sustained_16_plus/J1"][1] if each.reason is Reason.HOURS_UNKNOWN)
    assert unknown == Why(
        Reason.HOURS_UNKNOWN,
        "no hours are recorded for 63 of 91 days, the first of them from 2021-03-01 to 2021-05-02",
        "weekly hours of the job, or hours of each pay period, for every day from 2021-03-01 to 2021-05-02",
        date(2023, 3, 31),
    )
