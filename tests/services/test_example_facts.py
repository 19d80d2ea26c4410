import csv
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.make_example import make_example


def test_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first.csv", "again.csv", "other.csv"))

    make_example("mhep/tower-hamlets-ld", first, seed=7)
    make_example("mhep/tower-hamlets-ld", again, seed=7)
    n_lines, counts = make_example("mhep/tower-hamlets-ld", other, seed=8)

    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()
    assert n_lines == len(other.read_text(encoding="utf-8").splitlines()) - 1
    assert counts == {"engagement": 75, "job_start": 119, "sustained_under_16": 96, "sustained_16_plus": 9}


def test_the_order_of_the_facts_changes_no_outcome(tmp_path: Path) -> None:
    path, turned = tmp_path / "facts.csv", tmp_path / "turned.csv"
    make_example("mhep/tower-hamlets-ld", path, seed=1)
    with path.open(encoding="utf-8", newline="") as stream:
        heading, *lines = list(csv.reader(stream))
    with turned.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heading, *reversed(lines)])

    one_way = derive_outcomes("mhep/tower-hamlets-ld", path).listed()
    other_way = derive_outcomes("mhep/tower-hamlets-ld", turned).listed()

    assert sorted(one_way, key=repr) == sorted(other_way, key=repr)


@pytest.mark.parametrize(
    ("contract", "why"),
    [
        ("dwp-innovation-fund/advance", "no published record stands beside"),
        ("mhep/staffordshire", "no published record stands beside"),
        ("care-leavers/reboot-west", "an example can be made for a contract with one engagement, one job start"),
        ("fair-chance-fund/ambition", "an example can be made for a contract with one engagement, one job start"),
    ],
)
def test_contracts_of_which_no_example_can_be_made_say_why_and_write_nothing(
    contract: str, why: str, tmp_path: Path
) -> None:
    out = tmp_path / "facts.csv"

    with pytest.raises(RefusedError, match=why):
        make_example(contract, out, seed=1)

    assert not out.exists()


def test_example_of_a_contract_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'mhep/enfield'"):
        make_example("mhep/enfeild", tmp_path / "facts.csv", seed=1)
