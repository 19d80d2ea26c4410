"""What a schema says of a value it refuses, and how that becomes a finding with a key path."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sib_engine.core.findings import Finding, Location, did_you_mean, error
from sib_engine.core.personal import shown

CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
"""An id or code of a contract file."""

MAX_SHOWN: Final = 60
_MAX_LOOKED_AT: Final = 400
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: ``what`` is wrong, and ``accepted``, what to write instead.

    ``{key}`` in either stands for the key's name. ``choices`` are words of which one may have
    been meant: by ``meant`` where that is given, else by the key.
    """

    rule: str
    what: str
    accepted: str
    choices: tuple[str, ...] = ()
    meant: str | None = None


def shown_value(value: object) -> str:
    """Return a value as a user wrote it, on one short line; what looks personal is masked."""
    if isinstance(value, str):
        return shown(value[:_MAX_LOOKED_AT])
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, int) and abs(value) > 10**MAX_SHOWN:
        return "a very large number"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."


def place_in(path: str, name: object) -> str:
    """Return the key path of ``name`` inside ``path``; a name that is no plain key stands in quotes."""
    text = str(name)
    plain = text if _BARE_KEY.fullmatch(text) else shown(text[:_MAX_LOOKED_AT])
    return f"{path}.{plain}" if path else plain


def place_of_clause(table: str, clause: object, position: int) -> str:
    """Return the key path of a clause in a list of them: by its id, or its number from 1."""
    name = clause.get("id") if isinstance(clause, Mapping) else None
    is_named = isinstance(name, str) and CODE.fullmatch(name) is not None
    return f"{table}[{name}]" if is_named else f"{table}[{position + 1}]"


def findings_of(messages: object, document: object) -> tuple[Finding, ...]:
    """Return one finding for each problem in marshmallow's nested error messages.

    ``document`` is what was validated: list positions are replaced by clause ids where there are any.
    """
    return tuple(_walk(messages, document, ""))


def _walk(messages: object, document: object, path: str) -> Iterator[Finding]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            if key == "_schema" or _is_side_of_an_entry(key, document):
                yield from _walk(inner, document, path)
            elif isinstance(key, int) and isinstance(document, Sequence) and key < len(document):
                yield from _walk(inner, document[key], place_of_clause(path, document[key], key))
            else:
                inside = document.get(key) if isinstance(document, Mapping) else None
                yield from _walk(inner, inside, place_in(path, key))
    elif isinstance(messages, Sequence) and not isinstance(messages, str):
        for message in messages:
            yield from _walk(message, document, path)
    else:
        yield _finding(messages, path)


def _is_side_of_an_entry(key: object, document: object) -> bool:
    """Return whether marshmallow speaks of an entry's key or value, and not of a key called so."""
    return key in {"key", "value"} and not (isinstance(document, Mapping) and key in document)


def _finding(message: object, path: str) -> Finding:
    at = Location(key=path)
    if not isinstance(message, Problem):
        return error("not-accepted", str(message), at=at)
    name = path.rpartition(".")[2] or "the file"
    suggestion = did_you_mean(name if message.meant is None else message.meant, message.choices)
    what, accepted = (text.replace("{key}", name) for text in (message.what, message.accepted))
    return error(message.rule, what, accepted + suggestion, at)
