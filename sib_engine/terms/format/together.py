"""How the keys of one table go together: what its validators ask, and what the JSON Schema says of it.

A key is given where it has a value. A table lists its rules in ``TOGETHER``; its checks between keys ask them and
word the finding.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Protocol, TypeAlias

from sib_engine.terms.format.problems import Problem

Shape = dict[str, Any]

Refusals: TypeAlias = Iterator[tuple[str, Problem]]
"""What a check between keys finds: the key that is to blame, or ``ITSELF``, and what is wrong."""

ITSELF: Final = "_schema"
"""The table itself, as marshmallow calls it."""


class UnreadError(Exception):
    """A value that could not be read was asked for: the check that asked has nothing to say."""


class Values(Mapping[str, Any]):
    """A table's values, as far as they could be read.

    Asking for one that could not be read ends the check that asks: it was refused already, and what would follow
    from it is not known.
    """

    def __init__(self, read: Mapping[str, Any], unread: Collection[str] = ()) -> None:
        """Keep what was read, and which keys have a value that was not."""
        self._read = read
        self._unread = frozenset(unread)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - values of any kind
        """Return a value.

        Raises:
            UnreadError: If it could not be read.
        """
        if key not in self._read:
            raise UnreadError
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        """Return the keys of the values that were read."""
        return iter(self._read)

    def __len__(self) -> int:
        """Return how many values were read."""
        return len(self._read)

    @property
    def is_whole(self) -> bool:
        """Whether every value could be read."""
        return not self._unread

    def is_unread(self, key: str) -> bool:
        """Return whether the file gives a value that could not be read."""
        return key in self._unread


class Rule(Protocol):
    """One rule about which keys are given."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it is about."""

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether a table's values keep it."""

    def shape(self) -> Shape:
        """Return it as a JSON Schema of the table."""


def is_given(data: Mapping[str, Any], key: str) -> bool:
    """Return whether a key has a value, be it one that could not be read; an empty list is none."""
    if isinstance(data, Values) and data.is_unread(key):
        return True
    value = data.get(key)
    return value is not None and value != ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of several groups of keys is given, the whole group and no part of another."""

    groups: tuple[tuple[str, ...], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of every group."""
        return tuple(dict.fromkeys(key for group in self.groups for key in group))

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether the keys given are exactly those of one group."""
        given = {key for key in self.keys if is_given(data, key)}
        return any(given == set(group) for group in self.groups)

    def shape(self) -> Shape:
        """Return one alternative for each group, which leaves the keys of the others out."""
        return {"oneOf": [self._alternative(group) for group in self.groups]}

    def _alternative(self, group: tuple[str, ...]) -> Shape:
        others = [_has(key) for key in self.keys if key not in group]
        return _has(*group) | ({"not": {"anyOf": others}} if others else {})


@dataclass(frozen=True, slots=True)
class AtMostOne:
    """No two of several keys are given together."""

    keys: tuple[str, ...]

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether at most one is given."""
        return sum(is_given(data, key) for key in self.keys) <= 1

    def shape(self) -> Shape:
        """Return that no pair is there."""
        return {"not": {"anyOf": [_has(*pair) for pair in combinations(self.keys, 2)]}}


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of several keys is given."""

    keys: tuple[str, ...]

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether any is given."""
        return any(is_given(data, key) for key in self.keys)

    def shape(self) -> Shape:
        """Return an alternative for each."""
        return {"anyOf": [_has(key) for key in self.keys]}


@dataclass(frozen=True, slots=True)
class AllOrNone:
    """Several keys are given together, or none of them."""

    keys: tuple[str, ...]

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether as many as all, or none, are given."""
        return sum(is_given(data, key) for key in self.keys) in {0, len(self.keys)}

    def shape(self) -> Shape:
        """Return that each needs the others."""
        return {"dependentRequired": {key: [other for other in self.keys if other != key] for key in self.keys}}


@dataclass(frozen=True, slots=True)
class Needs:
    """A key is given only beside another."""

    key: str
    other: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Both keys."""
        return (self.key, self.other)

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether the other is there where the key is."""
        return not is_given(data, self.key) or is_given(data, self.other)

    def shape(self) -> Shape:
        """Return that the key needs the other."""
        return {"dependentRequired": {self.key: [self.other]}}


@dataclass(frozen=True, slots=True)
class Unless:
    """A rule that holds but where a key has one word: then none of the rule's keys is given."""

    key: str
    word: str
    rule: Rule

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the rule."""
        return self.rule.keys

    def holds(self, data: Mapping[str, Any]) -> bool:
        """Return whether the rule holds, or none of its keys is given where the key has the word."""
        if data.get(self.key) == self.word:
            return not any(is_given(data, key) for key in self.rule.keys)
        return self.rule.holds(data)

    def shape(self) -> Shape:
        """Return the rule with its condition."""
        none = {"not": {"anyOf": [_has(key) for key in self.rule.keys]}}
        has_word = _has(self.key) | {"properties": {self.key: {"const": str(self.word)}}}
        return {"if": has_word, "then": none, "else": self.rule.shape()}


def _has(*keys: str) -> Shape:
    return {"required": list(keys)}
