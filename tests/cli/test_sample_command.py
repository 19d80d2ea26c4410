"""`sib sample plan` as a user runs it."""

import pytest

from tests.cli.command import Sib, program_speak

ASKED = ("sample", "plan", "--value", "320000.00", "--error-rate", "5%", "--cost", "40.00")


def test_the_plan_says_in_words_how_many_to_check_and_what_is_cheapest(sib: Sib) -> None:
    ran = sib(*ASKED, "--claims", "400")

    assert ran.code == 0
    assert (
        "To say with 95% confidence that at most 20 claims of 400 (5%) are wrong, check 52 if none of them is wrong,"
        " 82 if 1 is, 107 if 2 are, 130 if 3 are.\n"
    ) in ran.out
    assert (
        "Smallest cost in all: 100 claims checked. Checks cost £4,000.00, £7,918.18 comes back on average,"
        " £8,081.82 stays overpaid: £12,081.82 in all.\n"
    ) in ran.out
    assert program_speak(ran.out) == []


@pytest.mark.parametrize("rule", ["found only", "point estimate", "lower bound"])
@pytest.mark.parametrize("columns", [60, None])
def test_every_rule_is_explained_at_any_width(sib: Sib, rule: str, columns: int | None) -> None:
    ran = sib(*ASKED, "--claims", "400", "--recover", rule, columns=columns)

    assert ran.code == 0
    assert "Smallest cost in all" in " ".join(ran.out.split())
    assert program_speak(ran.out) == []


def test_strata_are_sized_together_and_each_by_itself(sib: Sib) -> None:
    found = sib(*ASKED, "--stratum", "a=200", "--stratum", "b=120", "--stratum", "c=80", "--json").json

    assert found["claims"] == 400
    assert found["strata"] == [
        {"name": "a", "claims": 200, "together": 26, "by_itself": 47},
        {"name": "b", "claims": 120, "together": 16, "by_itself": 41},
        {"name": "c", "claims": 80, "together": 11, "by_itself": 36},
    ]
    assert found["cheapest"] == {
        "checked": 100,
        "most_wrong": 10,
        "checks_cost": "4000.00",
        "comes_back": "7918.18",
        "stays_out": "8081.82",
        "total": "12081.82",
    }
    assert found["sizes"][0] == {"wrong": 0, "checked": 52, "chance": "5.7%"}


def test_one_claim_is_a_plan_too(sib: Sib) -> None:
    ran = sib(*ASKED, "--claims", "1", "--error-rate", "100%", "--tolerable", "0%")

    assert "check 1 if none of them is wrong." in ran.out
    assert "If 1 claim is wrong" in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "say how many claims there are"),
        (("--claims", "0"), "0 is not in the range"),
        (("--claims", "9", "--stratum", "a=8"), "the strata hold 8 claims, of 9"),
        (("--stratum", "a=8", "--stratum", "a=9"), "names one stratum twice"),
        (("--stratum", "a"), "accepted: a name and a number of claims"),
        (("--stratum", "a=-3"), "accepted: a name and a number of claims"),
        (("--claims", "9", "--stratum", "a=9", "--stratum", "b=0"), "strata of 1 claim or more"),
        (("--claims", "9", "--confidence", "100%"), "above 1/2 and below 1"),
        (("--claims", "9", "--error-rate", "5"), "'5' is not a percentage"),
        (("--claims", "9", "--error-rate", "101%"), "from 0% to 100%"),
        (("--claims", "9", "--cost", "£4"), "--cost: '£4' is not an amount"),
        (("--claims", "9", "--cost", "-4"), "the cost of a check is -400"),
        (("--claims", "9", "--currency", "XXX"), "currency 'XXX' has no minor unit"),
        (("--claims", "1000000"), "accepted: 1 to 100,000"),
        (("--claims", "9", "--recover", "all"), "'all' is not one of"),
    ],
)
def test_what_makes_no_plan_is_refused_in_words(sib: Sib, words: tuple[str, ...], says: str) -> None:
    ran = sib(*ASKED, *words)

    assert ran.code in {1, 2}
    assert says in " ".join(ran.err.split())
    assert program_speak(ran.err) == []
