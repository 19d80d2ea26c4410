import unicodedata
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sib_engine.core.personal import looks_personal
from sib_engine.outcomes.outcome_table import OutcomeTable, RowLabels
from sib_engine.outcomes.reasons import Reason, bit
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.outcomes.rows_file import read_rows, write_rows
from sib_engine.outcomes.why.words import complete
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Measure, Measured
from tests.oracle.build import contract, metric

Read = Callable[..., OutcomeTable]

METRICS = (
    metric("engagement", counts=Counts.ONCE_PER_PERSON, indigo="outcomemetric1"),
    metric("job_start", counts=Counts.ONCE_PER_PERSON),
    metric("visit", counts=Counts.EVERY_TIME),
)
NO_SITES = contract(metrics=METRICS)
ONE_SITE = contract(metrics=METRICS, sites=["enfield"])
TWO_SITES = contract(metrics=METRICS, sites=["haringey", "barnet"])


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a reader of rows given as text, which must hold no error, and only the warnings named."""

    def rows(text: str, *, terms: Contract = NO_SITES, warns: tuple[str, ...] = ()) -> OutcomeTable:
        path = tmp_path / "rows.csv"
        path.write_text(text, encoding="utf-8")
        found, findings = read_rows(path, terms)
        assert [finding.rule for finding in findings] == list(warns)
        assert found is not None
        return found

    return rows


def test_published_counts_are_read_by_code_or_indigo_id(read: Read) -> None:
    found = read("metric,count\noutcomemetric1,695\njob_start,218\nvisit,0\n")

    assert found.rows.metric.tolist() == [0, 1, 2]
    assert found.rows.count.tolist() == [695, 218, 0]
    assert found.rows.person.tolist() == [NONE, NONE, NONE]
    assert np.isnat(found.rows.achieved_on).all()
    assert found.row_ids() == ["count/engagement", "count/job_start", "count/visit"]
    assert found.counts.all()


MEASURED = contract(
    metrics=(
        *METRICS,
        metric("fall", rule=Measured(Measure.REDUCTION)),
        metric("score", rule=Measured(Measure.VALUE)),
    )
)


def test_measured_results_are_written_so_that_they_are_read_again(read: Read, tmp_path: Path) -> None:
    text = (
        "row,person,metric,group,achieved_on,cases,population,comparison_cases,comparison_population,value\n"
        "a,P1,job_start,,2020-05-01,,,,,\n"
        "b,,fall,cohort 1,2020-06-30,142,100,155,100,\n"
        "c,,score,,2020-06-30,,,,,-0.50\n"
        "d,,fall,cohort 2,2020-06-30,142,100,155,100,\n"
    )
    found = read(text, terms=MEASURED)

    write_rows(tmp_path / "again.csv", found, MEASURED)
    again = read((tmp_path / "again.csv").read_text(encoding="utf-8"), terms=MEASURED)

    figures = [found.labels.measures[code].text if code != NONE else "" for code in found.rows.measure.tolist()]
    fall = "cases=142 population=100 comparison_cases=155 comparison_population=100"
    assert figures == ["", fall, "value=-0.50", fall]
    assert again.labels == found.labels
    assert again.rows.measure.tolist() == found.rows.measure.tolist()
    assert found.rows.count.tolist() == [1, 1, 1, 1]


def test_columns_of_measured_results_are_written_only_where_there_are_some(read: Read, tmp_path: Path) -> None:
    write_rows(tmp_path / "again.csv", read("person,metric\nP1,job_start\n"), NO_SITES)

    assert "population" not in (tmp_path / "again.csv").read_text(encoding="utf-8")


def test_a_row_of_a_person_counts_once_unless_it_says_otherwise(read: Read) -> None:
    found = read("person,metric,count,job\nP2,engagement,,\nP1,visit,3,\nP1,job_start,1,J7\n")

    assert found.rows.count.tolist() == [1, 3, 1]
    assert found.labels.persons == ("P1", "P2")
    assert found.rows.person.tolist() == [1, 0, 0]
    assert found.row_ids() == ["P2/engagement", "P1/visit", "P1/job_start/J7"]
    assert found.rows.row.tolist() == [2, 1, 0]  # the rank of each id in order of text


def test_dates_and_labels_are_read(read: Read) -> None:
    found = read(
        "row,person,group,metric,achieved_on,started_on,recorded_on,due_on,evidence,hours\n"
        "r1,P1,women,job_start,2021-04-30,2021-01-05,2021-05-02,2021-07-29,payslip 2021-04-30,16.25\n",
        warns=("group-ignored",),
    )

    assert found.rows.achieved_on.astype(str).tolist() == ["2021-04-30"]
    assert found.rows.started_on.astype(str).tolist() == ["2021-01-05"]
    assert found.rows.recorded_on.astype(str).tolist() == ["2021-05-02"]
    assert found.due_on.astype(str).tolist() == ["2021-07-29"]
    assert (found.labels.groups, found.evidence, found.hours) == (("women",), ("payslip 2021-04-30",), ("16.25",))
    assert found.place_of("r1") == 0
    assert found.place_of("r2") is None


def test_the_same_job_reference_of_two_people_is_two_jobs(read: Read) -> None:
    found = read("person,metric,job\nP2,visit,J1\nP1,visit,J1\nP1,visit,J2\nP1,visit,J1\n")

    assert found.labels.jobs == ("J1", "J2", "J1")
    assert found.rows.job.tolist() == [2, 0, 1, 0]


def test_rows_that_do_not_count_keep_their_reasons_and_are_not_held_to_the_rules_of_those_that_do(read: Read) -> None:
    found = read(
        "person,metric,site,achieved_on,count,counts,reasons\n"
        "P1,engagement,haringey,2019-01-01,1,no,R02 before-start\n"
        "P2,engagement,Luton,2021-01-01,1,no,R20 wrong-site; R10 recorded-late\n"
        "P3,engagement,barnet,2021-01-01,1,yes,\n"
        "P4,engagement,barnet,,1,no,R08\n",
        terms=TWO_SITES,
    )

    assert found.counts.tolist() == [False, False, True, False]
    assert found.mask.tolist() == [
        bit(Reason.BEFORE_START),
        bit(Reason.WRONG_SITE) | bit(Reason.RECORDED_LATE),
        0,
        bit(Reason.EVIDENCE_MISSING),
    ]
    assert found.rows.site.tolist() == [0, NONE, 1, 1]
    assert found.sites == ("haringey", "Luton", "barnet", "barnet")
    assert found.take(found.counts).row_ids() == ["P3/engagement"]


def test_a_blank_site_is_the_contracts_only_site(read: Read) -> None:
    found = read("metric,count,site\nengagement,5,\njob_start,3,ENFIELD\n", terms=ONE_SITE)

    assert found.rows.site.tolist() == [0, 0]
    assert found.sites == ("enfield", "enfield")


def test_a_published_count_may_stand_for_all_sites(read: Read) -> None:
    found = read("metric,count\nengagement,5\n", terms=TWO_SITES)

    assert found.rows.site.tolist() == [NONE]


def test_sites_of_a_contract_without_any_are_ignored_and_said_to_be(read: Read) -> None:
    found = read("metric,count,site\nengagement,5,enfield\n", warns=("site-ignored",))

    assert found.rows.site.tolist() == [NONE]


def test_made_up_ids_do_not_depend_on_the_order_of_lines(read: Read) -> None:
    lines = [
        "P1,visit,2021-03-01",
        "P1,visit,2021-01-01",
        "P1,visit,",
        ",visit,2021-01-01",
        "P1,engagement,2021-02-01",
        "P1,visit,2021-02-01",
    ]
    expected = {
        "P1/visit/2021-01-01": "2021-01-01",
        "P1/visit/2021-02-01": "2021-02-01",
        "P1/visit/2021-03-01": "2021-03-01",
        "P1/visit": "NaT",
        "count/visit/2021-01-01": "2021-01-01",
        "P1/engagement": "2021-02-01",
    }

    for some in (lines, lines[::-1], lines[3:] + lines[:3]):
        found = read(
            "\n".join(["person,metric,achieved_on,count", *(f"{line},1" for line in some)]),
            warns=("counts-and-persons",),
        )
        assert dict(zip(found.row_ids(), found.rows.achieved_on.astype(str).tolist(), strict=True)) == expected


def test_a_made_up_id_is_never_one_that_the_file_gives(read: Read) -> None:
    found = read("row,person,metric\nP1/visit,P9,visit\n,P1,visit\nP1/visit/2,P8,visit\n")

    assert found.row_ids() == ["P1/visit", "P1/visit/3", "P1/visit/2"]


def test_two_equal_lines_with_ids_of_their_own_are_both_meant(read: Read) -> None:
    found = read("row,metric,count\na,engagement,5\nb,engagement,5\n", warns=("count-repeated",))

    assert found.rows.count.tolist() == [5, 5]


def test_everything_wrong_in_a_file_is_found_at_once(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        "person,metric,count,achieved_on\n"
        "P1,engagment,1,2021-01-01\n"
        "P2,engagement,-1,01/02/2021\n"
        "943 476 5919,engagement,1,2031-01-01\n"
        ",,x,\n"
    )

    found, findings = read_rows(path, NO_SITES)

    assert found is None
    assert [(finding.rule, finding.at.row, finding.at.column) for finding in findings] == [
        ("metric-unknown", 2, "metric"),
        ("date-ambiguous", 3, "achieved_on"),
        ("not-a-whole-number", 3, "count"),
        ("personal-data", 4, "person"),
        ("date-outside-contract", 4, "achieved_on"),
        ("cell-blank", 5, "metric"),
        ("not-a-whole-number", 5, "count"),
    ]
    assert "943 476 5919" not in " ".join(map(str, findings))


PLAIN = (
    st.text(st.one_of(st.sampled_from("aZ09 =+-@'\",;é/"), st.characters(categories=["L", "N", "P", "S"])), max_size=9)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: looks_personal(text) is None and text.isprintable() and not text.isspace())
)
LABEL = PLAIN.filter(bool)
DAY = st.one_of(st.just("NaT"), st.dates(NO_SITES.start, NO_SITES.end).map(str))
REASONS = st.sets(st.sampled_from(Reason), max_size=3)


@st.composite
def a_row(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what one row says: a person's outcome or a published count, counting or not."""
    person = draw(st.one_of(st.just(""), LABEL))
    reasons = draw(REASONS)
    site = draw(st.integers(NONE if Reason.WRONG_SITE in reasons or not person else 0, 1))
    achieved = draw(DAY)
    return {
        "person": person,
        "job": draw(st.one_of(st.just(""), LABEL)),
        "group": draw(st.one_of(st.just(""), LABEL)),
        "metric": draw(st.integers(0, 2)),
        "site": site,
        "site_text": TWO_SITES.site_codes[site]
        if site != NONE
        else draw(st.sampled_from(["", "Luton"][: 1 + bool(reasons)])),
        "achieved_on": achieved,
        "started_on": draw(DAY),
        "recorded_on": draw(DAY),
        "due_on": draw(DAY),
        "count": 1 if person else draw(st.integers(0, 2**31 - 1)),
        "mask": sum(1 << reason for reason in reasons),
        "evidence": draw(PLAIN),
        "hours": draw(st.sampled_from(["", "16", "15.99"])),
    }


@st.composite
def tables(draw: st.DrawFn) -> OutcomeTable:
    """Draw a table in the form in which the reader numbers it: every label in order of text."""
    drawn = draw(st.lists(a_row(), min_size=1, max_size=7))
    for row in drawn:
        if row["site_text"] == "Luton" and not row["mask"] & bit(Reason.WRONG_SITE):
            row["site_text"] = ""
        if row["person"] and row["site"] == NONE and not row["mask"] & bit(Reason.WRONG_SITE):
            row["site"], row["site_text"] = 0, "haringey"
    ids = draw(st.lists(LABEL, min_size=len(drawn), max_size=len(drawn), unique=True))
    persons = sorted({row["person"] for row in drawn if row["person"]})
    groups = sorted({row["group"] for row in drawn if row["group"]})
    jobs = sorted({(row["person"], row["job"]) for row in drawn if row["job"]})

    def column(kind: str, values: list[Any]) -> np.ndarray[Any, Any]:
        return np.array(values, dtype=kind)

    def days(name: str) -> np.ndarray[Any, Any]:
        return column("datetime64[D]", [row[name] for row in drawn])

    rows = OutcomeRows(
        row=column("int64", [sorted(ids).index(one) for one in ids]),
        person=column("int32", [persons.index(row["person"]) if row["person"] else NONE for row in drawn]),
        metric=column("int16", [row["metric"] for row in drawn]),
        site=column("int16", [row["site"] for row in drawn]),
        group=column("int16", [groups.index(row["group"]) if row["group"] else NONE for row in drawn]),
        job=column("int32", [jobs.index((row["person"], row["job"])) if row["job"] else NONE for row in drawn]),
        achieved_on=days("achieved_on"),
        started_on=days("started_on"),
        claimed_on=np.where(np.isnat(days("due_on")), days("recorded_on"), days("due_on")),
        recorded_on=days("recorded_on"),
        count=column("int64", [row["count"] for row in drawn]),
        stated=column("int32", [NONE] * len(drawn)),
        measure=column("int32", [NONE] * len(drawn)),
        ended_on=days("due_on"),
        stated_on=np.full(len(drawn), NO_DAY),
    )
    return OutcomeTable(
        rows=rows,
        labels=RowLabels(tuple(sorted(ids)), tuple(persons), tuple(groups), tuple(job for _, job in jobs)),
        mask=column("uint64", [row["mask"] for row in drawn]),
        due_on=days("due_on"),
        sites=tuple(row["site_text"] for row in drawn),
        evidence=tuple(row["evidence"] for row in drawn),
        hours=tuple(row["hours"] for row in drawn),
        details=tuple(row["evidence"] for row in drawn),
        record_by=days("due_on"),
        whys=tuple(complete(row["mask"], ()) for row in drawn),
        lines=column("int64", list(range(2, len(drawn) + 2))),
        line_noun="row",
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables())
def test_what_is_written_is_read_back_as_it_was(tmp_path: Path, table: OutcomeTable) -> None:
    path = tmp_path / "rows.csv"

    write_rows(path, table, TWO_SITES)
    found, _ = read_rows(path, TWO_SITES)

    assert found is not None
    for field in fields(OutcomeRows):
        column, expected = getattr(found.rows, field.name), getattr(table.rows, field.name)
        assert column.dtype == expected.dtype, field.name
        np.testing.assert_array_equal(column, expected, err_msg=field.name)
    np.testing.assert_array_equal(found.mask, table.mask)
    np.testing.assert_array_equal(found.due_on, table.due_on)
    np.testing.assert_array_equal(found.record_by, table.record_by)
    assert found.details == table.details
    assert found.whys == table.whys
    assert (found.labels, found.sites, found.evidence, found.hours) == (
        table.labels,
        table.sites,
        table.evidence,
        table.hours,
    )
