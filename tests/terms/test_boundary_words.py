"""Words that put a number on one side of a boundary, beside terms that put it on the other."""

from pathlib import Path

import pytest

from sib_engine.terms.load import load

BAD = Path(__file__).parents[1] / "bad" / "contracts"


def told(name: str, old: str, new: str, folder: Path) -> list[str]:
    """Return what is said of the bad file with other words in its definition."""
    text = (BAD / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    path = folder / f"{name}.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return [finding.what for finding in load(path).findings]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("more than 16 hours", "more than 16"),
        ("greater than 16 hours", "greater than 16"),
        ("in excess of 16 hours", "in excess of 16"),
        ("exceeding 16 hours", "exceeding 16"),
        ("over sixteen hours", "over sixteen"),
        ("beyond 16 hrs", "beyond 16"),
        (">16h", ">16"),
        ("at >16 hours", ">16"),
        ("hours > 16", "hours > 16"),
        ("weekly hours greater than 16", "hours greater than 16"),
        ("greater than 16", "greater than 16"),
        ("more than 16 a week", "more than 16"),
    ],
)
def test_words_that_leave_the_number_out_beside_hours_from(words: str, found: str, tmp_path: Path) -> None:
    assert told("boundary-in-words", "more than 16 hours", words, tmp_path) == [
        f"the definition of 'long' says {found!r}, and by hours_from exactly 16 counts"
    ]


@pytest.mark.parametrize(
    "words",
    [
        *("16 hours or more", "at least 16 hours", "no more than 16 hours", "not exceeding 16 hours", ">= 16 hours"),
        *("over 160 hours", "over sixty hours", "16 to 40 hours", "more than 16 weeks", "people over 16 years"),
        *("hours > 160", "hours >= 16", "aged over 16", "hours, more than 16 days", "over 16.5"),
    ],
)
def test_words_that_take_the_number_in_or_speak_of_another_are_no_finding(words: str, tmp_path: Path) -> None:
    assert told("boundary-in-words", "more than 16 hours", words, tmp_path) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("up to 16 hours", "up to 16"),
        ("no more than 16 hours", "no more than 16"),
        ("not more than sixteen hours", "not more than sixteen"),
        ("not exceeding 16 hours", "not exceeding 16"),
        ("a maximum of 16 hours", "a maximum of 16"),
        ("at most 16 hrs", "at most 16"),
        ("1 to 16 hours", "1 to 16"),
        ("1-16 hours", "1-16"),
        ("16 hours or less", "16 hours or less"),
        ("16 hours a week or fewer", "16 hours a week or fewer"),
        ("sixteen or fewer hours", "sixteen or fewer hours"),
        ("between 1 and 16 hours", "between 1 and 16"),
        ("hours <= 16", "hours <= 16"),
    ],
)
def test_words_that_take_the_number_in_beside_hours_below(words: str, found: str, tmp_path: Path) -> None:
    text = (BAD / "boundary-in-words.toml").read_text(encoding="utf-8")
    path = tmp_path / "boundary-in-words.toml"
    path.write_text(text.replace("hours_from = 16", "hours_below = 16").replace("more than 16 hours", words), "utf-8")

    assert f"the definition of 'long' says {found!r}, and by hours_below exactly 16 does not count" in [
        finding.what for finding in load(path).findings
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "above 10%",
            ["the definition of 'reconvictions' says 'above 10', and by a point at 10% exactly 10% is enough"],
        ),
        ("more than ten per cent", 1),
        ("10 % or more", []),
        ("more than 12 %", []),
    ],
)
def test_points_of_a_scale_are_held_against_the_words_of_a_result(
    words: str, expected: list[str] | int, tmp_path: Path
) -> None:
    found = told("measured-boundary-in-words", "more than 10 %", words, tmp_path)

    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_point_above_a_number_is_held_against_at_least(tmp_path: Path) -> None:
    text = (BAD / "measured-boundary-in-words.toml").read_text(encoding="utf-8")
    path = tmp_path / "measured-boundary-in-words.toml"
    path.write_text(text.replace("more than 10 %", "at least 10 %").replace('at = "10%"', 'above = "10%"'), "utf-8")

    assert [finding.what for finding in load(path).findings] == [
        "the definition of 'reconvictions' says 'at least 10', and by a point above 10% exactly 10% is not enough"
    ]


def test_the_name_of_a_metric_is_read_too(tmp_path: Path) -> None:
    text = (BAD / "boundary-in-words.toml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "more than 16 hours" in line)
    before, _, _ = text.partition(line)
    name = next(each for each in reversed(before.splitlines()) if each.startswith("name = "))
    path = tmp_path / "boundary-in-words.toml"
    moved = text.replace(line, 'definition = "hours as agreed"').replace(name, 'name = "Over 16 hours"')
    path.write_text(moved, encoding="utf-8")

    assert [finding.what for finding in load(path).findings] == [
        "the name of 'long' says 'Over 16', and by hours_from exactly 16 counts"
    ]
