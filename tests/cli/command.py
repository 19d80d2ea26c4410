"""Run `sib` as a user does: in this process, where only the words matter, or in one of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from sib_engine.cli.main import main
from sib_engine.terms import library

CONTRACTS = library.folder()
REBOOT_WEST = CONTRACTS / "care-leavers" / "published" / "reboot-west-2025-12.csv"
AMBITION = CONTRACTS / "fair-chance-fund" / "published" / "ambition-2025-12.csv"
ENFIELD = CONTRACTS / "mhep" / "published" / "enfield-2025-12.csv"
WEST_LONDON = CONTRACTS / "mhep" / "published" / "west-london-2025-12.csv"
TWO_PAYERS = Path(__file__).parents[1] / "statement" / "two-payers.toml"

_PROGRAM_SPEAK = re.compile(r"\b(?:nan|NaN|NaT|None|inf|Traceback)\b|Decimal\(|Fraction\(|np\.|<[A-Z]\w+\.")


def program_speak(text: str) -> list[str]:
    """Return what no person should be shown: a value that is not there, a traceback, an object's own name."""
    return _PROGRAM_SPEAK.findall(text)


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run of the command left: its exit code, and what it wrote to each stream."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - what a program would read, of any shape
        """What standard output holds, as a program reads it; a float is refused, so no amount was one."""
        return json.loads(self.out, parse_float=_refused, parse_constant=_refused)


def _refused(text: str) -> float:
    message = f"{text} in JSON: amounts are strings"
    raise AssertionError(message)


Sib: TypeAlias = Callable[..., Ran]


@pytest.fixture
def sib(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sib:
    """Return a function that runs the command in this process, without a terminal or in one of a width."""

    def run(*words: str | Path, columns: int | None = None) -> Ran:
        if columns is None:
            monkeypatch.delenv("COLUMNS", raising=False)
        else:
            monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["sib", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        wrote = capsys.readouterr()
        code = left.value.code
        return Ran(code if isinstance(code, int) else 0, wrote.out, wrote.err)

    return run


PROGRAM = (sys.executable, "-c", "from sib_engine.cli.main import main; main()")


def surroundings(*, columns: int | None = None, encoding: str = "utf-8") -> dict[str, str]:
    """Return the environment of a process of its own."""
    found = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    found |= {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": encoding}
    return found if columns is None else found | {"COLUMNS": str(columns)}


def sib_alone(*words: str | Path, folder: Path, columns: int | None = None, encoding: str = "utf-8") -> Ran:
    """Run the command in a process of its own, in ``folder``."""
    ran = subprocess.run(  # noqa: S603 - this interpreter, with words written in a test
        [*PROGRAM, *map(str, words)],
        cwd=folder,
        env=surroundings(columns=columns, encoding=encoding),
        capture_output=True,
        encoding=encoding,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def counts_file(folder: Path, *lines: str, name: str = "counts.csv") -> Path:
    """Write lines to a file and return its path."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
