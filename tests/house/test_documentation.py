import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, own_files, told

LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"(?<![\w/<.>-])(?P<path>[\w.-]+(?:/[\w.-]+)*/[\w-]+\.(?:md|py|sh|toml))\b")

PAGES = [path for path in own_files() if path.suffix == ".md"]
DECISIONS = sorted(path.name for path in PAGES if path.parent.name == "decisions")


@pytest.mark.parametrize("page", PAGES, ids=told)
def test_every_link_leads_to_a_file_of_this_project(page: Path) -> None:
    targets = [found["target"] for found in LINK.finditer(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if "://" not in target]

    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=told)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = {found["path"] for found in PATH.finditer(page.read_text(encoding="utf-8"))}
    places = (ROOT, ROOT / "sib_engine", page.parent)

    assert [path for path in sorted(named) if not any((place / path).exists() for place in places)] == []


def test_decisions_are_numbered_without_gaps() -> None:
    assert [name[:5] for name in DECISIONS] == [f"{number:04d}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_says_context_decision_and_consequence(name: str) -> None:
    text = (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8")

    assert text.startswith(f"# {int(name[:4])}. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]
