"""An engine on the contract of two metrics and two payers that stands beside these tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.statement.engine import Engine

EngineWith = Callable[..., Engine]
CONTRACT = Path(__file__).parent / "two-payers.toml"


@pytest.fixture
def engine_with(tmp_path: Path) -> EngineWith:
    """Return a factory of engines: ``replace`` maps text of the contract to other text, ``more`` goes at its end."""

    def made(*, replace: dict[str, str] | None = None, more: str = "") -> Engine:
        text = CONTRACT.read_text(encoding="utf-8")
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / CONTRACT.name
        path.write_text(text + more, encoding="utf-8")
        return Engine(tmp_path, path)

    return made
