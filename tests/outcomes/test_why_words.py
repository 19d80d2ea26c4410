from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.reasons import TEXTS, Reason, mask_of
from sib_engine.outcomes.why.words import Why, cells, complete, mend_text, read_cells

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), min_size=1, max_size=60).map(
    lambda text: f"x{text}x".replace(" | ", " ")
)
WHYS = st.lists(
    st.builds(Why, st.sampled_from(Reason), TEXT, TEXT, st.none() | st.dates()),
    max_size=5,
    unique_by=lambda why: why.reason,
)


@given(whys=WHYS)
def test_what_is_written_of_reasons_is_read_back(whys: list[Why]) -> None:
    assert read_cells(*cells(whys)) == tuple(whys)


def test_cells_name_the_reason_what_was_found_and_the_last_day() -> None:
    whys = [
        Why(Reason.EVIDENCE_MISSING, "no payslip is recorded", "a payslip", date(2024, 7, 31)),
        Why(Reason.HOURS_ABOVE, "20.00 hours a week", "nothing as this metric", None),
    ]

    assert cells(whys) == (
        "R08: no payslip is recorded | R14: 20.00 hours a week",
        "R08: a payslip (by 2024-07-31) | R14: nothing as this metric",
    )


def test_the_longest_texts_still_fit_into_a_cell_and_keep_their_last_day() -> None:
    whys = [Why(reason, "found " * 500, "mend " * 500, date(2024, 7, 31)) for reason in Reason]

    found, mend = cells(whys)

    assert max(len(found), len(mend)) <= 2_000
    assert {why.by for why in read_cells(found, mend)} == {date(2024, 7, 31)}


def test_texts_of_another_form_say_nothing() -> None:
    assert read_cells("seen in the file", "R99: a number that no reason has") == ()
    assert read_cells("R08: no payslip", "") == ()


def test_a_reason_of_which_nothing_is_said_keeps_its_general_text() -> None:
    said = Why(Reason.DUPLICATE, "E11 is counted already", "nothing can", None)

    general = TEXTS[Reason.NO_CONSENT]
    assert complete(mask_of((Reason.NO_CONSENT, Reason.DUPLICATE)), [said]) == (
        said,
        Why(Reason.NO_CONSENT, general.title, general.mend, None),
    )


def test_a_day_that_the_text_names_already_is_not_said_twice() -> None:
    by = date(2021, 2, 22)

    assert mend_text(Why(Reason.NOT_LONG_ENOUGH, "", "a job from 2021-02-22", by)) == "a job from 2021-02-22"
    assert mend_text(Why(Reason.EVIDENCE_MISSING, "", "a payslip", by)) == "a payslip (by 2021-02-22)"
