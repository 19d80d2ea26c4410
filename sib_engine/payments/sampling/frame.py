"""The frame: every claim that a sample stands for, with its value, in one order that does not depend on any list."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import MAX_MINOR

FRAME_FORMAT: Final = "sib-frame-1"
MAX_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class FrameClaim:
    """One claim: its id, what it is stratified by, and its value in minor units (what is payable for it)."""

    claim: str
    metric: str
    site: str
    risk: str
    value: int


@dataclass(frozen=True)
class Frame:
    """The claims in the order of their ids, compared by code point. Made by :func:`frame_of`."""

    claims: tuple[FrameClaim, ...]

    @property
    def value(self) -> int:
        """What all claims are worth, in minor units."""
        return sum(each.value for each in self.claims)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the claims as lines of JSON, with the format before it: equal only for equal frames."""
        text = hashlib.sha256()
        for each in self.claims:
            line = json.dumps([each.claim, each.metric, each.site, each.risk, each.value], separators=(",", ":"))
            text.update(f"{line}\n".encode())
        return f"{FRAME_FORMAT}:{text.hexdigest()}"


def frame_of(claims: Iterable[FrameClaim]) -> Frame:
    """Return the frame of some claims, in whatever order they are given.

    A claim of value 0 belongs to the frame: it can be wrong, although no money hangs on it.

    Raises:
        RefusedError: If there is no claim, an id is empty or given twice, a value is negative, or all are worth
            more than can be added up exactly.
    """
    ordered = tuple(sorted(claims, key=lambda each: each.claim))
    if not ordered:
        message = "there is no claim to sample from; accepted: at least one claim"
        raise RefusedError(message)
    if not ordered[0].claim:
        message = "a claim has no id; accepted: an id for each claim"
        raise RefusedError(message)
    twice = sorted({one.claim for one, next_one in pairwise(ordered) if one.claim == next_one.claim})
    if twice:
        message = f"{_named(twice)} stand more than once in the frame; accepted: each claim once"
        raise RefusedError(message)
    negative = [each.claim for each in ordered if each.value < 0]
    if negative:
        message = (
            f"{_named(negative)} have a negative value; accepted: values of 0 and above"
            " (a correction belongs with the claim that it corrects)"
        )
        raise RefusedError(message)
    frame = Frame(ordered)
    if frame.value > MAX_MINOR:
        message = "the claims are worth more than can be added up exactly; accepted: fewer claims, or smaller values"
        raise RefusedError(message)
    return frame


def _named(ids: list[str]) -> str:
    more = f" and {len(ids) - MAX_SHOWN:,} more" if len(ids) > MAX_SHOWN else ""
    return f"{'claims' if len(ids) > 1 else 'claim'} {', '.join(map(repr, ids[:MAX_SHOWN]))}{more}"
