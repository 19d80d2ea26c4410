"""The same person across providers, told by keyed hashes that both supply; else nobody can tell."""

from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError, SegregationError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named, add_account, add_organisation, grant_role
from sib_engine.services.access.roles import Role
from sib_engine.services.claims.follow import check_claims
from sib_engine.services.claims.hashes import Supplied, supply_hashes
from sib_engine.services.claims.listing import list_claims
from sib_engine.services.contracts.register import register_contract
from sib_engine.storage.base import Base
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.office import CONTRACT, SOURCE, Office, at

SAME, OTHER = "a" * 64, "b" * 64
OTHER_PARTY = """
[[party]]
id = "second"
role = "provider"
organisation = "Quay Works"
status = "agreed"
source = "made up"

[metric.engagement]"""


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """Two providers on one contract, each with one person who is engaged: P1 of Ada's, P2 of Quinn's."""
    found = Office.opened(store, tmp_path)
    source = SOURCE.read_text(encoding="utf-8").replace("\n[metric.engagement]", OTHER_PARTY, 1)
    with store.begin() as session:
        root = actor_named(session, "root")
        add_organisation(session, "Quay Works", by=root, at=at("2021-01-05"))
        add_account(session, "quinn", name="Quinn", organisation="Quay Works", by=root, at=at("2021-01-05"))
        grant_role(session, "quinn", Role.PROVIDER, contract=CONTRACT, by=root, at=at("2021-01-05"))
        register_contract(
            session, source, parties={"second": "Quay Works"}, note="a second provider", by=root, at=at("2021-01-05")
        )
    found.upload("H-1,referral,2021-01-11", "H-1,vocational profile,2021-01-20", on="2021-02-01")
    found.upload("Q-1,referral,2021-01-12", "Q-1,vocational profile,2021-01-22", on="2021-02-02", by="quinn")
    return found


def supply(office: Office, *lines: str, by: str = "ada", on: str = "2021-02-03") -> Supplied:
    path = office.folder / "hashes.csv"
    path.write_text("\n".join(["person,hash", *lines]) + "\n", encoding="utf-8")
    with office.store.begin() as session:
        return supply_hashes(session, CONTRACT, path, by=actor_named(session, by), at=at(on))


def answers(office: Office) -> dict[str, str]:
    """Return what check 23 says of each claim."""
    with office.store.read() as session:
        found = list_claims(session, CONTRACT, state=None, by=actor_named(session, "vera"))
    return {
        each.row: next(
            (
                answer
                for answer, names in (("failed", each.failed), ("cannot tell", each.unknown))
                if "other-providers" in names
            ),
            "passed",
        )
        for each in found
    }


def test_nobody_can_tell_until_both_sides_have_hashes(office: Office) -> None:
    assert set(answers(office).values()) == {"cannot tell"}

    supply(office, f"H-1,{SAME}")

    assert set(answers(office).values()) == {"cannot tell"}


def test_the_same_hash_fails_both_claims_until_one_is_rejected(office: Office) -> None:
    supply(office, f"H-1,{SAME}")
    supply(office, f"Q-1,{SAME.upper()}", by="quinn")
    assert answers(office) == {"P1/engagement": "failed", "P2/engagement": "failed"}
    with pytest.raises(RefusedError, match="P1/engagement: these checks failed: other-providers"):
        office.move(Move.ACCEPT, "P1/engagement", on="2021-02-04")

    office.move(Move.REJECT, "P2/engagement", on="2021-02-04", reason="V07", note="Harbour Works had them first")
    with office.store.begin() as session:
        check_claims(session, CONTRACT, by=actor_named(session, "vera"), at=at("2021-02-05"))

    assert answers(office)["P1/engagement"] == "passed"
    office.move(Move.ACCEPT, "P1/engagement", on="2021-02-05")


def test_different_hashes_pass(office: Office) -> None:
    supply(office, f"H-1,{SAME}")
    found = supply(office, f"Q-1,{OTHER}", by="quinn")

    assert (found.n_new, found.n_changed, found.n_known) == (1, 0, 0)
    assert answers(office) == {"P1/engagement": "passed", "P2/engagement": "passed"}


def test_somebody_without_a_hash_keeps_the_question_open(office: Office) -> None:
    supply(office, f"H-1,{SAME}")
    supply(office, f"Q-1,{OTHER}", by="quinn")

    office.upload("Q-2,referral,2021-01-12", "Q-2,vocational profile,2021-01-22", on="2021-02-04", by="quinn")

    assert answers(office) == {
        "P1/engagement": "cannot tell",
        "P2/engagement": "passed",
        "P3/engagement": "cannot tell",
    }


def test_a_changed_hash_is_counted_and_the_checks_follow(office: Office) -> None:
    supply(office, f"H-1,{SAME}")
    supply(office, f"Q-1,{SAME}", by="quinn")

    found = supply(office, f"Q-1,{OTHER}", by="quinn")

    assert (found.n_new, found.n_changed, found.n_known) == (0, 1, 0)
    assert supply(office, f"Q-1,{OTHER}", by="quinn").n_known == 1
    assert set(answers(office).values()) == {"passed"}


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        (("H-1,9434765919",), {"hash-unclear"}),
        (("Q-1," + SAME,), {"person-unknown"}),
        (("H-9," + SAME,), {"person-unknown"}),
        (("H-1," + SAME, "H-1," + OTHER), {"person-twice"}),
        (("H-1,",), {"hash-unclear"}),
    ],
)
def test_a_file_with_an_error_is_refused_whole(office: Office, lines: tuple[str, ...], rules: set[str]) -> None:
    with pytest.raises(FindingsError) as refused:
        supply(office, *lines)

    assert {finding.rule for finding in refused.value.findings} == rules
    assert not any("9434765919" in finding.what for finding in refused.value.findings)
    assert set(answers(office).values()) == {"cannot tell"}


def test_only_a_provider_supplies_hashes(office: Office) -> None:
    with pytest.raises(SegregationError, match="'vera' may not upload facts"):
        supply(office, f"H-1,{SAME}", by="vera")


def test_hashes_stand_with_the_reference_and_nowhere_else(office: Office) -> None:
    supply(office, f"H-1,{SAME}")

    with office.store.read() as session:
        holding = [
            table.name
            for table in Base.metadata.sorted_tables
            if any(value == SAME for row in session.execute(table.select()) for value in row)
        ]
        assert verify(session).breaks == ()
    assert holding == ["participant"]
