"""The page that describes the format, ``contracts/README.md``, as data: each key with type, need and meaning.

A test holds it against the schemas; the JSON Schema takes its descriptions from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

FILE: Final = ""
"""The section on the file as a whole."""

EVERY_CLAUSE: Final = "*"
"""The section on the keys that every clause has."""

_NAMED: Final = {"The file": FILE, "Keys of every clause": EVERY_CLAUSE}
_CLAUSE: Final = re.compile(r"\[\[?([a-z_]+)(?:\.CODE)?\]\]?")
_ROW: Final = re.compile(r"\| `([a-z_]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
_TITLE: Final = re.compile(r"(#{1,3}) (.+)")


@dataclass(frozen=True, slots=True)
class Described:
    """One key as the page describes it; ``need`` is ``yes``, ``no`` or ``default`` with the value."""

    type: str
    need: str
    meaning: str


Sections: TypeAlias = Mapping[str, Mapping[str, Described]]
"""The keys of each section, by path: ``tariff``, ``tariff.tiers``."""


def read_reference(text: str) -> Sections:
    """Return the keys that the page describes, section by section; what follows the format is left out."""
    sections: dict[str, dict[str, Described]] = {}
    clause: str | None = None
    here: list[str] = []
    for line in text.splitlines():
        title, row = _TITLE.fullmatch(line), _ROW.fullmatch(line)
        if title is not None and title[1] == "#" and sections:
            break
        if title is not None and title[1] == "##":
            found = _CLAUSE.fullmatch(title[2])
            clause = found[1] if found is not None else _NAMED.get(title[2])
            here = [] if clause is None else [clause]
        elif title is not None and title[1] == "###":
            here = [f"{clause}.{name}" for name in title[2].split(", ")]
        elif row is not None:
            for path in here:
                sections.setdefault(path, {})[row[1]] = Described(row[2].strip(), row[3].strip(), row[4].strip())
    return sections


def section_of(sections: Sections, path: str) -> Mapping[str, Described]:
    """Return the keys of the table at a path: of its own section, or of the first about a table of its name."""
    if path in sections or "." not in path:
        return sections.get(path, {})
    last = "." + path.rpartition(".")[2]
    return next((keys for each, keys in sections.items() if each.endswith(last)), {})


def described(sections: Sections, path: str, key: str) -> Described | None:
    """Return what the page says of one key of the table at a path."""
    return section_of(sections, path).get(key) or sections.get(EVERY_CLAUSE, {}).get(key)
