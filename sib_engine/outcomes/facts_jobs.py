"""Tell jobs apart: a reference is one person's, and a spell without one is known by its first day."""

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.facts import FactName, Flags, Labelled
from sib_engine.outcomes.rows import NONE


def jobs_of(person: Labelled, name: Labelled, reference: Labelled, starts_on: DayArray) -> Labelled:
    """Return each fact's job: one code for each person and reference, ``NONE`` where none is meant.

    Employment without a reference gets its first day as one. A pay period without a reference
    belongs to the person's only job; where there are several, it belongs to none of them.
    """
    employed = name.is_any_of((FactName.EMPLOYMENT,)) & (person.codes != NONE) & ~np.isnat(starts_on)
    text, labels = _dated(reference, employed, starts_on)
    width = len(labels) + 1
    key = person.codes.astype(np.int64) * width + text
    key[(text == NONE) | (person.codes == NONE)] = NONE
    unsaid = name.is_any_of((FactName.HOURS,)) & (key == NONE) & (person.codes != NONE)
    only = _only_job(key[employed], person.codes[employed], len(person.labels))
    key[unsaid] = only[person.codes[unsaid]]
    found, code = np.unique(key, return_inverse=True)
    n_none = int(np.count_nonzero(found == NONE))
    names = [labels[place] for place in (found[n_none:] % width).tolist()]
    return Labelled((code - n_none).astype(np.int32), tuple(names))


def _dated(reference: Labelled, employed: Flags, starts_on: DayArray) -> tuple[IntArray, list[str]]:
    """Return the code of each fact's reference, its first day put in where employment has none; and all texts."""
    code = reference.codes.astype(np.int64)
    undated = employed & (code == NONE)
    labels = dict.fromkeys(reference.labels)
    days, place = np.unique(starts_on[undated], return_inverse=True)
    texts = np.datetime_as_string(days).tolist()
    labels.update(dict.fromkeys(texts))
    position = {label: number for number, label in enumerate(labels)}
    code[undated] = np.array([position[text] for text in texts], dtype=np.int64)[place]
    return code, list(labels)


def _only_job(key: IntArray, person: npt.NDArray[np.int32], n_people: int) -> IntArray:
    """Return the key of each person's job where there is exactly one, else ``NONE``."""
    found, first = np.unique(key, return_index=True)
    owner = person[first]
    only = np.full(n_people, NONE, dtype=np.int64)
    only[owner] = found
    only[np.bincount(owner, minlength=n_people) != 1] = NONE
    return only
