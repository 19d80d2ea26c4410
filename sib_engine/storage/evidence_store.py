"""Evidence files in a folder: each under its own digest, so that no name it ever had says where it goes."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy.engine import URL

from sib_engine.core.errors import RefusedError

MOST_BYTES: Final = 10 << 20
"""How large an evidence file may be: a scan of some pages, not a film."""

_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = ".part"


class EvidenceFolder:
    """A folder of evidence files; ``root`` is made when the first is put in.

    Another place to keep files (object storage, say) has the same five methods.
    """

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is opened yet."""
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep content, whole or not at all, and return its digest; what is there already is kept once.

        Raises:
            RefusedError: If the folder cannot be written.
        """
        digest = digest_of(content)
        path = self._path(digest)
        try:
            if self.state(digest, len(content)) == "":
                return digest
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{uuid4().hex}{_PART}")
            try:
                with part.open("xb") as stream:
                    part.chmod(0o600)
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            _sync(path.parent)
        except OSError as problem:
            message = f"the evidence folder cannot be written: {(problem.strerror or 'unknown reason').lower()}"
            raise RefusedError(message) from None
        return digest

    def get(self, digest: str) -> bytes:
        """Return the content with a digest, which is worked out anew.

        Raises:
            RefusedError: If there is no such file, or it is not what was put in.
        """
        content = self._read(digest)
        if content is None:
            message = f"the evidence file {digest} is not in the folder of evidence"
            raise RefusedError(message)
        if digest_of(content) != digest:
            message = f"the evidence file {digest} was changed after it was taken in: it is not shown"
            raise RefusedError(message)
        return content

    def state(self, digest: str, n_bytes: int) -> str:
        """Return what is wrong with a file that ought to be there; empty where nothing is."""
        content = self._read(digest)
        if content is None:
            return "missing"
        return "" if len(content) == n_bytes and digest_of(content) == digest else "changed"

    def names(self) -> Iterator[str]:
        """Yield the digest of every file, and of what is no evidence file the name that it has in the folder."""
        if not self.root.is_dir():
            return
        for path in sorted(self.root.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                continue
            digest = f"sha256:{path.name}"
            is_own = _NAME.fullmatch(path.name) is not None and path == self._path(digest)
            yield digest if is_own else path.relative_to(self.root).as_posix()

    def remove(self, digest: str) -> None:
        """Take a file away that no record names; what is no digest is left where it is."""
        if _DIGEST.fullmatch(digest) is not None:
            self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        found = _DIGEST.fullmatch(digest)
        if found is None:
            message = f"{digest!r} is no digest of an evidence file"
            raise RefusedError(message)
        return self.root / found[1][:2] / found[1]

    def _read(self, digest: str) -> bytes | None:
        """Return the content of a file, None where there is none; never more than one byte beyond the limit."""
        try:
            with self._path(digest).open("rb") as stream:
                return stream.read(MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


def digest_of(content: bytes) -> str:
    """Return the digest by which content is known."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def folder_beside(url: URL) -> Path:
    """Return where evidence is kept if nothing else is said: beside the database file.

    Raises:
        RefusedError: If the database is no file.
    """
    if url.get_backend_name() != "sqlite":
        message = "the database is no file, so evidence cannot be kept beside it; name a folder with SIB_EVIDENCE_DIR"
        raise RefusedError(message)
    database = Path(str(url.database)).absolute()
    return database.with_name(f"{database.stem}-evidence")


def _sync(folder: Path) -> None:
    """Make sure that a renamed file is there after a crash too, where the system lets folders be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
