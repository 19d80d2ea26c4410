"""The seed of a recorded design: what it will be is written down first, what it became is written down after.

A design is recorded in the audit trail with a promise in the place of its seed. The hash of the entry that recorded it
holds the claims, the sizes, the time and everything that came before, so nobody knows it while there is still anything
to choose. Whoever holds the database could make such entries on a copy until one pleased. Against that the design
may name something that will be published later, such as the numbers of a lottery, and the day on which it will be.
"""

import re
from dataclasses import replace
from typing import Final

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.design import SampleDesign

MAX_PUBLISHED: Final = 300
"""Characters of what is published, or of the words that say what will be."""

_OF_THE_ENTRY: Final = "the hash of the audit entry that recorded this design"
_SPACES: Final = re.compile(r"\s+")


def promised(source: str) -> str:
    """Return what stands for the seed in a design from which nothing can be drawn yet."""
    return f"{_OF_THE_ENTRY}, and then: {source}" if source else _OF_THE_ENTRY


def with_seed(design: SampleDesign, entry_hash: str, published: str) -> SampleDesign:
    """Return the design from which claims are drawn.

    Args:
        design: The design as it was recorded, with what :func:`promised` gave for its seed.
        entry_hash: Hash of the audit entry that recorded it.
        published: What has been published since; empty where the design names nothing of the kind.

    Raises:
        RefusedError: If the design has a seed already.
    """
    if not design.seed.startswith(_OF_THE_ENTRY):
        message = f"the design has the seed {design.seed!r} already; accepted: a design as it was recorded"
        raise RefusedError(message)
    return replace(design, seed=f"{entry_hash} {published}".strip())


def one_line(text: str, what: str) -> str:
    """Return words with single spaces between them, so that anybody can type them again.

    Raises:
        RefusedError: If there are none, too many, or some cannot be seen.
    """
    plain = _SPACES.sub(" ", text).strip()
    if not plain or len(plain) > MAX_PUBLISHED or not plain.isprintable():
        message = f"{what} is {plain[:40]!r}; accepted: 1 to {MAX_PUBLISHED} characters that can be seen"
        raise RefusedError(message)
    return plain
