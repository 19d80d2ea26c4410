import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from sib_engine.cli.main import sib
from tests.house.tree import ROOT

SLOW_TO_IMPORT = (
    "evaluation",
    "hypothesis",
    "marshmallow",
    "matplotlib",
    "numpy",
    "rich.table",
    "scipy",
    "statsmodels",
    "typst",
)


def commands(command: click.Command, path: str = "sib") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(below, f"{path} {name}")
    else:
        yield path, command


@pytest.mark.parametrize(("path", "command"), list(commands(sib)))
def test_every_command_explains_itself_with_an_example(path: str, command: click.Command) -> None:
    text = command.help or ""

    assert "Example" in text
    assert path in text


@pytest.mark.parametrize("path", [path for path, _ in commands(sib)])
def test_every_command_is_in_the_readme(path: str) -> None:
    assert path in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_command_line_starts_without_loading_what_only_some_commands_need() -> None:
    code = f"import sys, sib_engine.cli.main; print(*[name for name in {SLOW_TO_IMPORT!r} if name in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)

    assert loaded.stdout.split() == []
