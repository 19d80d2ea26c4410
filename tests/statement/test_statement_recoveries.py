"""What a closed sample takes back, on statements drawn up from files: divided, limited by what is due, and once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.report.blocks import Table
from evaluation.report.document import blocks_of
from sib_engine.core.findings import has_errors
from sib_engine.documents.statement import statement_document
from sib_engine.documents.statement_figures import figures_of
from sib_engine.outcomes.rows_file import read_rows
from sib_engine.payments.statement.draw_up import Statement, draw_up
from sib_engine.payments.statement.lines import StatedLine, digest_of_lines
from sib_engine.payments.statement.lines_file import read_lines, write_lines
from sib_engine.payments.statement.recoveries import PartlyWrong, SampleRecovery, UnseenClaim
from sib_engine.services.draw_statement import known_outcomes
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load
from sib_engine.terms.verification import Recover
from tests.statement.conftest import CONTRACT, EngineWith

ENGAGEMENT, JOB = 300_01, 700_00
OWN_SHARES = """
[[share]]
id = "jobs"
metric = "job_start"
from = 2020-04-01
payers = { council = "100%" }
status = "agreed"
source = "made up"
"""
CAP_BY_PERIOD = """
[[cap]]
id = "fund-cap"
on = ["payer", "period"]
payer = "fund"
limit = 200.00
overflow = "lost"
status = "agreed"
source = "made up"
"""


@dataclass
class Payer:
    """Rows that are known, and every line stated of them; each call states a period or looks at it."""

    contract: Contract
    path: Path
    rows: dict[str, str]
    stated: list[StatedLine]

    def look(self, period: str, *recoveries: SampleRecovery) -> Statement:
        """Draw a statement up."""
        lines = [f"{row},{row.partition('/')[0]},{row.partition('/')[2]},{on}" for row, on in self.rows.items()]
        self.path.write_text("\n".join(["row,person,metric,achieved_on", *lines]) + "\n", encoding="utf-8")
        table, findings = read_rows(self.path, self.contract, at_least=0)
        assert not has_errors(findings)
        assert table is not None
        known = replace(known_outcomes(self.contract, table), recoveries=recoveries)
        return draw_up(self.contract, known, self.contract.periods.find(period), stated=self.stated)

    def state(self, period: str, *recoveries: SampleRecovery) -> Statement:
        """Draw a statement up and keep it."""
        made = self.look(period, *recoveries)
        self.stated += made.kept_lines
        return made


def payer_of(contract: Path, folder: Path, *rows: str) -> Payer:
    loaded = load(contract)
    assert loaded.contract is not None, loaded.findings
    return Payer(loaded.contract, folder / "rows.csv", dict.fromkeys(rows, "2020-05-04"), [])


def recovery(
    by_rule: int,
    unseen: Iterable[tuple[str, int]] = (),
    *,
    weights: dict[str, int] | None = None,
    found: int = 0,
    partly: Iterable[tuple[str, int]] = (),
) -> SampleRecovery:
    """Return a sample of the first quarter, its strata the metrics."""
    return SampleRecovery(
        statement=1,
        period="2020-Q2",
        rule=Recover.LOWER,
        confidence=Fraction(19, 20),
        by_rule=by_rule,
        found=found,
        weights=weights or {},
        unseen=tuple(UnseenClaim(row, row.partition("/")[2], value, is_assumed=False) for row, value in unseen),
        partly=tuple(PartlyWrong(row, value, is_assumed=False) for row, value in partly),
    )


def amounts(made: Statement) -> list[tuple[str, str, int, tuple[int, ...]]]:
    return [(line.kind.value, line.row, line.payable, line.pays) for line in made.lines]


def test_each_metric_is_taken_back_in_its_own_shares(engine_with: EngineWith, tmp_path: Path) -> None:
    contract = engine_with(more=OWN_SHARES).contract
    payer = payer_of(contract, tmp_path, "P1/engagement", "P2/engagement", "P1/job_start")
    assert payer.state("2020-Q2").pays == (348_01 + 700_00, 252_01)

    unseen = (("P1/engagement", ENGAGEMENT), ("P2/engagement", ENGAGEMENT), ("P1/job_start", JOB))
    sample = recovery(400_00, unseen, weights={"engagement": 100_00, "job_start": 300_00})
    second = payer.state("2020-Q3", sample)

    # Engagements stand at £600.02, of which the council has £348.01; of £500.02 it has £290.01.
    assert amounts(second) == [
        ("recovery", "recovery/1/extrapolated/engagement/split", -100_00, (-58_00, -42_00)),
        ("recovery", "recovery/1/extrapolated/job_start/jobs", -300_00, (-300_00, 0)),
    ]
    assert amounts(payer.look("2020-Q4", sample)) == []


def test_nothing_is_taken_back_of_what_is_not_due_any_more(engine_with: EngineWith, tmp_path: Path) -> None:
    payer = payer_of(engine_with().contract, tmp_path, "P1/engagement", "P1/job_start")
    payer.state("2020-Q2")
    unseen = (("P1/engagement", ENGAGEMENT), ("P1/job_start", JOB))
    sample = recovery(900_00, unseen, weights={"engagement": 200_00, "job_start": 700_00})
    payer.state("2020-Q3", sample)

    # The job start goes: £700.00 is put right, and £200.00 is left, which only the engagement can bear.
    del payer.rows["P1/job_start"]
    third = payer.state("2020-Q4", sample)

    assert [(kind, row, payable) for kind, row, payable, _ in amounts(third)] == [
        ("recovery", "recovery/1/extrapolated/job_start/split", 700_00),
        ("correction", "P1/job_start", -700_00),
    ]
    assert third.due == ENGAGEMENT - 200_00
    assert sum(line.payable for line in payer.stated) == third.due


def test_a_claim_worth_less_is_taken_back_to_its_right_value_until_it_is_put_right(
    engine_with: EngineWith, tmp_path: Path
) -> None:
    payer = payer_of(engine_with().contract, tmp_path, "P1/job_start")
    payer.state("2020-Q2")
    sample = recovery(500_00, found=500_00, partly=[("P1/job_start", 200_00)])
    second = payer.state("2020-Q3", sample)
    assert [line.payable for line in second.lines] == [-500_00]
    assert second.lines[0].why == "the sample of statement 1 found it worth £200.00, not £700.00"

    del payer.rows["P1/job_start"]
    third = payer.state("2020-Q4", sample)

    assert [(line.kind.value, line.payable) for line in third.lines] == [("recovery", 500_00), ("correction", -700_00)]
    assert sum(line.payable for line in payer.stated) == 0


def test_a_payer_whose_cap_bore_it_gets_nothing_back_in_the_period_that_was_sampled(
    engine_with: EngineWith, tmp_path: Path
) -> None:
    # The fund's 42 % of £700.00 is £294.00, and its cap for the quarter lets £200.00 through.
    payer = payer_of(engine_with(more=CAP_BY_PERIOD).contract, tmp_path, "P1/job_start")
    assert payer.state("2020-Q2").pays == (406_00, 200_00)

    # Of £600.00 its part would have been £252.00, still beyond the cap: the council alone had paid too much.
    second = payer.state("2020-Q3", recovery(100_00, [("P1/job_start", JOB)]))

    assert [(line.shared, line.pays) for line in second.lines] == [((-58_00, -42_00), (-58_00, 0))]


def test_the_lines_are_read_again_as_they_were_written_and_stand_where_no_sample_is_known(
    engine_with: EngineWith, tmp_path: Path
) -> None:
    contract = engine_with().contract
    payer = payer_of(contract, tmp_path, "P1/engagement", "P2/engagement")
    unseen = (("P1/engagement", ENGAGEMENT), ("P2/engagement", ENGAGEMENT))
    first, second = payer.state("2020-Q2"), payer.state("2020-Q3", recovery(100_00, unseen))
    files = (tmp_path / "lines-1.csv", tmp_path / "lines-2.csv")
    for path, made in zip(files, (first, second), strict=True):
        write_lines(path, payer.contract, made.kept_lines)

    read, findings = read_lines(files[1], payer.contract)
    assert (digest_of_lines(read), findings) == (second.digest, ())
    assert payer.look("2020-Q4").lines == ()
    found = explain_amounts(
        str(contract), payer.path, row="recovery/1/extrapolated/engagement/split", stated=files, period="2020-Q4"
    )
    assert found.against is not None
    assert (found.against.due, found.against.stated, found.against.is_gone) == (-100_00, -100_00, False)
    asked = explain_amounts(str(contract), payer.path, payer="council", stated=files, period="2020-Q4").asked
    assert [each.differs for each in asked] == [0]


def test_the_document_says_how_a_recovery_came_about(engine_with: EngineWith, tmp_path: Path) -> None:
    payer = payer_of(engine_with().contract, tmp_path, "P1/engagement")
    payer.state("2020-Q2")
    second = payer.state("2020-Q3", recovery(100_00, [("P1/engagement", ENGAGEMENT)]))

    made = statement_document(figures_of(payer.contract, second, ()), drawn_up_on=date(2020, 10, 14))

    (table,) = [
        block
        for block in blocks_of(made)
        if isinstance(block, Table) and block.caption == "Recovery after a verification sample, line by line"
    ]
    assert len(table.rows) == 1
    (note,) = table.notes
    assert note == (
        "The sample of statement 1, lower bound at 95%: £100.00 of all its claims is overpaid, less £0.00 found and"
        " taken back claim by claim; £100.00 in all for claims that nobody looked at."
    )


ROWS = ("P1/engagement", "P2/engagement", "P1/job_start", "P2/job_start")
VALUES = {row: ENGAGEMENT if row.endswith("engagement") else JOB for row in ROWS}


GONE = st.lists(st.frozensets(st.sampled_from(ROWS)), min_size=1, max_size=4)
PERIODS = ("2020-Q3", "2020-Q4", "2021-Q1", "2021-Q2")


def limited(folder: Path, limit: str, more: str) -> Payer:
    """Return a payer whose contract pays at most so much, with all rows stated."""
    path = folder / "contract.toml"
    text = CONTRACT.read_text(encoding="utf-8").replace("limit = 2000.00", f"limit = {limit}")
    path.write_text(text + more, encoding="utf-8")
    payer = payer_of(path, folder, *ROWS)
    payer.state("2020-Q2")
    return payer


def is_sound(payer: Payer) -> bool:
    """Return whether nobody gave more back than was paid, under any share."""
    sums = (sum(line.payable for line in payer.stated if line.share == each.id) for each in payer.contract.shares)
    return all(each >= 0 for each in sums)


@pytest.mark.parametrize("more", ["", OWN_SHARES])
@given(by_rule=st.integers(0, sum(VALUES.values())), weight=st.integers(0, 100), gone=GONE)
def test_whatever_is_put_right_in_whatever_order_nothing_is_taken_back_twice(
    tmp_path_factory: pytest.TempPathFactory, more: str, by_rule: int, weight: int, gone: list[frozenset[str]]
) -> None:
    payer = limited(tmp_path_factory.mktemp("payer"), "9000.00", more)
    sample = recovery(by_rule, VALUES.items(), weights={"engagement": weight, "job_start": 100 - weight})
    for period, rows in zip(PERIODS, gone, strict=False):
        payer.rows = dict.fromkeys((row for row in ROWS if row not in rows), "2020-05-04")
        made = payer.state(period, sample)

        put_right = sum(VALUES[row] for row in rows)
        stands = sum(VALUES.values()) - put_right - max(by_rule - put_right, 0)
        assert made.due == stands == sum(line.payable for line in payer.stated)
        assert is_sound(payer)


@pytest.mark.parametrize("more", ["", OWN_SHARES])
@given(by_rule=st.integers(0, 1_500_00), gone=GONE)
def test_under_a_cap_a_recovery_frees_no_headroom_and_takes_back_no_more_than_is_due(
    tmp_path_factory: pytest.TempPathFactory, more: str, by_rule: int, gone: list[frozenset[str]]
) -> None:
    payer = limited(tmp_path_factory.mktemp("payer"), "1500.00", more)
    unseen = [(line.row, line.payable) for line in payer.stated]
    sample = recovery(by_rule, unseen)
    for period, rows in zip(PERIODS, gone, strict=False):
        payer.rows = dict.fromkeys((row for row in ROWS if row not in rows), "2020-05-04")
        made = payer.state(period, sample)

        under_cap = min(sum(VALUES[row] for row in ROWS if row not in rows), 1_500_00)
        assert made.under_caps == under_cap
        assert max(under_cap - by_rule, 0) <= made.due <= under_cap
        assert made.due == sum(line.payable for line in payer.stated)
        assert is_sound(payer)
