"""Every command explains itself, and what it gives as an example works as written."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sib_engine.cli.main import sib as program
from tests.cli.command import CONTRACTS, REBOOT_WEST, Sib, program_speak, sib_alone
from tests.cli.test_store_commands import EXAMPLES as OF_THE_STORE


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command and group, each with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, (*path, name))


EVERY = dict(commands(program))
EXAMPLE = re.compile(r"Example: sib (.*)")


def example_of(*path: str) -> list[str]:
    """Return the words of a command's example, without the program's name."""
    (words,) = EXAMPLE.findall(EVERY[path].help or "")
    return shlex.split(words)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: " ".join(("sib", *path)))
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_says_what_the_command_does_and_gives_an_example(sib: Sib, path: tuple[str, ...], flag: str) -> None:
    ran = sib(*path, flag)

    assert (ran.code, ran.err) == (0, "")
    assert "Usage: sib" in ran.out
    assert "Example: sib" in " ".join(ran.out.split())
    assert program_speak(ran.out) == []


@pytest.mark.parametrize("path", EVERY, ids=lambda path: " ".join(("sib", *path)))
def test_every_option_and_every_command_is_explained(path: tuple[str, ...]) -> None:
    command = EVERY[path]

    assert command.get_short_help_str(limit=1000)
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []


def test_the_list_of_commands_is_not_cut_off_at_eighty_columns(tmp_path: Path) -> None:
    out = sib_alone("--help", folder=tmp_path, columns=80).out

    listed = out[out.index("Commands:") :]
    assert "..." not in listed
    assert len(listed.splitlines()) == 1 + len(program.commands)


def test_no_command_at_all_prints_the_help(sib: Sib) -> None:
    ran = sib()

    assert ran.code == 2
    assert "Commands:" in ran.err


def test_the_version_is_printed(sib: Sib) -> None:
    assert re.fullmatch(r"sib, version [0-9]+\.[0-9]+\.[0-9]+\n", sib("--version").out)


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples name: counts, and two versions of a contract."""
    shutil.copy(REBOOT_WEST, tmp_path / "COUNTS.csv")
    old = (CONTRACTS / "care-leavers" / "reboot-west.toml").read_text(encoding="utf-8")
    (tmp_path / "old.toml").write_text(old, encoding="utf-8")
    (tmp_path / "new.toml").write_text(old.replace("price = 220.00", "price = 230.00"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "path",
    [(), ("contract",), ("contract", "list"), ("contract", "check"), ("contract", "show"), ("contract", "diff"),
     ("contract", "schema"), ("contract", "simulate"),
     ("price",), ("reconcile",), ("sample",), ("sample", "plan")],
    ids=lambda path: " ".join(("sib", *path)),
)  # fmt: skip
@pytest.mark.usefixtures("newcomer")
def test_the_example_works_as_written(sib: Sib, path: tuple[str, ...]) -> None:
    ran = sib(*example_of(*path))

    assert (ran.code, ran.err) == (0, "")
    assert ran.out


def test_the_examples_about_people_work_one_after_the_other(sib: Sib, newcomer: Path) -> None:
    for path in (("facts",), ("facts", "example"), ("outcomes",), ("statement",), ("explain",)):
        ran = sib(*example_of(*path))

        assert (path, ran.code, ran.err) == (path, 0, "")
        assert ran.out
    assert {"facts.csv", "rows.csv", "lines-1.csv"} <= {path.name for path in newcomer.iterdir()}


def test_every_example_is_run_by_one_of_these_tests() -> None:
    here = {
        (), ("contract",), ("contract", "list"), ("contract", "check"), ("contract", "show"), ("contract", "diff"),
     ("contract", "schema"), ("contract", "simulate"),
        ("price",), ("reconcile",), ("facts",), ("facts", "example"), ("outcomes",), ("statement",), ("explain",),
        ("sample",), ("sample", "plan"), ("demo",),  # in test_demo.py
        # in test_claims_command.py
        ("claims", "template"), ("claims", "propose"), ("claims", "understand"),
    }  # fmt: skip

    assert set(EVERY) == here | OF_THE_STORE
