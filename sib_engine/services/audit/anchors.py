"""Anchors: hashes of the audit chain that are kept outside the database."""

import json
from pathlib import Path

from sib_engine.core.errors import RefusedError


def read_anchor(path: Path) -> tuple[int, str]:
    """Return the place and the hash that an anchor file holds.

    Raises:
        RefusedError: If it is not such a file.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        seq, kept = found["seq"], found["hash"]
    except (OSError, ValueError, KeyError, TypeError):
        message = f"{path.name} is no anchor; accepted: a file that `sib audit anchor` wrote"
        raise RefusedError(message) from None
    if not isinstance(seq, int) or not isinstance(kept, str):
        message = f"{path.name} is no anchor: it names no entry and hash"
        raise RefusedError(message)
    return seq, kept
