"""What must hold for words: each reason that matching gives is put into words, once, whatever version judges it."""

import numpy as np
from hypothesis import given

from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import reasons_in
from sib_engine.outcomes.why.linked import words_of_links
from sib_engine.outcomes.why.matched import Matched, words_of_places, words_of_rows
from sib_engine.outcomes.why.standing import Standing
from tests.properties.steady import steady
from tests.properties.worlds import World, worlds


@steady(80)
@given(worlds(with_gaps=True))
def test_every_reason_that_matching_gives_has_its_own_words_once(world: World) -> None:
    rows, n = world.rows, len(world.rows)
    mask = match(world.contract, rows)
    matched = Matched(
        contract=world.contract,
        rows=rows,
        row_ids=[f"row-{code}" for code in range(int(rows.row.max(initial=-1)) + 1)],
        lines=np.arange(2, n + 2),
        line_noun="row",
        against=mask,
        standing=Standing(rows, mask),
        mask=mask,
        could_count=np.zeros(n, dtype=np.bool_),
        in_time=np.zeros(n, dtype=np.bool_),
    )

    words = [*words_of_rows(matched), *words_of_places(matched)]
    words += words_of_links([matched], words)

    said = [(place, each.reason) for each in words for place in each.at.tolist()]
    assert sorted(said) == [(place, reason) for place, one in enumerate(mask.tolist()) for reason in reasons_in(one)]
    assert not [text for each in words for text in (*each.found, *each.mend) if "NaT" in text]
