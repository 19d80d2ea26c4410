from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.core.whole_files import replaced, write_together


def test_files_written_together_are_all_there(tmp_path: Path) -> None:
    write_together({tmp_path / "a.pdf": b"one", tmp_path / "b.csv": b"two"})

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.pdf": b"one", "b.csv": b"two"}


def test_where_one_cannot_be_written_none_is_there_and_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "old.pdf").write_bytes(b"old")

    with pytest.raises(RefusedError, match="cannot be written"):
        write_together({tmp_path / "old.pdf": b"new", tmp_path / "no" / "b.csv": b"two"})

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"old.pdf": b"old"}


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="it is a folder"):
        write_together({tmp_path: b"one"})


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with replaced(tmp_path / "a.csv") as stream:
            stream.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []
