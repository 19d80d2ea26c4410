import ast
import re

from tests.house.tree import ROOT, own_files, own_modules, told

MAX_LINES = 400
VAGUE_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
NOQA = re.compile(r"#\s*noqa\b(?P<rest>.*)", re.IGNORECASE)
ARGUED_NOQA = re.compile(r": [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S.*")
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore\b(?P<rest>.*)")
ARGUED_TYPE_IGNORE = re.compile(r"\[[\w-]+(, ?[\w-]+)*\]\s+(# |- )\S.*")


def test_every_module_of_the_package_says_what_it_knows() -> None:
    silent = [
        told(path)
        for package in ("evaluation", "sib_engine")
        for path in own_modules(package)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for package in ("evaluation", "sib_engine") for path in own_modules(package)}

    assert [told(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_no_file_of_code_is_longer_than_400_lines() -> None:
    code = [path for path in own_files() if path.suffix in {".py", ".sh"} or path.parent.name == "scripts"]
    # A migration is a record of what was done to a database, in order; it is never changed and read once.
    code = [path for path in code if "versions" not in path.parts]
    lengths = {told(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}

    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {told(path): {path.stem, *path.relative_to(ROOT).parts[:-1]} for path in own_modules()}

    assert [name for name, words in parts.items() if words & VAGUE_NAMES] == []


def test_every_exception_to_a_check_names_its_code_and_its_reason() -> None:
    bare = []
    for path in own_modules():
        if told(path) == "tests/house/test_modules.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for pattern, argued in ((NOQA, ARGUED_NOQA), (TYPE_IGNORE, ARGUED_TYPE_IGNORE)):
                found = pattern.search(line)
                if found is not None and argued.fullmatch(found["rest"]) is None:
                    bare.append(f"{told(path)}:{number}: {line.strip()}")

    assert bare == []
