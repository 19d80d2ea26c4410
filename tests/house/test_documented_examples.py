"""Every example in the documentation is run again: what a page shows is what the commands print."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT, own_files, told

BLOCK = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = "..."
WIDTH = "116"
BASH = shutil.which("bash") or ""

PAGES = [path for path in own_files() if path.suffix == ".md" and BLOCK.search(path.read_text(encoding="utf-8"))]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BASH == "", reason="the examples are written for bash"),
]


def examples(page: Path) -> list[tuple[str, list[str]]]:
    """Return each command of a page, continued lines joined, with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        for line in block["body"].replace("\\\n", "").splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def printed(command: str, folder: Path) -> list[str]:
    """Return what a command prints in a folder, both streams, spaces at the ends of lines aside."""
    programs = str(Path(sys.executable).parent)
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path, "COLUMNS": WIDTH}
    done = subprocess.run(
        [BASH, "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def missing_from(output: list[str], shown: list[str]) -> list[str]:
    """Return the lines shown that do not stand in the output, in this order; blank lines and dots aside."""
    rest = iter(output)
    return [line for line in shown if line not in {LEFT_OUT, ""} and line.rstrip() not in rest]


@pytest.mark.parametrize("page", PAGES, ids=told)
def test_every_example_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    for name in ("contracts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "demo-output").mkdir()

    differing = []
    for command, shown in examples(page):
        missing = missing_from(printed(command, tmp_path), shown)
        if missing:
            differing.append((command, missing))

    assert differing == []
