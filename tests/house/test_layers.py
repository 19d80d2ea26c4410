from typing import Any

from tests.house.tree import ROOT, project_table

KERNEL = ("core", "terms", "outcomes", "payments", "projection")


def linter_contract(name: str) -> dict[str, Any]:
    contracts = project_table()["tool"]["importlinter"]["contracts"]
    found: dict[str, Any] = next(contract for contract in contracts if contract["id"] == name)
    return found


def test_every_kernel_layer_that_exists_is_kept_from_web_database_and_terminal() -> None:
    existing = {f"sib_engine.{layer}" for layer in KERNEL if (ROOT / "sib_engine" / layer).is_dir()}

    pure = linter_contract("pure")

    assert set(pure["source_modules"]) == existing
    assert set(pure["forbidden_modules"]) == {"click", "flask", "jinja2", "rich", "sqlalchemy"}


def test_evaluation_is_kept_from_the_engine_and_the_kernel_from_evaluation() -> None:
    evaluation, unprinted = linter_contract("evaluation"), linter_contract("unprinted")
    existing = {f"sib_engine.{layer}" for layer in KERNEL if (ROOT / "sib_engine" / layer).is_dir()}

    assert {"flask", "sib_engine", "sqlalchemy"} <= set(evaluation["forbidden_modules"])
    assert (set(unprinted["source_modules"]), unprinted["forbidden_modules"]) == (existing, ["evaluation"])


def test_a_layer_is_written_in_brackets_only_until_it_exists() -> None:
    layers = linter_contract("layers")["layers"]
    written = [name.strip() for layer in layers for part in layer.split("|") for name in part.split(":")]
    package = ROOT / "sib_engine"
    existing = {path.stem for path in package.iterdir() if path.is_dir() or path.suffix == ".py"}

    stale = [name for name in written if name.startswith("(") and name.strip("()") in existing]

    assert stale == []
