import importlib
import re
from importlib import metadata

from sib_engine import __version__
from tests.house.tree import ROOT, project_table

PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[0-9][A-Za-z0-9.]*)")
NAME = re.compile(r"[A-Za-z0-9._-]+")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names_in(requirements: list[str]) -> set[str]:
    return {plain(found[0]) for requirement in requirements if (found := NAME.match(requirement))}


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    found = [PIN.fullmatch(line) for line in wanted]
    assert [line for line, pin in zip(wanted, found, strict=True) if pin is None] == []
    return {plain(pin["name"]): pin["version"] for pin in found if pin is not None}


def declared() -> set[str]:
    table = project_table()
    project = table["project"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    return names_in([*project["dependencies"], *extras, *table["build-system"]["requires"]])


def test_every_declared_dependency_is_pinned() -> None:
    assert declared() - pins().keys() == set()


def test_what_the_dependencies_bring_along_is_pinned_too() -> None:
    seen: set[str] = set()
    waiting = declared()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        try:
            requirements = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # the benchmark's packages, and other systems', are not installed here
        waiting |= names_in([text for text in requirements if "extra ==" not in text]) - seen
    installed = {plain(found.metadata["Name"]) for found in metadata.distributions()}

    assert (seen & installed) - pins().keys() == set()


def test_the_wheel_carries_the_contracts_where_the_library_looks_for_them() -> None:
    wheel = project_table()["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert wheel["only-include"] == ["contracts", "evaluation", "sib_engine"]
    assert wheel["sources"] == {"contracts": "sib_engine/_contracts"}


def test_the_accepted_pythons_are_the_ones_that_are_advertised() -> None:
    project = project_table()["project"]
    advertised = [text.split(" :: ")[-1] for text in project["classifiers"] if ":: Python :: 3." in text]

    assert project["requires-python"] == ">=3.11,<3.14"
    assert advertised == ["3.11", "3.12", "3.13"]


def test_the_command_points_at_a_function() -> None:
    module, _, function = project_table()["project"]["scripts"]["sib"].partition(":")

    assert callable(getattr(importlib.import_module(module), function))


def test_the_changelog_has_an_entry_for_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
