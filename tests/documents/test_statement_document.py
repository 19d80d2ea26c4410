from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluation.report.blocks import CallOut, Section, SignOff, SignOffs, Table
from evaluation.report.checks import flaws_of
from evaluation.report.document import Document, blocks_of
from evaluation.report.html import html_of
from evaluation.report.pdf import pdf_of
from evaluation.report.values import shown, value_of
from sib_engine.documents.statement import statement_document
from sib_engine.documents.statement_figures import figures_of
from sib_engine.payments.statement.guards import Restatement
from sib_engine.services.draw_statement import draw_statement
from tests.documents.stated import DAY, drawn, figures, second


def document(folder: Path) -> Document:
    return statement_document(figures(folder), drawn_up_on=DAY)


def table(of: Document, caption: str) -> Table:
    return next(block for block in blocks_of(of) if isinstance(block, Table) and block.caption.startswith(caption))


def texts(of: Table) -> list[list[str]]:
    rows = [*of.rows, *([] if of.total is None else [of.total])]
    return [[shown(value_of(cell), bare=True) for cell in row.cells] for row in rows]


def titles(of: Document) -> list[str]:
    return [block.title for block in blocks_of(of) if isinstance(block, Section)]


def test_each_payer_stands_with_its_organisation_and_what_it_owes_to_the_penny(tmp_path: Path) -> None:
    who = texts(table(document(tmp_path), "What each payer owes"))

    assert [row[-1] for row in who] == ["928.02", "672.01", "1,600.03"]
    assert who[-1][0] == "Together"


def test_the_lines_are_added_up_by_own_period_kind_and_metric(tmp_path: Path) -> None:
    rows = texts(table(document(tmp_path), "The lines added up"))

    assert [row[:5] for row in rows] == [
        ["2020-Q2", "outcome", "Engagement", "2", "600.02"],
        ["2020-Q2", "outcome", "Job start", "1", "700.00"],
        ["2020-Q3", "outcome", "Engagement", "1", "300.01"],
        ["Total", "", "", "", "1,600.03"],
    ]


def test_what_is_taken_back_stands_as_signed_lines_of_its_own(tmp_path: Path) -> None:
    made = statement_document(second(tmp_path), drawn_up_on=DAY)
    rows = texts(table(made, "Corrections and claw-backs"))

    assert "Corrections and claw-backs" in titles(made)
    assert rows[0][:6] == ["P1/job_start", "correction", "2020-Q2", "Job start", "\u22121", "\u2212700.00"]


def test_caps_stand_with_what_is_left_and_their_source(tmp_path: Path) -> None:
    made = document(tmp_path)
    (row,) = texts(table(made, "Caps to date"))

    assert row == ["contract-cap", "the contract", "2,000.00", "1,600.03", "80.0%", "399.97", "0.00"]
    assert "contract-cap" in {source.id for source in made.sources}


def test_every_line_stands_in_the_annex_with_the_clauses_that_made_it(tmp_path: Path) -> None:
    annex = table(document(tmp_path), "The lines of this statement")

    assert [row[0] for row in texts(annex)][:-1] == [
        "P1/engagement",
        "P1/job_start",
        "P3/engagement",
        "P2/engagement",
    ]
    assert {"price-job", "split"} <= {cell for row in texts(annex) for cell in row}


def test_digest_kernel_and_day_of_knowledge_are_said_first(tmp_path: Path) -> None:
    made = statement_document(figures(tmp_path), drawn_up_on=DAY)
    said = {entry.term: shown(value_of(entry.text)) for entry in made.meta.entries if not isinstance(entry.text, tuple)}

    assert said["As known on"] == "30 September 2020"
    assert said["Digest of the lines"] == figures(tmp_path).digest
    assert said["Kernel"] == "version 3"
    assert made.meta.digest == figures(tmp_path).digest


def test_a_statement_of_nothing_says_so_and_still_has_a_digest(tmp_path: Path) -> None:
    nothing = figures(tmp_path, "row,person,metric,achieved_on,recorded_on")
    made = statement_document(nothing, drawn_up_on=DAY)

    assert table(made, "The lines added up").if_empty == "Nothing is due that is not stated already."
    assert made.annexes == ()
    assert made.meta.digest.startswith("sib1:")
    assert flaws_of(made) == ()


def test_assumed_terms_are_marked_and_named_with_their_reason(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("metric,count,site,achieved_on\nengagement,2,barnet,2021-05-04\n", encoding="utf-8")
    found = draw_statement("mhep/haringey-barnet", counts, "2021-Q2")
    made = statement_document(figures_of(found.contract, found.statement, found.headroom), drawn_up_on=DAY)
    reasons = texts(table(made, "Terms under these lines that are assumed"))

    assert any(isinstance(block, CallOut) and block.kind.value == "Assumed" for block in blocks_of(made))
    assert any(row.is_assumed for row in table(made, "The lines of this statement").rows)
    assert "tariff price-engagement" in reasons[0][0]


def test_nothing_assumed_is_not_said_to_be(tmp_path: Path) -> None:
    made = document(tmp_path)

    assert "Assumed terms" not in titles(made)
    assert not any(isinstance(block, CallOut) for block in blocks_of(made))


def test_a_restatement_stands_in_pounds(tmp_path: Path) -> None:
    changed = replace(figures(tmp_path), restatements=(Restatement("P1/job_start", 70000, 72500),))
    rows = texts(table(statement_document(changed, drawn_up_on=DAY), "What new terms change"))

    assert rows == [["P1/job_start", "700.00", "725.00", "25.00"], ["Total", "", "", "25.00"]]


def test_who_signed_stands_below_or_lines_to_sign_on(tmp_path: Path) -> None:
    signed = replace(figures(tmp_path), sign_offs=(SignOff("Approved by", "A. Example", "Council", date(2020, 10, 9)),))

    (unsigned,) = [block for block in blocks_of(document(tmp_path)) if isinstance(block, SignOffs)]
    (by_name,) = [
        block for block in blocks_of(statement_document(signed, drawn_up_on=DAY)) if isinstance(block, SignOffs)
    ]
    assert [each.name for each in unsigned.sign_offs] == ["", "", ""]
    assert [each.name for each in by_name.sign_offs] == ["A. Example"]


def test_lines_of_another_statement_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not the lines of statement 7"):
        replace(figures(tmp_path), number=7)


def test_a_statement_has_no_flaw_and_prints_the_same_twice(tmp_path: Path) -> None:
    made = statement_document(second(tmp_path), drawn_up_on=DAY)

    assert flaws_of(made) == ()
    assert pdf_of(made).content == pdf_of(made).content
    assert pdf_of(made).flaws == ()
    assert html_of(made) == html_of(made)


def test_all_amounts_of_the_payers_add_up_to_the_statement(tmp_path: Path) -> None:
    made = drawn(tmp_path)
    found = figures_of(made.contract, made.statement, made.headroom)

    assert (found.pays, found.total, found.digest) == (
        made.statement.pays,
        made.statement.total,
        made.statement.digest,
    )
