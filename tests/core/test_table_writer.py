import csv
import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.errors import RefusedError
from sib_engine.core.table_writer import guarded, without_guard, write_table


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "'=1",
        "\uff1d1",
        '=HYPERLINK("http://x")',
        "- yes",
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-12.50", "-3", "1234.50", "O'Brien", "'tis", "a=b", "payslip", "P0001"])
def test_numbers_and_other_text_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.one_of(st.text(), st.text("'=+-@ \t1", max_size=8)))
def test_the_apostrophe_is_taken_away_exactly(text: str) -> None:
    assert without_guard(guarded(text)) == text


def test_a_table_is_written_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"

    write_table(
        path,
        ["row", "on", "count", "amount", "note"],
        [
            ["a", date(2020, 4, 30), 3, Decimal("12.50"), 'say "no", café'],
            ["=b", None, -1, Decimal("-0.10"), "two\rlines"],
        ],
    )

    assert path.read_bytes().decode() == (
        'row,on,count,amount,note\r\na,2020-04-30,3,12.50,"say ""no"", café"\r\n\'=b,,-1,-0.10,"two\rlines"\r\n'
    )
    assert list(tmp_path.iterdir()) == [path]


def test_a_table_that_breaks_off_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old\n")

    def rows() -> Iterator[list[str]]:
        yield ["1"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_table(path, ["id"], rows())

    assert path.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_row_of_another_length_is_a_broken_promise(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a row of 1 cells under a heading of 2"):
        write_table(tmp_path / "t.csv", ["id", "note"], [["1"]])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["none/t.csv", "."])
def test_where_nothing_can_be_written_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(RefusedError, match="cannot be written"):
        write_table(tmp_path / place, ["id"], [["1"]])

    assert list(tmp_path.iterdir()) == []


def test_a_part_left_by_a_crash_is_in_nobodys_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getpid", lambda: 7)
    left = tmp_path / ".t.csv.7-1.part"
    left.write_text("half")

    write_table(tmp_path / "t.csv", ["id"], [["1"]])

    with (tmp_path / "t.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [["id"], ["1"]]
    assert left.read_text() == "half"


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "t.csv", tmp_path / "link.csv"
    target.write_text("old\n")
    link.symlink_to(target)

    write_table(link, ["id"], [["1"]])

    assert link.is_symlink()
    assert target.read_text() == "id\n1\n"


def test_a_folder_is_refused_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "t.csv"
    folder.mkdir()

    with pytest.raises(RefusedError, match=r"t\.csv cannot be written: it is a folder"):
        write_table(folder, ["id"], [["1"]])

    assert folder.is_dir()
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_device_or_pipe_is_refused_and_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link.csv"
    os.mkfifo(pipe)
    link.symlink_to(pipe)

    for path in (pipe, link):
        with pytest.raises(RefusedError, match="it is a device or a pipe, not a regular file"):
            write_table(path, ["id"], [["1"]])

    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [link, pipe]
