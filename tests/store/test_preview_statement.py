"""Who is shown the draft of a statement."""

from pathlib import Path

import pytest

from sib_engine.core.errors import SegregationError
from sib_engine.services.access.actors import actor_named
from sib_engine.services.statements.preview import preview_statement
from sib_engine.storage.store import Store
from tests.store.billing import STARTED, Billing
from tests.store.office import CONTRACT, at


def test_who_may_see_no_people_is_shown_no_draft(store: Store, tmp_path: Path) -> None:
    billing = Billing.opened(store, tmp_path)
    billing.office.upload(*STARTED, on="2021-04-06")
    billing.office.accept_passed(on="2021-04-07")

    with store.read() as session:
        for login in ("ada", "vera", "abe", "tom", "otto"):
            who = actor_named(session, login)
            drawn = preview_statement(session, CONTRACT, "2021-Q1", by=who, at=at("2021-04-08"))
            assert drawn.statement.total == 1_400_00
        with pytest.raises(SegregationError, match="'ivy' may not see rows about people: investor"):
            preview_statement(session, CONTRACT, "2021-Q1", by=actor_named(session, "ivy"), at=at("2021-04-08"))
