"""What full review finds is recorded by those who may, one by one or from a sheet, all or none."""

from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError, SegregationError
from sib_engine.payments.sampling.review_file import Found, Review
from sib_engine.services.access.actors import actor_named
from sib_engine.services.contracts.close_out import close_out
from sib_engine.services.samples.show import list_samples, sheet_of_sample, show_sample
from sib_engine.storage import chain
from sib_engine.storage.store import Store
from tests.store.sampling import CONTRACT, Sampling, at


def right(claim: str) -> Review:
    return Review(None, claim, Found.RIGHT, None, "", "")


def sheet(sampling: Sampling, folder: Path, verdicts: list[str]) -> Path:
    """Write the sheet with verdict, right value, code and note filled in, line by line."""
    with sampling.office.store.read() as session:
        made, _ = sheet_of_sample(session, CONTRACT, 1, by=actor_named(session, "val"))
    heading, *lines = made.decode().splitlines()
    filled = [line.removesuffix(",,,,") + f",{verdict}" for line, verdict in zip(lines, verdicts, strict=False)]
    path = folder / "sheet.csv"
    path.write_text("\n".join([heading, *filled]) + "\n", encoding="utf-8")
    return path


def test_a_sheet_is_written_filled_in_and_taken(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    path = sheet(
        sampling, tmp_path, ["right,,,", "wrong,,V02,no letter", "in part,100.00,,one meeting", ",,,", ",,,", ",,,"]
    )
    assert path.read_text().splitlines()[1] == f"{drawn[0]},all claims,engagement,,400.00,right,,,"

    done = sampling.review(path)

    assert (done.n_new, done.n_changed, done.n_open) == (3, 0, 3)
    claims = {each["claim"]: each for each in sampling.shown()["claims"]}
    assert claims[drawn[1]]["code"] == "V02 evidence-does-not-show-it"
    assert (claims[drawn[2]]["verdict"], claims[drawn[2]]["right_value"]) == ("wrong", "100.00")
    with pytest.raises(RefusedError, match="nothing new is said of any claim drawn"):
        sampling.review(path)


def test_everything_wrong_with_a_sheet_is_said_at_once_and_nothing_is_kept(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    path = sheet(
        sampling,
        tmp_path,
        ["maybe,,,", "wrong,,,nobody met", "in part,,,half", "right,400.00,,", "pending,,,", "right,,V01,"],
    )
    with path.open("a") as file:
        file.write(f"P99/engagement,,,,,right,,,\n{drawn[1]},,,,,right,,,\n")

    with pytest.raises(FindingsError) as refused:
        sampling.review(path)

    said = [(each.at.row, each.at.column, each.rule) for each in refused.value.findings]
    assert said == [
        (2, "verdict", "verdict-unknown"),
        (3, "code", "code-unknown"),
        (4, "right_value", "right-value-missing"),
        (5, "right_value", "right-value-unasked"),
        (6, "note", "note-missing"),
        (7, "code", "code-unasked"),
        (8, "claim", "claim-not-drawn"),
        (9, "claim", "claim-twice"),
    ]
    assert sampling.shown()["verdicts"] == {"right": 0, "wrong": 0, "pending": 6}


def test_the_last_verdict_holds_and_a_change_needs_words(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    sampling.review(Review(None, drawn[0], Found.WRONG, None, "V06", "nobody met"))

    with pytest.raises(RefusedError, match="has the verdict wrong already, and a change needs words"):
        sampling.review(right(drawn[0]))
    done = sampling.review(Review(None, drawn[0], Found.RIGHT, None, "", "the diary was found"))

    assert (done.n_new, done.n_changed, done.n_open) == (0, 1, 5)
    (claim,) = [each for each in sampling.shown()["claims"] if each["claim"] == drawn[0]]
    assert (claim["verdict"], claim["verdicts"]) == ("right", 2)


def test_nobody_reviews_what_they_decided_or_their_organisation_submitted(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.office.grant("ada", "verifier", on="2021-04-06")
    drawn = sampling.drawn()

    with pytest.raises(SegregationError, match=f"vera decided {drawn[0]}, and nobody reviews what they decided"):
        sampling.review(right(drawn[0]), by="vera")
    with pytest.raises(SegregationError, match=f"Harbour Works submitted {drawn[0]}; accepted: a reviewer of another"):
        sampling.review(right(drawn[0]), by="ada")
    with pytest.raises(SegregationError, match="'tom' may not draw and review a sample"):
        sampling.review(right(drawn[0]), by="tom")
    with pytest.raises(SegregationError, match="Harbour Works submitted P1/engagement: nobody closes a sample"):
        sampling.close(by="ada")


@pytest.mark.parametrize(
    ("review", "why"),
    [
        (Review(None, "P99/engagement", Found.RIGHT, None, "", ""), "claim 'P99/engagement' was not drawn"),
        (Review(None, "", Found.WRONG, None, "", "nobody met"), "a wrong claim needs a code; accepted: V01 evidence-"),
        (Review(None, "", Found.WRONG, 100, "V06", "nobody met"), "a claim that is wrong has no right value"),
        (
            Review(None, "", Found.IN_PART, 0, "", "half"),
            "needs what it should have been worth; accepted: an amount above 0",
        ),
        (Review(None, "", Found.IN_PART, 400_00, "", "half"), "is right in part, and worth what was claimed"),
        (Review(None, "", Found.PENDING, None, "", ""), "a claim that is pending needs a note that says why"),
    ],
)
def test_a_verdict_that_lacks_something_is_refused(store: Store, tmp_path: Path, review: Review, why: str) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    given = Review(None, review.claim or drawn[0], review.found, review.right_value, review.code, review.note)

    with pytest.raises(RefusedError, match=why):
        sampling.review(given)
    assert sampling.shown()["verdicts"]["pending"] == 6


def test_nothing_is_reviewed_before_it_is_drawn_nor_closed_before_all_is_known(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.design()
    with pytest.raises(RefusedError, match="the sample of statement 1 is designed and not drawn"):
        sampling.review(right("P1/engagement"))
    with pytest.raises(RefusedError, match="the sample of statement 1 is designed and not drawn"):
        sampling.close()
    drawn = sampling.draw().sample.claims
    sampling.find(drawn[:4], {})
    sampling.review(Review(None, drawn[4], Found.PENDING, None, "", "the file is at the other site"))

    with pytest.raises(
        RefusedError, match=f"2 of 6 claims drawn have no verdict: {drawn[4]}, {drawn[5]}; accepted: a ver"
    ):
        sampling.close()
    assert sampling.shown()["state"] == "drawn"


def test_a_contract_is_not_closed_out_while_a_sample_is_open(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.drawn()

    with pytest.raises(FindingsError) as refused, store.begin() as session:
        close_out(session, CONTRACT, note="done", by=actor_named(session, "abe"), at=at("2022-04-01"))
    assert "the sample of statement 1 is drawn and not closed" in [each.what for each in refused.value.findings]


def test_each_sees_of_a_sample_what_their_role_lets_them(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.drawn()
    sampling.office.grant("tom", "investor", on="2021-04-06")
    sampling.office.grant("root", "investor", on="2021-04-06")

    with store.read() as session:
        seen = {
            login: show_sample(session, CONTRACT, 1, by=actor_named(session, login)) for login in ("ada", "abe", "root")
        }
        listed = list_samples(session, CONTRACT, by=actor_named(session, "root"))
    assert {login: (len(each.claims), each.n_drawn) for login, each in seen.items()} == {
        "ada": (6, 6),
        "abe": (6, 6),
        "root": (0, 6),
    }
    assert [(each.sample.statement, each.state, each.claims) for each in listed] == [(1, "drawn", ())]


def test_a_sample_can_be_seen_as_it_stood_at_any_place_of_the_audit_trail(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()
    with store.read() as session:
        then, _ = chain.head(session)
    sampling.find(drawn, {drawn[0]: 0})
    sampling.close()

    with store.read() as session:
        by = actor_named(session, "val")
        seen = [show_sample(session, CONTRACT, 1, seq=seq, by=by) for seq in (then - 1, then, None)]
        listed = list_samples(session, CONTRACT, seq=then - 2, by=by)
    assert [(each.state, each.n_drawn, each.verdicts["wrong"]) for each in seen] == [
        ("designed", 0, 0),
        ("drawn", 6, 0),
        ("closed", 6, 1),
    ]
    assert listed == ()
