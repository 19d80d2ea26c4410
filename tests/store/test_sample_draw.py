"""The design is recorded before anything is drawn, and nobody chooses what is drawn."""

import hashlib
import json
import os
import signal
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.services.access.actors import actor_named
from sib_engine.services.samples.draw import draw_sample
from sib_engine.storage import chain
from sib_engine.storage.store import Store
from sib_engine.storage.tables import AuditEntry, Claim, Sample, SampleClaim, SampleItem
from sib_engine.storage.verify import verify
from tests.store.sampling import CONTRACT, Sampling, at


def entry_of(store: Store, command: str) -> AuditEntry:
    with store.read() as session:
        return session.execute(select(AuditEntry).where(AuditEntry.command == command)).scalar_one()


def test_anybody_draws_the_same_claims_from_the_published_formula(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    drawn = sampling.drawn()

    seed = entry_of(store, "sample.design").hash
    with store.read() as session:
        query = select(Claim.row).join(SampleClaim, SampleClaim.claim_id == Claim.id)
        rows = list(session.execute(query.order_by(Claim.row.desc())).scalars())
        frame = session.execute(select(Sample.frame_digest)).scalar_one()
        chances = set(session.execute(select(SampleItem.chance)).scalars())

    def ticket(row: str) -> str:
        line = json.dumps(["sib-sample-1", seed, frame, "ticket", row], separators=(",", ":"))
        return hashlib.sha256(line.encode()).hexdigest()

    assert drawn == tuple(sorted(sorted(rows, key=ticket)[:6]))
    assert chances == {"1/2"}


def test_the_seed_is_not_known_while_there_is_anything_to_choose(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.design()
    shown = sampling.shown()

    assert shown["design"]["seed"] == "the hash of the audit entry that recorded this design"
    assert (shown["state"], shown["claims"], shown["drawn"]) == ("designed", [], 0)
    sampling.draw()
    assert sampling.shown()["design"]["seed"] == entry_of(store, "sample.design").hash
    assert entry_of(store, "sample.draw").seq > entry_of(store, "sample.design").seq


def test_what_is_published_later_becomes_part_of_the_seed(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.design(seed_source="UK Lotto,  main draw", seed_on="2021-04-14")

    with pytest.raises(RefusedError, match="is not published yet; accepted: to draw on 2021-04-14 or later"):
        sampling.draw(on="2021-04-13", published="3 9 14 22 41 50")
    with pytest.raises(RefusedError, match="takes part of its seed from what was published; accepted: UK Lotto, main"):
        sampling.draw(on="2021-04-15")
    sampling.draw(on="2021-04-15", published=" 3 9 14\n22 41  50 ")

    seed = f"{entry_of(store, 'sample.design').hash} 3 9 14 22 41 50"
    shown = sampling.shown()
    assert (shown["design"]["seed"], shown["published"]) == (seed, "3 9 14 22 41 50")
    assert shown["seed_source"] == "UK Lotto, main draw (2021-04-14)"


def test_a_statement_has_one_design_and_one_draw(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.design()

    with pytest.raises(
        RefusedError, match="statement 1 has a sample already: its design stands, and there is no second"
    ):
        sampling.design(checks=9)
    sampling.draw()
    with pytest.raises(
        RefusedError, match=r"was drawn by entry [0-9]+ of the audit trail: the same design always draws"
    ):
        sampling.draw()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sample SET seed_source = 'a better seed'",
        "DELETE FROM sample_claim",
        "UPDATE sample_draw SET published = 'a better seed'",
        "DELETE FROM sample_item",
    ],
)
def test_nothing_about_a_draw_can_be_changed(store: Store, tmp_path: Path, change: str) -> None:
    Sampling.opened(store, tmp_path).drawn()

    with pytest.raises(DatabaseError, match="append-only"), store.begin() as session:
        session.execute(text(change))


def test_a_design_that_was_written_anew_is_told_from_the_recorded_one(store: Store, tmp_path: Path) -> None:
    Sampling.opened(store, tmp_path).design()
    guard = "DROP TRIGGER sample_no_update" + ("" if store.is_sqlite else " ON sample")
    with store.begin() as session:
        session.execute(text(guard))
        session.execute(text("UPDATE sample SET seed_source = 'a better seed'"))

    with store.read() as session:
        said = [(each.command, each.what) for each in verify(session).breaks]
    assert said == [
        ("sample.design", "a row that it wrote was changed"),
        ("", "nothing keeps these tables from being changed: sample"),
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"seed_source": "UK Lotto"}, "what will be published and the day go together"),
        ({"seed_on": "2021-04-14"}, "what will be published and the day go together"),
        (
            {"seed_source": "UK Lotto", "seed_on": "2021-04-12"},
            "what is published on 2021-04-12 could be known today, 2021-04-12; accepted: a later day",
        ),
        ({"seed_source": "x" * 301, "seed_on": "2021-04-14"}, "what will be published is .*accepted: 1 to 300 charac"),
    ],
)
def test_a_seed_that_could_be_known_is_refused(store: Store, tmp_path: Path, given: dict[str, str], why: str) -> None:
    sampling = Sampling.opened(store, tmp_path)

    with pytest.raises(RefusedError, match=why):
        sampling.design(**given)  # type: ignore[arg-type] # strings by keyword
    with pytest.raises(NotFoundError, match="statement 1 has no sample; accepted: none is designed yet"):
        sampling.draw()


def test_words_for_a_seed_that_nobody_asked_for_are_refused(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.design()

    with pytest.raises(RefusedError, match="the design names nothing that would be published"):
        sampling.draw(published="my favourite number")


def test_only_verifiers_of_another_organisation_design_and_draw(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.office.grant("ada", "verifier", on="2021-04-06")

    with pytest.raises(SegregationError, match="'abe' may not draw and review a sample: approver; accepted: verifier"):
        sampling.design(by="abe")
    with pytest.raises(
        SegregationError, match="Harbour Works submitted P1/engagement: nobody designs a sample of what"
    ):
        sampling.design(by="ada")
    sampling.design()
    with pytest.raises(SegregationError, match="Harbour Works submitted P1/engagement: nobody draws a sample of what"):
        sampling.draw(by="ada")


def test_the_contract_has_the_last_word_on_how_many_are_drawn(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)

    # The contract says half of twelve; two in all is less than that, nine is more.
    assert [each.size for each in sampling.design(checks=9).strata] == [9]
    assert len(sampling.draw().sample.claims) == 9


def test_terms_of_verification_that_begin_after_the_period_give_no_sample_of_it(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path, starts="2021-04-01")

    with pytest.raises(RefusedError, match="had agreed no terms of verification by 2021-03-31, when 2021-Q1 ended"):
        sampling.design()


def test_a_statement_that_is_not_there_has_no_sample(store: Store, tmp_path: Path) -> None:
    sampling = Sampling.opened(store, tmp_path)

    with pytest.raises(NotFoundError, match="two-quarters has no statement 2; accepted: 1 to 1"):
        sampling.design(statement=2)


def _dies_drawing(url: str) -> None:
    """Draw a sample and be killed before it is kept."""
    store = Store(url)
    with store.begin() as session:
        draw_sample(session, CONTRACT, 1, by=actor_named(session, "val"), at=at("2021-04-13"))
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def test_killed_between_design_and_draw_the_store_is_whole_and_draws_what_it_would_have(
    store: Store, tmp_path: Path
) -> None:
    sampling = Sampling.opened(store, tmp_path)
    sampling.design()
    before = chain_head(store)
    process = get_context("spawn").Process(
        target=_dies_drawing, args=(store.url.render_as_string(hide_password=False),)
    )
    process.start()
    process.join(120)

    assert process.exitcode == -signal.SIGKILL
    assert chain_head(store) == before
    assert sampling.shown()["state"] == "designed"
    assert all(each.is_same for each in sampling.again())
    assert len(sampling.draw(on="2021-04-20", by="vic").sample.claims) == 6
    assert sampling.shown()["design"]["seed"] == entry_of(store, "sample.design").hash


def chain_head(store: Store) -> tuple[int, str]:
    with store.read() as session:
        return chain.head(session)
