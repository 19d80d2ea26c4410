import re
from datetime import date
from typing import Any

import pytest

from evaluation.report.blocks import SignOff
from evaluation.report.checks import flaws_of
from evaluation.report.html import html_of
from evaluation.report.pdf import pdf_of
from sib_engine.core.dates import PeriodRule
from sib_engine.core.money import currency_of
from sib_engine.documents.certificate import CertificateFigures, CertifiedPart, certificate_document
from sib_engine.documents.vat import VatTreatment

LONG = "The Mayor, Aldermen and Commonalty of a City with a Long Name, acting by its Department for Work and Skills"
PERIOD = PeriodRule(3, date(2020, 4, 1)).find("2021-Q1")
DAY = date(2021, 4, 14)


def certificate(**changes: Any) -> CertificateFigures:  # noqa: ANN401 - any field of the figures
    fields: dict[str, Any] = {
        "contract_code": "two-payers",
        "contract_name": "Two payers",
        "currency": currency_of("GBP"),
        "period": PERIOD,
        "statement": 2,
        "digest": f"sib1:{'ab' * 32}",
        "n_claimed": 5,
        "claimed": 150005,
        "n_accepted": 4,
        "accepted": 120004,
        "scheduled": 0,
        "corrections": -20000,
        "capped": 4,
        "payable": 100000,
        "headroom": 39997,
        "unbilled": 0,
        "parts": (
            CertifiedPart("council", "A Council", "PO-1", 58000, 11600),
            CertifiedPart("fund", "A Fund", "", 42000, 8400),
        ),
        "vat_treatment": VatTreatment.STANDARD,
        "due_on": date(2021, 5, 14),
        "is_assumed": False,
    }
    return CertificateFigures(**{**fields, **changes})


def test_it_goes_from_what_was_claimed_to_what_each_payer_is_billed() -> None:
    text = re.sub(r"<[^>]+>", " ", html_of(certificate_document(certificate(), drawn_up_on=DAY)))

    for said in (
        "1,500.05",
        "\u2212300.01",
        "1,200.04",
        "\u2212200.00",
        "\u22120.04",
        "£1,000.00",
        "£200.00",
        "£1,200.00",
    ):
        assert said in text
    for said in ("£399.97", "PO-1", "to be given", "14 May 2021", "696.00", "504.00"):
        assert said in text


def test_it_fits_on_one_page_even_with_long_names_many_payers_and_signatures() -> None:
    parts = tuple(CertifiedPart(f"p{place}", LONG, f"PO-{place:012}", 12500, 2500) for place in range(8))
    signed = (SignOff("Certified by the provider", LONG, LONG, DAY, f"by digest sib1:{'ab' * 32}"),) * 4
    figures = certificate(
        contract_name=LONG, parts=parts, sign_offs=signed, is_assumed=True, scheduled=1, capped=5, unbilled=0
    )

    pdf = pdf_of(certificate_document(figures, drawn_up_on=DAY))

    assert (len(re.findall(rb"/Type\s*/Page\b", pdf.content)), pdf.flaws) == (1, ())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"payable": 100001}, "less what caps take"),
        ({"unbilled": 1}, "do not add up"),
        ({"sign_offs": (SignOff("x"),) * 5}, "one page"),
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
