import re

from tests.house.tree import own_files, told

# Each pattern is written so that it does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|tmp|home|opt)/[\w.]|\.librar[y]/")
PACKAGE_SOURCE = re.compile(
    r"\bpyp[i]\.(?:org|python)|pythonhoste[d]|npmj[s]|proxy\.golan[g]|deb\.debia[n]"
    r"|--(?:extra-)?index-ur[l]|--find-link[s]|--trusted-hos[t]|_authToke[n]",
    re.IGNORECASE,
)
BINARY = {".gif", ".ico", ".jpg", ".pdf", ".png", ".xlsx", ".zip"}


def matches(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in own_files():
        if path.suffix in BINARY:
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{told(path)}:{number}: {line}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert matches(MACHINE_PATH) == []


def test_no_file_names_where_packages_come_from() -> None:
    assert matches(PACKAGE_SOURCE) == []
