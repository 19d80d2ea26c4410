"""Every contract of the library can be used, and what is said about it is known."""

from pathlib import Path

import pytest

from sib_engine.core.findings import Severity
from sib_engine.terms import library
from sib_engine.terms.load import load

WARNINGS: dict[str, list[tuple[str, str]]] = {}
"""Expected warnings by file, as (key, rule); a contract that is not named here has none."""


@pytest.mark.parametrize("path", library.contract_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_library_contract_has_no_errors_and_only_the_known_warnings(path: Path) -> None:
    loaded = load(path)

    assert loaded.contract is not None
    found = [(each.at.key, each.rule) for each in loaded.findings if each.severity is Severity.WARNING]
    assert found == WARNINGS.get(f"{path.parent.name}/{path.stem}", [])


def test_the_library_is_not_empty() -> None:
    assert len(library.contract_files()) >= 13
