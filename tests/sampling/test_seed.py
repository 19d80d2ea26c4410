from dataclasses import replace

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.design import design_from
from sib_engine.payments.sampling.draw import drawn
from sib_engine.payments.sampling.seed import one_line, promised, with_seed
from tests.sampling.samples import design, frame

OF = frame({"engagement": [400_00] * 30})
ENTRY = "sha256:" + "ab" * 32
PROMISED = design(OF, {"": 5}, seed=promised("UK Lotto (2026-02-04)"))


def test_a_design_is_recorded_with_a_promise_in_the_place_of_its_seed() -> None:
    assert PROMISED.seed == "the hash of the audit entry that recorded this design, and then: UK Lotto (2026-02-04)"
    assert design_from(PROMISED.canonical) == PROMISED


def test_the_seed_is_the_entry_and_what_was_published() -> None:
    made = with_seed(PROMISED, ENTRY, "4 17 23")

    assert made == replace(PROMISED, seed=f"{ENTRY} 4 17 23")
    assert with_seed(PROMISED, ENTRY, "").seed == ENTRY
    assert drawn(made, OF).claims == drawn(design_from(made.canonical), OF).claims


def test_a_design_that_has_its_seed_is_given_no_other() -> None:
    with pytest.raises(RefusedError, match=r"the design has the seed 'sha256:abab.* already"):
        with_seed(with_seed(PROMISED, ENTRY, ""), ENTRY, "4 17 23")


def test_what_was_published_is_one_line_that_anybody_can_type() -> None:
    assert one_line("  4 17\n 23\t", "it") == "4 17 23"
    for text in ("", "  ", "4\u200b17", "x" * 301):
        with pytest.raises(RefusedError, match=r"it is .*; accepted: 1 to 300 characters that can be seen"):
            one_line(text, "it")
