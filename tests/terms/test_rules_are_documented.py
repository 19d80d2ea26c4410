"""Every rule that a contract can break is in docs/contract-checks.md, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sib_engine.core.finding_log import MORE
from sib_engine.terms.checks.outline import Kind

ROOT = Path(__file__).parents[2]
RULE_AT = {"error": 0, "warning": 0, "note": 0, "Problem": 0, "refusal": 1}
"""Functions that take a rule, and which argument it is."""

PUBLISHED_RECORDS = {"published.py", "load_published.py"}


def rules_in(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in RULE_AT:
            rule = call.args[RULE_AT[call.func.id]] if call.args else None
            if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                yield rule.value


def test_every_rule_is_documented_and_nothing_else() -> None:
    modules = [path for path in (ROOT / "sib_engine" / "terms").rglob("*.py") if path.name not in PUBLISHED_RECORDS]
    used = {rule for path in modules for rule in rules_in(path)} | {MORE} | {f"unknown-{kind}" for kind in Kind}
    text = (ROOT / "docs" / "contract-checks.md").read_text(encoding="utf-8")
    documented = {
        rule for row in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE) for rule in re.findall(r"`([^`]+)`", row)
    }

    assert documented == used
