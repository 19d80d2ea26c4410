"""Build the wheel, look into it, and read the contracts from it as an installation without a checkout would."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]

LIST_CONTRACTS: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from sib_engine.terms import library
print(library.folder())
print(len(library.contract_files()))
"""


def build(folder: Path) -> Path:
    """Return the wheel, built into ``folder`` with the build backend that is installed here."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - arguments written here
    (wheel,) = folder.glob("*.whl")
    return wheel


def expected_names() -> set[str]:
    """Return the names that the wheel must hold: every module and template, and every file of the contracts folder."""
    modules = {
        path.relative_to(ROOT).as_posix()
        for package in ("evaluation", "sib_engine")
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".css", ".py", ".typ"}
    }
    contracts = {
        f"sib_engine/_contracts/{path.relative_to(ROOT / 'contracts').as_posix()}"
        for path in (ROOT / "contracts").rglob("*")
        if path.suffix in {".csv", ".toml"}
    }
    return modules | contracts | {"sib_engine/py.typed"}


def problems_of(wheel: Path, unpacked: Path) -> list[str]:
    """Return what is wrong with the wheel, one sentence each; ``unpacked`` is an empty folder to unpack it in."""
    with zipfile.ZipFile(wheel) as archive:
        missing = sorted(expected_names() - set(archive.namelist()))
        archive.extractall(unpacked)
    problems = [f"the wheel lacks {name}" for name in missing]
    command = [sys.executable, "-I", "-c", LIST_CONTRACTS, str(unpacked)]
    result = subprocess.run(command, cwd=unpacked, check=False, capture_output=True, text=True)  # noqa: S603 - as above
    if result.returncode != 0:
        return [*problems, f"the contracts cannot be listed from the unpacked wheel: {result.stderr}"]
    folder, n_contracts = result.stdout.splitlines()
    if not Path(folder).is_relative_to(unpacked.resolve()):
        problems.append(f"the unpacked wheel reads its contracts from {folder}, not from itself")
    if int(n_contracts) == 0:
        problems.append("the unpacked wheel finds no contract")
    return problems


def main() -> int:
    """Print what is wrong and return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        problems = problems_of(build(folder / "dist"), folder / "unpacked")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
