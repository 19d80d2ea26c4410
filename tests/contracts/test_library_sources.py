"""Errors and contradictions in the sources, named: what was printed, and what the contracts make of it.

Every figure marked as printed was read in the GO Lab INDIGO Impact Bond Dataset, pull of December 2025. Each error is
described in docs/library.md.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.core.findings import Finding
from sib_engine.services.price_counts import price_counts
from sib_engine.terms import library
from sib_engine.terms.metric import Employment
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.provenance import Status
from tests.contracts.library_files import DECEMBER, caps, contract, counts, prices

PAN_LONDON = "rough-sleepers/pan-london"  # INDIGO-POJ-0152
PRINTED = (  # line by line, 1 to 20
    *(600, 1500, 1500, 2600, 2500, 1800),  # accommodation: entry, 3, 6, 12, 18, 24 months
    *(100, 100, 100),  # wellbeing assessments
    *(200, 600, 100, 1100, 500, 400),  # entry and sustained: mental health, alcohol, drugs
    *(800, 1900, 1800, 2400, 2200),  # education; volunteering and part-time work, 13 and 26 weeks
)
EDUCATION = 16  # the first line that takes its price from two lines up


def pan_london_prices() -> dict[str, Decimal | None]:
    terms = contract(PAN_LONDON)
    return dict(zip(terms.metric_codes, prices(terms), strict=True))


def test_pan_london_as_printed_cannot_be_right() -> None:
    line = dict(enumerate(PRINTED, 1))

    assert len(PRINTED) == 20
    assert line[14] > line[15]  # beginning drug treatment against staying in it
    assert line[10] < line[11]  # mental health
    assert line[12] < line[13]  # alcohol
    assert line[17] > 2 * line[16]  # 13 weeks of volunteering against education


def test_pan_london_reads_right_two_lines_down_and_two_prices_are_left_for_full_time_work() -> None:
    found = pan_london_prices()
    codes = tuple(found)

    assert len(codes) == 22
    assert codes[EDUCATION - 1 :] == (
        "education",
        "volunteering_13_weeks",
        "volunteering_26_weeks",
        "part_time_13_weeks",
        "part_time_26_weeks",
        "full_time_13_weeks",
        "full_time_26_weeks",
    )
    for number in range(EDUCATION, 23):
        assert found[codes[number - 1]] == PRINTED[number - 3]
    for weeks in (13, 26):
        steps = [found[f"{kind}_{weeks}_weeks"] for kind in ("volunteering", "part_time", "full_time")]
        assert steps == {13: [400, 1900, 2400], 26: [800, 1800, 2200]}[weeks]


def test_pan_london_keeps_what_can_be_right_as_printed_and_leaves_drug_treatment_without_a_price() -> None:
    found = pan_london_prices()
    codes = tuple(found)

    assert [found[code] for code in codes[:13]] == list(PRINTED[:13])
    assert (found["drugs_entry"], found["drugs_sustained"]) == (None, None)
    assert sum(price for price in found.values() if price is not None) == sum(PRINTED) == 22_800


def test_pan_london_marks_every_price_that_the_shift_may_touch() -> None:
    status = [tariff.provenance.status for tariff in contract(PAN_LONDON).tariffs]

    # Lines 7 to 9 may have lost their prices to the shift, or not: they are 100 wherever they have one.
    assert status == [Status.PUBLISHED] * 9 + [Status.ASSUMED] * 4 + [Status.UNPRICED] * 2 + [Status.ASSUMED] * 7


def test_every_pan_london_price_says_on_which_line_it_is_printed() -> None:
    sources = [tariff.provenance.source for tariff in contract(PAN_LONDON).tariffs]

    assert sources[0] == "INDIGO-POJ-0152, line 1"
    assert sources[EDUCATION - 1] == "INDIGO-POJ-0152, printed on line 14, two lines up; 800 is printed on line 16"
    assert [source for source in sources if "INDIGO-POJ-0152" not in source] == []


def test_pan_london_pays_once_per_client_and_at_most_19000_for_one(tmp_path: Path) -> None:
    everything = [code for code in pan_london_prices() if not code.startswith("drugs_")]
    path = tmp_path / "everything.csv"
    path.write_text("\n".join(["metric,person", *(f"{code},P1" for code in everything)]) + "\n", encoding="utf-8")

    found = price_counts(PAN_LONDON, path)

    assert (found.earned, found.payable) == (2_280_000, 1_900_000)
    assert {each.payer: each.amount for each in found.payers} == {"mhclg": 1_266_667, "gla": 633_333}
    assert {metric.counts.value for metric in contract(PAN_LONDON).metrics} == {"once per person"}
    assert caps(contract(PAN_LONDON)) == {"per-person": 1_900_000, "contract-maximum": 300_000_000}


def test_a_count_with_drug_treatment_has_no_amount_at_all(tmp_path: Path) -> None:
    path = tmp_path / "drugs.csv"
    path.write_text("metric,count\naccommodation_entry,2\ndrugs_entry,1\n", encoding="utf-8")

    found = price_counts(PAN_LONDON, path)

    assert (found.earned, found.payable) == (None, None)
    assert "drugs_entry" in rule(found.findings, "unpriced").what


def test_pan_london_assessments_are_paid_on_three_lines_and_say_how_that_was_read() -> None:
    assessments = contract(PAN_LONDON).metrics[6:9]

    # "Apart from the general wellbeing outcome", each outcome may be claimed once per client.
    assert [metric.code for metric in assessments] == ["first_assessment", "second_assessment", "third_assessment"]
    assert all("counts" in metric.provenance.assumed for metric in assessments)
    others = [metric for metric in contract(PAN_LONDON).metrics if metric not in assessments]
    assert [metric.code for metric in others if "counts" in metric.provenance.assumed] == []


def test_pan_london_asks_for_a_form_always_and_for_one_of_several_documents_besides() -> None:
    asked = {metric.code: metric.evidence.groups for metric in contract(PAN_LONDON).metrics}

    assert asked["education"] == (("self-certification form",), ("certificate", "trainer letter"))
    assert asked["part_time_13_weeks"] == (
        ("self-certification form",),
        ("contract", "payslip", "employer letter", "invoice and remittance"),
    )


def test_pan_london_accepts_invoices_for_work_and_so_self_employment() -> None:
    part_time = next(metric for metric in contract(PAN_LONDON).metrics if metric.code == "part_time_13_weeks")

    assert isinstance(part_time.rule, Employment)
    assert part_time.rule.self_employment
    assert "invoice and remittance" in part_time.evidence.kinds
    assert "employment.self_employment" in part_time.provenance.assumed


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        # The notes name 8,200 and 11,700 beside each price. Links for Life and Think Forward call 11,700 the greatest
        # possible, as the cards of round 2 do; The Advance Programme has no note.
        ("advance", 820_000),
        ("links-for-life", 820_000),
        ("living-balance", 820_000),
        ("new-horizons", 820_000),
        ("think-forward", 820_000),
        ("3sc-capitalise", 1_170_000),
        ("energise", 1_170_000),
        ("prevista", 1_170_000),
        ("teens-and-toddlers", 1_170_000),
    ],
)
def test_the_limit_for_a_person_goes_by_the_round_and_not_by_the_note(name: str, limit: int) -> None:
    terms = contract(f"dwp-innovation-fund/{name}")
    (per_person,) = (cap for cap in terms.caps if cap.on == {Dimension.PERSON})

    assert per_person.limit == limit
    assert ("limit" in per_person.provenance.assumed) == (limit == 820_000)


@pytest.mark.parametrize("name", ["advance", "3sc-capitalise", "new-horizons", "prevista"])
def test_the_26_weeks_say_that_their_reading_is_assumed(name: str) -> None:
    # The card asks for thirteen continuous weeks after the first payment, in a sentence that breaks off.
    sustained = contract(f"dwp-innovation-fund/{name}").metrics
    weeks_26 = next(metric for metric in sustained if metric.code == "employment_26_weeks")

    assert weeks_26.requires == ("employment_13_weeks",)
    assert {"employment.within_weeks", "employment.hours_from"} <= set(weeks_26.provenance.assumed)


def test_skill_mill_counts_that_do_not_fit_each_other_are_kept() -> None:
    served = 252  # INDIGO-POJ-0195
    found = counts("skill-mill/skill-mill", DECEMBER)
    award = next(metric for metric in contract("skill-mill/skill-mill").metrics if metric.code == "level_2_award")

    assert found["registration"] < served
    assert (found["registration"], found["programme_completed"], found["level_2_award"]) == (243, 179, 188)
    assert award.requires == ("registration",)


def test_skill_mill_does_not_invent_the_period_without_a_reconviction() -> None:
    no_reconviction = contract("skill-mill/skill-mill").metrics[5]

    assert no_reconviction.within is None
    assert "definition" in no_reconviction.provenance.assumed


def test_depaul_leaves_out_what_is_not_published_and_keeps_the_nought() -> None:
    # INDIGO-POJ-0133: blank for the last two volunteering lines, 0 for 26 weeks part-time.
    found = counts("fair-chance-fund/depaul", DECEMBER)

    assert found["part_time_26_weeks"] == 0
    assert {"volunteering_20_weeks", "volunteering_26_weeks"}.isdisjoint(found)
    assert len(found) == 19


@pytest.mark.parametrize("name", ["ambition", "aspire", "depaul", "st-basils"])
def test_exactly_sixteen_hours_is_full_time_on_every_card_of_the_fair_chance_fund(name: str) -> None:
    # The cards have 8 to 16 hours beside a minimum of 16.
    metrics = {metric.code: metric for metric in contract(f"fair-chance-fund/{name}").metrics}
    part, full = metrics["part_time_13_weeks"].rule, metrics["full_time_13_weeks"].rule

    assert isinstance(part, Employment)
    assert isinstance(full, Employment)
    assert (part.hours_from, part.hours_below, full.hours_from) == (Decimal(8), Decimal(16), Decimal(16))
    assert "employment.hours_below" in metrics["part_time_13_weeks"].provenance.assumed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (PAN_LONDON, ("ERROR IN THE SOURCE", "two lines above", "invoices")),
        ("skill-mill/skill-mill", ("252 people", "188 awards", "HMRC", "two quarters")),
        ("fair-chance-fund/aspire", ('"1, 451,250"', "multiple of 50")),
        ("fair-chance-fund/depaul", ("no count is published", "no evidence")),
        ("fair-chance-fund/st-basils", ("two ways", "no evidence")),
        ("dwp-innovation-fund/links-for-life", ("11,700", "greatest possible")),
        ("dwp-innovation-fund/think-forward", ("11,700", "greatest possible")),
        ("dwp-innovation-fund/new-horizons", ("4,504,011", "2 million")),
    ],
)
def test_a_contract_names_what_is_wrong_with_its_source(name: str, words: tuple[str, ...]) -> None:
    text = library.find(name).read_text(encoding="utf-8")
    comment = " ".join(line.removeprefix("#").strip() for line in text.split("\n[contract]\n")[0].splitlines())

    assert [word for word in words if word not in comment] == []


def rule(findings: tuple[Finding, ...], name: str) -> Finding:
    return next(finding for finding in findings if finding.rule == name)
