from collections.abc import Callable
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError
from sib_engine.core.findings import Severity
from sib_engine.terms.load import load, load_contract

HERE = Path(__file__).parent
CLEAN = (HERE / "clean.toml").read_bytes()


def rules(path: Path) -> list[str]:
    return [finding.rule for finding in load(path).findings]


def test_a_clean_contract_gives_nothing_to_find() -> None:
    loaded = load(HERE / "clean.toml")

    assert loaded.findings == ()
    assert loaded.contract is not None
    assert loaded.contract.metric_codes == ("engagement", "job_start", "short_weeks", "full_weeks", "health")


@pytest.mark.parametrize(
    "change",
    [lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw + b"\n# the end"],
    ids=["byte order mark", "carriage returns", "comment"],
)
def test_marks_of_other_editors_are_accepted_and_change_no_digest(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "clean.toml"
    path.write_bytes(change(CLEAN))

    assert load(path).findings == ()
    assert load_contract(path).digest == load_contract(HERE / "clean.toml").digest


def test_all_mistakes_of_a_file_are_listed_at_once() -> None:
    loaded = load(HERE / "many-mistakes.toml")

    assert loaded.contract is None
    assert {(finding.at.key, finding.rule) for finding in loaded.findings} == {
        ("contract.source", "missing-key"),
        ("contract.currency", "unknown-currency"),
        ("contract.period.months", "not-a-count"),
        ("party[council].role", "not-a-choice"),
        ("party[council]", "duplicate-id"),
        ("party[council].organisation", "personal-data"),
        ("metric.engagement.all_of[1].at_leats", "unknown-key"),
        ("metric.engagement.requires", "prerequisite-cycle"),
        ("metric.job_start.employment.hours_from", "not-a-number"),
        ("tariff[t1].price", "not-a-number"),
        ("tariff[t1].metric", "unknown-metric"),
        ("tariff[t2].from", "not-a-date"),
        ("tariff[t2].sites", "unknown-site"),
        ("cap[contract-cap].limit", "not-an-amount"),
        ("cap[contract-cap].amendment", "unknown-amendment"),
        ("share[split].payers", "shares-not-whole"),
        ("share[split].payers.fund", "unknown-payer"),
    }
    assert len(loaded.findings) == 17


def test_a_contract_with_errors_is_refused_with_every_finding() -> None:
    with pytest.raises(FindingsError) as refused:
        load_contract(HERE / "many-mistakes.toml")

    assert str(refused.value) == "16 errors found"
    assert len(refused.value.findings) == 17


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"# x\n" * 2_621_440)

    assert rules(tmp_path / "absent.toml") == ["no-such-file"]
    assert rules(tmp_path) == ["unreadable"]
    assert rules(large) == ["file-too-large"]


@pytest.mark.parametrize(
    ("written", "instead", "expected"),
    [
        ('id = "fund"', 'id = "THE FUND"', ("party[2].id", "not-a-code")),
        ('id = "fund"\n', "", ("party[2].id", "missing-key")),
        ("[metric.engagement]", "[metric.Engagement]", ("metric.Engagement", "not-a-code")),
        ('[site.north]\nname = "North"\n\n[site.south]', "[sites.south]", ("sites", "unknown-key")),
        ('id = "a1"\n', 'id = "a1"\nsigned = 2022-03-01\n', ("amendment[a1].signed", "unknown-key")),
    ],
)
def test_names_of_a_clause_that_cannot_be_read_raise_no_second_alarm(
    tmp_path: Path, written: str, instead: str, expected: tuple[str, str]
) -> None:
    path = tmp_path / "clean.toml"
    path.write_text(CLEAN.decode().replace(written, instead, 1), encoding="utf-8")

    assert [(finding.at.key, finding.rule) for finding in load(path).findings] == [expected]


def test_a_list_of_findings_has_an_end(tmp_path: Path) -> None:
    path = tmp_path / "clean.toml"
    path.write_bytes(CLEAN + b"".join(b"x%d = 1\n" % number for number in range(1000)))

    findings = load(path).findings

    assert len(findings) == 201
    assert findings[-1].what == "and 800 more like these"
    assert findings[-1].severity is Severity.ERROR


def test_a_number_of_thousands_of_digits_is_refused_in_the_engines_own_words(tmp_path: Path) -> None:
    path = tmp_path / "clean.toml"
    path.write_bytes(CLEAN.replace(b"price = 400.00", b"price = -" + b"4" * 6000, 1))

    (finding,) = load(path).findings

    line = CLEAN[: CLEAN.index(b"price = 400.00")].count(b"\n") + 1
    assert finding.what == f"line {line} has a number of 6,000 digits"
    assert finding.accepted == "numbers of at most 4,000 digits"
