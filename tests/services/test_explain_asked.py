"""What an explanation says a statement asks of a payer is what the statement asks, and adds up."""

from functools import cache
from pathlib import Path

import pytest

from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.asked_of import AskedOf
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from tests.services.stated import contract_of, file_of, stated_in
from tests.synthetic.sites import folder

EXAMPLES = Path("docs/examples")
RIVERSIDE = str(EXAMPLES / "riverside.toml")
ROWS, CORRECTED = EXAMPLES / "riverside-rows.csv", EXAMPLES / "riverside-rows-corrected.csv"
PERIODS = (
    ("2021-Q1", ROWS), ("2021-Q2", ROWS), ("2021-Q3", ROWS), ("2021-Q4", ROWS), ("2022-Q1", CORRECTED),
)  # fmt: skip

# As docs/how-money-is-worked-out.md shows the statements: council, health, fund, in pence.
ASKED = (
    (36_667, 36_667, 36_666),
    (116_666, 40_000, 63_334),
    (20_000, 40_000, 0),
    (0, 20_000, 0),
    (-6_666, -3_334, 0),
)
# What each payer pays of all that is due by then: the sums of the columns above.
DUE = (
    (36_667, 36_667, 36_666),
    (153_333, 76_667, 100_000),
    (173_333, 116_667, 100_000),
    (173_333, 136_667, 100_000),
    (166_667, 133_333, 100_000),
)


@cache
def drawn() -> tuple[tuple[Path, tuple[int, ...]], ...]:
    """Return the file and the column totals of each statement of Riverside."""
    found: list[tuple[Path, tuple[int, ...]]] = []
    for period, rows in PERIODS:
        made = draw_statement(RIVERSIDE, rows, period, stated=[path for path, _ in found])
        path = folder("riverside-asked") / f"lines-{len(found) + 1}.csv"
        write_lines(path, made.contract, made.statement.kept_lines)
        found.append((path, made.statement.pays))
    return tuple(found)


def asked(number: int, *, is_given: bool, payer: str | None = None) -> tuple[AskedOf, ...]:
    """Return what statement ``number`` asks, explained with its own lines among the stated, or before it is drawn."""
    period, rows = PERIODS[number - 1]
    stated = tuple(path for path, _ in drawn()[: number if is_given else number - 1])
    return explain_amounts(RIVERSIDE, rows, stated=stated, period=period, payer=payer).asked


@pytest.mark.parametrize("is_given", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_each_payers_amount_on_each_statement_is_due_to_date_less_what_was_asked_before(
    number: int, *, is_given: bool
) -> None:
    found = asked(number, is_given=is_given)

    assert [each.payer for each in found] == ["council", "health", "fund"]
    assert tuple(each.asked for each in found) == ASKED[number - 1] == drawn()[number - 1][1]
    assert tuple(each.due for each in found) == DUE[number - 1]
    for column, each in enumerate(found):
        assert (each.statement, each.period, each.is_drawn_up) == (number, PERIODS[number - 1][0], is_given)
        assert [(one.statement, one.amount) for one in each.before] == [
            (before + 1, ASKED[before][column]) for before in range(number - 1)
        ]
        assert each.differs == 0


def test_corrections_and_what_is_carried_over_stand_among_the_lines_of_a_payer() -> None:
    (health,) = asked(3, is_given=False, payer="health")
    (council,) = asked(5, is_given=False, payer="council")

    assert [(kind.value, amount) for kind, amount in health.lines] == [("carried over", 40_000)]
    assert [(kind.value, amount) for kind, amount in council.lines] == [("correction", -46_666), ("headroom", 40_000)]


def test_what_has_changed_since_a_statement_was_drawn_up_is_told_apart() -> None:
    stated = tuple(path for path, _ in drawn()[:3])

    (council,) = explain_amounts(RIVERSIDE, CORRECTED, stated=stated, period="2021-Q3", payer="council").asked

    # Without A's job start 1,666.67 is due; statements 1 and 2 asked 366.67 and 1,166.66, statement 3 asked 200.00.
    assert (council.due, council.asked, council.differs) == (166_667, 20_000, 6_666)


def test_without_a_period_no_statement_is_explained() -> None:
    assert explain_amounts(RIVERSIDE, ROWS, stated=(drawn()[0][0],)).asked == ()


def test_where_no_statement_can_follow_the_amounts_due_are_explained_with_a_note(tmp_path: Path) -> None:
    contract = contract_of(tmp_path)
    rows = file_of(tmp_path, "row,person,metric,achieved_on\none,P1,engagement,2020-05-04\n")
    stated = stated_in(contract, rows, "2020-Q2")
    (tmp_path / "other").mkdir()
    other = contract_of(tmp_path / "other", ('fund = "42%"', 'fund = "40%"'), ('council = "58%"', 'council = "60%"'))

    found = explain_amounts(other, rows, stated=stated, period="2020-Q3")

    assert [step.amount for step in found.steps] == [18_001, 12_000]  # 60 % and 40 % of 300.01
    assert found.asked == ()
    assert [finding.rule for finding in found.findings] == ["no-statement"]


def test_a_row_that_was_stated_and_is_gone_is_due_nothing() -> None:
    stated = tuple(path for path, _ in drawn()[:4])

    found = explain_amounts(RIVERSIDE, CORRECTED, row="A/job_start", stated=stated, period="2022-Q1")

    assert found.outcome is None
    assert found.steps == ()
    assert found.against is not None
    assert found.against.is_gone
    assert (found.against.due, found.against.stated, found.against.difference) == (0, 70_000, -70_000)
    assert [(line.statement, line.payable) for line in found.against.lines] == [(1, 70_000)]


def test_a_row_that_is_gone_and_taken_back_is_stated_at_nothing() -> None:
    stated = tuple(path for path, _ in drawn())

    against = explain_amounts(RIVERSIDE, CORRECTED, row="A/job_start", stated=stated).against

    assert against is not None
    assert (against.due, against.stated, against.difference) == (0, 0, 0)
    assert [(line.statement, line.kind.value, line.payable) for line in against.lines] == [
        (1, "outcome", 70_000),
        (5, "correction", -70_000),
    ]
