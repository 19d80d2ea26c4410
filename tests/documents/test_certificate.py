import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from evaluation.report.blocks import Row, SignOff, Table
from evaluation.report.checks import flaws_of
from evaluation.report.document import blocks_of
from evaluation.report.html import html_of
from evaluation.report.pdf import pdf_of
from evaluation.report.values import shown, value_of
from sib_engine.core.dates import PeriodRule
from sib_engine.documents.certificate import CertificateFigures, CertifiedPart, Outcomes, certificate_document
from tests.documents.billed import BILL, contract

LONG = "The Mayor, Aldermen and Commonalty of a City with a Long Name, acting by its Department for Work and Skills"
PERIOD = PeriodRule(3, date(2020, 4, 1)).find("2021-Q1")
DAY = date(2021, 4, 14)


def part(payer: str, organisation: str, net: int, vat: int, *, number: str = "INV-1") -> CertifiedPart:
    bill = replace(BILL, payer=payer, number=number, net=net, vat=vat, due_on=date(2021, 5, 14))
    return CertifiedPart(payer, organisation, net, bill)


def certificate(**changes: Any) -> CertificateFigures:  # noqa: ANN401 - any field of the figures
    fields: dict[str, Any] = {
        "contract": contract(),
        "period": PERIOD,
        "statement": 2,
        "digest": f"sib1:{'ab' * 32}",
        "accepted": Outcomes(4, 120004),
        "rejected": Outcomes(1, 20001),
        "waiting": Outcomes(2, 10000),
        "scheduled": 0,
        "corrections": -20000,
        "capped": 4,
        "payable": 100000,
        "headroom": 39997,
        "unbilled": 0,
        "parts": (part("council", "A Council", 58000, 11600), part("fund", "A Fund", 42000, 8400)),
        "is_assumed": False,
    }
    return CertificateFigures(**{**fields, **changes})


def page(figures: CertificateFigures) -> str:
    return re.sub(r"<[^>]+>", " ", html_of(certificate_document(figures, drawn_up_on=DAY)))


def test_it_goes_from_what_was_claimed_to_what_each_payer_is_billed() -> None:
    document = certificate_document(certificate(), drawn_up_on=DAY)
    steps, billed = (block for block in blocks_of(document) if isinstance(block, Table))
    rows = [[shown(value_of(cell), bare=True) for cell in row.cells] for row in (*steps.rows, steps.total or Row(()))]

    assert rows == [
        ["Claimed", "7", "1,500.05"],
        ["Rejected since the statement before", "\u22121", "\u2212200.01"],
        ["Not decided, or waiting for another outcome", "\u22122", "\u2212100.00"],
        ["Accepted", "4", "1,200.04"],
        ["Corrections and claw-backs of earlier statements", "", "\u2212200.00"],
        ["Capped: taken by caps and minimums", "", "\u22120.04"],
        ["Payable", "", "1,000.00"],
    ]
    assert [shown(value_of(cell), bare=True) for cell in billed.rows[0].cells] == [
        *("A Council", "INV-1", "PO-1", "580.00", "116.00", "696.00"),
    ]
    for said in ("£1,000.00", "£200.00", "£1,200.00", "£399.97", "14 May 2021", "standard, 20 %"):
        assert said in page(certificate())


def test_before_there_is_an_invoice_it_says_so_and_shows_no_vat() -> None:
    parts = tuple(CertifiedPart(payer, payer, net, None) for payer, net in (("council", 58000), ("fund", 42000)))
    text = page(certificate(parts=parts))

    assert text.count("to be invoiced") == 2
    assert "not invoiced yet" in text
    assert "Gross (£)" not in text


def test_what_is_not_known_any_more_is_left_out() -> None:
    text = page(certificate(rejected=None, waiting=None, headroom=None, headroom_words="not known", notes=("Why.",)))

    assert "Rejected" not in text
    assert "Accepted" in text
    assert "Why." in text


@pytest.mark.parametrize("n_payers", [1, 6, 8])
def test_it_fits_on_one_page_even_with_long_names_many_payers_and_signatures(n_payers: int) -> None:
    parts = tuple(
        part(f"p{place}", LONG, 120000 // n_payers, 24000 // n_payers, number=f"SIB-{place:012}")
        for place in range(n_payers)
    )
    signed = (SignOff("Claimed by the provider", LONG, LONG, DAY, f"by digest sib1:{'ab' * 32}"),) * 4
    figures = certificate(
        contract=replace(contract(), name=LONG),
        parts=parts,
        sign_offs=signed,
        is_assumed=True,
        scheduled=20001,
        capped=5,
        payable=120000,
        notes=(LONG,),
    )

    pdf = pdf_of(certificate_document(figures, drawn_up_on=DAY))

    assert (len(re.findall(rb"/Type\s*/Page\b", pdf.content)), pdf.flaws) == (1, ())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"payable": 100001}, "less what caps take"),
        ({"unbilled": 1}, "do not add up"),
        ({"sign_offs": (SignOff("x"),) * 5}, "one page"),
        ({"parts": (replace(part("council", "A Council", 1, 0), net=100000),)}, "not for what the statement asks"),
    ],
)
def test_figures_that_do_not_add_up_or_do_not_fit_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        certificate(**changes)


def test_it_has_no_flaw_and_says_when_it_rests_on_assumed_terms() -> None:
    plain = certificate_document(certificate(), drawn_up_on=DAY)
    assumed = certificate_document(certificate(is_assumed=True), drawn_up_on=DAY)

    assert flaws_of(plain) == flaws_of(assumed) == ()
    assert "Assumed:" not in html_of(plain)
    assert "Assumed:" in html_of(assumed)
