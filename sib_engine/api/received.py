"""Files that come with a request: kept in a folder of their own while the request is answered, and gone after it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any, Final

from werkzeug.datastructures import FileStorage

from sib_engine.core.errors import FindingsError, SibError
from sib_engine.core.findings import Finding

_ODD: Final = re.compile(r"[^\w .()+-]+")
_LONGEST: Final = 100


@contextmanager
def received(file: FileStorage) -> Iterator[Path]:
    """Yield where a file that came with the request lies, under a name that is safe and still the client's own.

    Refusals inside the block name the file, and not where it lay meanwhile.
    """
    with TemporaryDirectory(prefix="sib-received-") as folder:
        path = Path(folder) / safe_name(file.filename or "")
        file.save(path)
        try:
            yield path
        except FindingsError as refused:
            raise FindingsError([_named(finding, path) for finding in refused.findings]) from refused
        except SibError as refused:
            refused.args = (str(refused).replace(str(path), path.name),)
            raise


def findings_about(findings: Iterable[Finding], path: Path) -> list[dict[str, Any]]:
    """Return findings about a file that came with the request, as they go over the wire."""
    return [_named(finding, path).as_dict() for finding in findings]


def _named(finding: Finding, path: Path) -> Finding:
    return replace(finding, at=replace(finding.at, file=path.name)) if finding.at.file == str(path) else finding


def safe_name(name: str) -> str:
    """Return a file's name without folders, and without characters that mean something to a machine."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    cleaned = _ODD.sub("_", last).strip(" .")[-_LONGEST:]
    return cleaned or "file"
