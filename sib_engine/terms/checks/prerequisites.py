"""Circles among prerequisites: metrics that each wait for the other can never be paid."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from sib_engine.core.findings import Finding, Location, error
from sib_engine.terms.checks.outline import Outline

MAX_CIRCLES: Final = 20


def check_circles(outline: Outline) -> Iterator[Finding]:
    """Yield metrics that wait for themselves, and circles of metrics that wait for each other."""
    keys = outline.waits_for()
    requires = {metric: set(required) for metric, required in keys.items()}
    for metric, required in requires.items():
        if metric in required:
            required.discard(metric)
            at = Location(key=keys[metric][metric])
            yield error("requires-itself", f"metric {metric!r} waits for itself", "another metric", at)
    for circle in circles(requires):
        what = "the metrics wait for each other in a circle: " + " -> ".join((*circle, circle[0]))
        at = Location(key=keys[circle[0]][circle[1]])
        yield error(
            "prerequisite-cycle",
            what,
            "prerequisites, and metrics that time limits run from, that begin with a metric of neither",
            at,
        )


def circles(needs: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """Yield circles of names that need each other, each beginning with the one declared first.

    Each circle found is opened before the next is sought, so that every name in trouble is met; at
    most ``MAX_CIRCLES``.
    """
    rank = {name: place for place, name in enumerate(needs)}
    left = {name: set(needed) & needs.keys() for name, needed in needs.items()}
    for _ in range(MAX_CIRCLES):
        try:
            TopologicalSorter(left).prepare()
        except CycleError as found:
            # graphlib lists a circle from the needed to the needing, its first name again at the end.
            circle = tuple(found.args[1][:0:-1])
        else:
            return
        start = circle.index(min(circle, key=rank.__getitem__))
        circle = circle[start:] + circle[:start]
        left[circle[0]].discard(circle[1])
        yield circle
