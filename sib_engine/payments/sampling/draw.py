"""The draw: which claims a recorded design takes from its frame, the same on every machine.

The generator is SHA-256 and nothing else. Each claim has a *ticket*: the hash of the JSON array
``["sib-sample-1", seed, frame digest, "ticket", claim]``, written in ASCII without spaces. Claims of a stratum are
drawn in the order of their tickets. Whoever holds the design and the frame can draw again with a few lines of any
language, and a larger size under the same seed and frame only adds claims.

Source:
    Rivest, R. L. (2018), Consistent sampling with replacement, arXiv:1808.10016: a ticket for each item by hashing
    seed and id, smallest tickets first; used in election audits. Here without replacement.
"""

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.design import DESIGN_FORMAT, SampleDesign
from sib_engine.payments.sampling.frame import Frame, FrameClaim
from sib_engine.payments.sampling.strata import Cell, strata_of
from sib_engine.terms.verification import SampleMethod


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """What is drawn from one stratum, ``by_chance`` in the order of tickets.

    ``certain`` holds claims worth the sampling interval or more, drawn in any case. ``interval`` is the exact number
    of minor units between two draws by value; None where claims are drawn at random, or all that are worth anything
    are certain.
    """

    cell: Cell
    claims: tuple[FrameClaim, ...]
    certain: tuple[FrameClaim, ...]
    by_chance: tuple[FrameClaim, ...]
    interval: Fraction | None

    @property
    def drawn(self) -> tuple[FrameClaim, ...]:
        """All claims to be looked at."""
        return (*self.certain, *self.by_chance)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a design draws, by stratum, with the digest of the design."""

    design: SampleDesign
    strata: tuple[DrawnStratum, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """Ids of the claims to be looked at, in their order."""
        return tuple(sorted(claim.claim for stratum in self.strata for claim in stratum.drawn))


def drawn(design: SampleDesign, frame: Frame) -> Sample:
    """Return what a design draws from its frame.

    Raises:
        RefusedError: If the frame, or its strata, are not those that the design was made for.
    """
    strata = strata_of(frame, design.strata_by)
    found = [(cell, len(claims), sum(each.value for each in claims)) for cell, claims in strata.items()]
    if frame.digest != design.frame or found != [(each.cell, each.n_claims, each.value) for each in design.strata]:
        message = (
            f"these claims ({frame.digest}) are not those that the design was recorded for ({design.frame});"
            " accepted: the claims and values as they stood when the design was made"
        )
        raise RefusedError(message)
    draw = _by_value if design.method is SampleMethod.BY_VALUE else _simple
    return Sample(design, tuple(draw(design, each.cell, strata[each.cell], each.size) for each in design.strata))


def _simple(design: SampleDesign, cell: Cell, claims: tuple[FrameClaim, ...], size: int) -> DrawnStratum:
    """Return the claims with the smallest tickets: every set of that size is equally likely."""
    return DrawnStratum(cell, claims, (), _by_ticket(design, claims)[:size], None)


def _by_value(design: SampleDesign, cell: Cell, claims: tuple[FrameClaim, ...], size: int) -> DrawnStratum:
    """Return a systematic draw by value, from claims in the order of their tickets.

    Claims worth the interval or more are certain; of the others each is drawn with the probability of its value
    over the interval, and at most once. A claim worth nothing is never drawn.
    """
    certain, rest, n_left = _certain([claim for claim in claims if claim.value], size)
    if not rest or not n_left:
        return DrawnStratum(cell, claims, certain, (), None)
    value = sum(claim.value for claim in rest)
    start = _start(design, cell) * value >> 256
    by_chance: list[FrameClaim] = []
    reached, next_hit = 0, start
    for claim in _by_ticket(design, tuple(rest)):
        reached += claim.value * n_left
        if next_hit < reached:
            by_chance.append(claim)
            next_hit += value
    return DrawnStratum(cell, claims, certain, tuple(by_chance), Fraction(value, n_left))


def _certain(claims: list[FrameClaim], size: int) -> tuple[tuple[FrameClaim, ...], list[FrameClaim], int]:
    """Return the claims worth the interval or more, the rest, and how many of these are left to draw.

    Taking a claim out shortens the interval of the rest, which may make another one certain: repeated until none is.
    """
    certain: list[FrameClaim] = []
    rest, n_left = list(claims), min(size, len(claims))
    while n_left:
        value = sum(claim.value for claim in rest)
        large = [claim for claim in rest if claim.value * n_left >= value]
        if not large:
            break
        certain += large
        rest = [claim for claim in rest if claim.value * n_left < value]
        n_left -= len(large)
    return tuple(sorted(certain, key=lambda each: each.claim)), rest, n_left


def _by_ticket(design: SampleDesign, claims: tuple[FrameClaim, ...]) -> tuple[FrameClaim, ...]:
    """Return claims in the order of their tickets; two equal tickets, of which nobody has seen any, by id."""
    start = hashlib.sha256(_opening(design, "ticket").encode())

    def ticket(claim: FrameClaim) -> tuple[bytes, str]:
        made = start.copy()
        made.update(f"{json.dumps(claim.claim)}]".encode())
        return made.digest(), claim.claim

    return tuple(sorted(claims, key=ticket))


def _start(design: SampleDesign, cell: Cell) -> int:
    """Return a number from 0 to 2^256 - 1 for a stratum: the hash that begins like a ticket, with ``start``."""
    names = ",".join(json.dumps(name) for name in (cell.metric, cell.site, cell.risk))
    return int.from_bytes(hashlib.sha256(f"{_opening(design, 'start')}{names}]".encode()).digest(), "big")


def _opening(design: SampleDesign, purpose: str) -> str:
    """Return the JSON array that is hashed, up to what it is hashed for."""
    opening = json.dumps([DESIGN_FORMAT, design.seed, design.frame, purpose], separators=(",", ":"))
    return f"{opening[:-1]},"
