"""Whether the rows of a file are those that were known on the day of a statement."""

from datetime import date
from typing import Final

from sib_engine.core.findings import Finding, warning
from sib_engine.outcomes.derivation import Derivation

KNOW_LATER: Final = "rows-know-later"
KNOW_LESS: Final = "rows-know-less"


def known_later(derivation: Derivation | None, known_on: date) -> date | None:
    """Return the last day that rows know of, where it is after the last day whose records are to be used."""
    rests_on = None if derivation is None else derivation.rests_on
    return rests_on if rests_on is not None and rests_on > known_on else None


def knowledge_notes(derivation: Derivation | None, known_on: date) -> tuple[Finding, ...]:
    """Return warnings where rows know more, or less, than was known on a day.

    A fact that came later may have added an outcome or taken one away, so leaving out the rows that were recorded
    later does not bring back what was known before.
    """
    if derivation is None:
        return ()
    accepted = f"rows derived with `sib outcomes --known-on {known_on}`"
    notes = []
    later = known_later(derivation, known_on)
    if later is not None:
        what = (
            f"the rows rest on what was known by {later}, so this is not as known on {known_on}: a later record may"
            " have added or taken away outcomes in it, and changed why others do not count"
        )
        notes.append(warning(KNOW_LATER, what, accepted))
    if derivation.known_on is not None and derivation.known_on < known_on:
        what = (
            f"the rows were derived as known on {derivation.known_on}: what was recorded from then to {known_on} is not"
            " among them"
        )
        notes.append(warning(KNOW_LESS, what, accepted))
    return tuple(notes)
