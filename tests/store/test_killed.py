"""A small part of scripts/campaign_faults: workers killed in the middle of their commands."""

import pytest

from tests.store.faults.kills import run
from tests.store.stores import KINDS


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_process_leaves_every_command_whole_or_not_at_all(kind: str) -> None:
    tally = run(kind, 6, seed=1)

    assert sum(tally.kills.values()) == 6
