"""A mapping: which column of somebody's own tracker feeds which column of which fact, and what its codes mean."""

import hashlib
import json
from collections import abc
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

FORMAT: Final = 1
"""Version of the mapping file. A file says which one it is written in; another is refused and never guessed."""

DATE_COLUMNS: Final = ("on", "until", "recorded_on", "consent_on")
"""Columns of a fact that hold a day."""


class Others(StrEnum):
    """What becomes of a text that a table of codes does not list."""

    REFUSED = "refused"
    KEPT = "kept"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Codes:
    """What the codes of a tracker mean; capitals aside. ``""`` among them says what an empty cell means."""

    means: abc.Mapping[str, str]
    others: Others = Others.REFUSED


@dataclass(frozen=True, slots=True)
class Source:
    """Where one cell of a fact comes from: a column of the tracker, by its heading, or a constant.

    ``codes`` names the table that says what the column's texts mean; ``dates`` are the forms of its
    dates where they differ from the rest of the tracker.
    """

    column: str = ""
    constant: str = ""
    codes: str = ""
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """Rows for which a fact is made: those whose column holds one of some texts, capitals aside."""

    column: str
    is_any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactRule:
    """How one fact is made of a row: the source of each of its columns, by name.

    Without ``when`` a row makes the fact where the column that feeds ``on`` is filled.
    """

    cells: abc.Mapping[str, Source]
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A saved mapping. ``every`` are cells that all facts of a row share, such as the person and the site.

    ``revision`` counts how often the mapping was changed; ``contract`` names the contract that it is for.
    """

    name: str
    contract: str
    facts: tuple[FactRule, ...]
    every: abc.Mapping[str, Source] = field(default_factory=dict)
    codes: abc.Mapping[str, Codes] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    sheet: str = ""
    heading_row: int = 1
    revision: int = 1

    def rules(self) -> tuple[FactRule, ...]:
        """Return the rules of the facts with the shared cells put into each; a rule's own cell goes before."""
        return tuple(FactRule({**self.every, **rule.cells}, rule.when) for rule in self.facts)

    def columns(self) -> tuple[str, ...]:
        """Return every column of the tracker that is used, each once."""
        used: dict[str, None] = {}
        for rule in self.rules():
            used.update((source.column, None) for source in rule.cells.values() if source.column)
            if rule.when is not None:
                used[rule.when.column] = None
        return tuple(used)

    @property
    def digest(self) -> str:
        """``mapping1:`` and the SHA-256 of the mapping's canonical form: equal if and only if it says the same."""
        text = json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"mapping{FORMAT}:{hashlib.sha256(text.encode()).hexdigest()}"

    def as_json(self) -> str:
        """Return the mapping as the text of its file."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """Return the mapping as plain values."""
        return {
            "mapping": FORMAT,
            "revision": self.revision,
            "name": self.name,
            "contract": self.contract,
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "dates": list(self.dates),
            "every": {name: source_dict(source) for name, source in self.every.items()},
            "facts": [_rule_dict(rule) for rule in self.facts],
            "codes": {
                name: {"means": dict(codes.means), "others": codes.others.value} for name, codes in self.codes.items()
            },
        }


def plain_code(text: str) -> str:
    """Return a code as it is compared: without capitals, spaces run together."""
    return " ".join(text.split()).casefold()


def source_dict(source: Source) -> dict[str, Any]:
    """Return a source as plain values, without what it does not say."""
    said: dict[str, Any] = {"column": source.column, "constant": source.constant, "codes": source.codes}
    if source.dates:
        said["dates"] = list(source.dates)
    return {key: value for key, value in said.items() if value}


def _rule_dict(rule: FactRule) -> dict[str, Any]:
    said: dict[str, Any] = {name: source_dict(source) for name, source in rule.cells.items()}
    if rule.when is not None:
        said["when"] = {"column": rule.when.column, "is": list(rule.when.is_any_of)}
    return said
