"""How often the interpreter looks for objects that hold each other."""

import gc
from typing import Final

NEW_OBJECTS: Final = 200_000
"""New objects, beyond those that went away, after which the youngest are looked at; Python's own number is 700."""

ROUNDS: Final = 50
"""How often the younger generation is looked at before the next older one is."""


def collect_seldom() -> None:
    """Look for objects that hold each other less often, for the whole process.

    A statement of ten thousand people is some hundred thousand lines, facts and reasons that live until it is
    written and hold nothing that holds them. Python would go through all of them again and again while they are
    made, which takes a third of the time. What nothing refers to any more still goes away at once.
    """
    gc.set_threshold(NEW_OBJECTS, ROUNDS, ROUNDS)
