from sib_engine.core.errors import SibError
from sib_engine.outcomes.reasons import TEXTS, Reason
from tests.house.tree import ROOT


def table_under(heading: str) -> list[str]:
    text = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
    _, _, section = text.partition(f"\n## {heading}\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return rows[2:]


def all_errors(kind: type[SibError]) -> set[type[SibError]]:
    return {kind}.union(*(all_errors(below) for below in kind.__subclasses__()))


def test_every_reason_has_a_text_that_says_what_would_mend_it() -> None:
    assert set(TEXTS) == set(Reason)
    assert [reason.name for reason, text in TEXTS.items() if not text.title.strip() or not text.mend.strip()] == []


def test_no_two_reasons_share_a_number_and_each_fits_into_a_mask() -> None:
    assert len(Reason.__members__) == len({int(reason) for reason in Reason.__members__.values()})
    assert all(0 < reason < 64 for reason in Reason)


def test_the_table_of_reasons_in_the_documentation_is_the_one_in_the_code() -> None:
    expected = [
        f"| R{reason:02d} | `{reason.name.lower().replace('_', '-')}` | {TEXTS[reason].title} | {TEXTS[reason].mend} |"
        for reason in sorted(Reason)
    ]

    assert table_under("Reasons") == expected, "docs/reasons.md should hold:\n" + "\n".join(expected)


def test_every_error_code_is_documented() -> None:
    documented = {row.split("|")[1].strip().strip("`") for row in table_under("Refusals")}

    assert documented == {kind.code for kind in all_errors(SibError)}
