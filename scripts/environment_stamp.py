"""Tell whether the virtual environment that runs this script is complete for the checkout it stands in.

``check LEVEL`` exits 0 where it is; ``write LEVEL`` says that it now is; ``clear`` takes that back, and exits 0 only
where the environment was completed here, if with other pins, and so can be brought up to date instead of made anew.
Used by setup.sh, always with the environment's own Python.
"""

import hashlib
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
STAMP: Final = Path(sys.prefix) / "sib-engine.stamp"
LEVELS: Final = {"run": (), "test": ("test",), "bench": ("test", "bench")}
"""The extras of pyproject.toml that each level installs; a later level holds all of an earlier one."""


def origin() -> str:
    """Return a digest of what an environment cannot outlive: its interpreter, its place and the checkout's."""
    return hashlib.sha256(f"{sys.version}\n{ROOT}\n{sys.prefix}\n".encode()).hexdigest()


def pins() -> str:
    """Return a digest of the two files that decide what is installed."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def lacks_packages(level: str) -> bool:
    """Return whether a package that this level declares is not installed (someone removed it by hand)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], project["name"]]
    for extra in LEVELS[level]:
        wanted += project["optional-dependencies"][extra]
    installed = {_plain(found.metadata["Name"]) for found in metadata.distributions()}
    return any(_plain(re.split(r"[^\w.-]", requirement)[0]) not in installed for requirement in wanted)


def stamped() -> tuple[str, str, str]:
    """Return the level, origin and pins that the stamp holds; three empty texts where there is no stamp."""
    words = STAMP.read_text(encoding="utf-8").split() if STAMP.is_file() else []
    return (words[0], words[1], words[2]) if len(words) == len(("level", "origin", "pins")) else ("", "", "")


def is_complete(level: str) -> bool:
    """Return whether the stamp was written here, for this level or a later one, from the files as they are now."""
    written, made_at, made_from = stamped()
    levels = list(LEVELS)
    enough = written in levels and levels.index(written) >= levels.index(level)
    return enough and made_at == origin() and made_from == pins() and not lacks_packages(level)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(command: str, level: str = "run") -> int:
    """Do what was asked and return the exit code."""
    if command == "check":
        return 0 if is_complete(level) else 1
    if command == "write":
        STAMP.write_text(f"{level} {origin()} {pins()}\n", encoding="utf-8")
        return 0
    _, made_at, _ = stamped()
    STAMP.unlink(missing_ok=True)
    return 0 if made_at == origin() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
