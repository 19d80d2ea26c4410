"""Write files whole or not at all: under another name first, then renamed; several of them together."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

from sib_engine.core.errors import RefusedError

_MAX_ATTEMPTS: Final = 100


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose content becomes the file ``path`` when the block ends well.

    Raises:
        RefusedError: If the file cannot be written, or ``path`` is something else than a regular file (a
            folder, a device), which would be replaced; a file that was there before is still there.
    """
    with _part_of(path) as (part, target, stream):
        yield stream
        _finish(stream)
        part.replace(target)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files of one run: none gets its name before all of them are written.

    Raises:
        RefusedError: As :func:`replaced`; none of the files is then there.
    """
    with ExitStack() as stack:
        parts = []
        for path, content in files.items():
            part, target, stream = stack.enter_context(_part_of(path))
            stream.write(content)
            _finish(stream)
            parts.append((part, target))
        for part, target in parts:
            part.replace(target)


@contextmanager
def _part_of(path: Path) -> Iterator[tuple[Path, Path, BinaryIO]]:
    """Yield a new file beside the target, the target and a stream; where the block fails, the new file is gone."""
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "a device or a pipe, not a regular file"
            message = f"{path} cannot be written: it is {kind}"
            raise RefusedError(message)
        target = path.resolve()
        part, stream = _new_part(target)
    except OSError as problem:
        raise _refused(path, problem) from None
    try:
        with stream:
            yield part, target, stream
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise _refused(path, problem) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _finish(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _new_part(target: Path) -> tuple[Path, BinaryIO]:
    """Open a new file beside the target; never one that is there already."""
    for attempt in count(1):
        part = target.with_name(f".{target.name}.{os.getpid()}-{attempt}.part")
        try:
            return part, part.open("xb")
        except FileExistsError:
            if attempt == _MAX_ATTEMPTS:
                raise
    raise AssertionError


def _refused(path: Path, problem: OSError) -> RefusedError:
    return RefusedError(f"{path} cannot be written: {(problem.strerror or 'unknown reason').lower()}")
