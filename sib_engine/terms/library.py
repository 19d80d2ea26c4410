"""Where the contracts that come with the engine are: in the wheel, or beside the package in a checkout."""

from pathlib import Path

from sib_engine.core.errors import NotFoundError
from sib_engine.core.findings import did_you_mean

PUBLISHED_FOLDER = "published"


def folder() -> Path:
    """Return the folder of the contract library.

    Raises:
        NotFoundError: If the installation carries none.
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "_contracts", package.parent / "contracts"):
        if candidate.is_dir():
            return candidate
    message = "this installation carries no contracts"
    raise NotFoundError(message)


def contract_files() -> tuple[Path, ...]:
    """Return the path of every contract in the library, in order of programme and name."""
    return tuple(sorted(path for path in folder().glob("*/*.toml") if path.parent.name != PUBLISHED_FOLDER))


def find(name: str) -> Path:
    """Return a contract file: a path as given, or the one library contract called ``name`` or ``programme/name``.

    Raises:
        NotFoundError: If there is none; the message lists what there is.
    """
    path = Path(name)
    if path.exists():
        return path
    wanted = name.removesuffix(".toml").removeprefix("contracts/")
    if path.suffix != ".toml" or wanted != name.removesuffix(".toml"):
        for known in contract_files():
            if wanted in {known.stem, f"{known.parent.name}/{known.stem}"}:
                return known
    names = [f"{known.parent.name}/{known.stem}" for known in contract_files()]
    near = did_you_mean(name, [*names, *(each.partition("/")[2] for each in names)])
    message = f"there is no contract file {name!r}; give a path, or one of the library: {', '.join(names)}{near}"
    raise NotFoundError(message)


def shown_path(path: Path) -> str:
    """Return a path as messages show it: as given, or from the library's folder on for a file of the library."""
    try:
        return path.relative_to(folder()).as_posix()
    except (NotFoundError, ValueError):
        return str(path)


def published_record(contract_file: Path) -> Path | None:
    """Return the published record that stands beside a contract file, or None."""
    record = contract_file.parent / PUBLISHED_FOLDER / contract_file.name
    return record if record.is_file() else None
