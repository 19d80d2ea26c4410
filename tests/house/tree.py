"""The files of this project, for the tests that look at the house itself."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


@cache
def own_files() -> tuple[Path, ...]:
    """Return every file that is, or would be, under version control; deleted ones left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def own_modules(folder: str = "") -> tuple[Path, ...]:
    """Return the Python files of the project, or of one top folder of it."""
    return tuple(path for path in own_files() if path.suffix == ".py" and path.is_relative_to(ROOT / folder))


def project_table() -> dict[str, Any]:
    """Return pyproject.toml as it was read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def told(path: Path) -> str:
    """Return a path as a person would name it: from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()
