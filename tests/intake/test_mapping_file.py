"""One mistake in a mapping at a time: what is said, where, and under which rule."""

import json
from pathlib import Path
from typing import Any

import pytest

from sib_engine.outcomes.intake.mapping_file import mapping_of, read_mapping
from tests.intake.trackers import MAPPING, mapping

EVERY = MAPPING["every"]
FACTS = MAPPING["facts"]
CODED = {"column": "Hours", "codes": "hour"}
DATED = {"column": "Hours", "dates": ["dd/mm/yyyy"]}
GUESSED = {"means": {"FT": "1"}, "others": "guess"}


def facts(**cells: object) -> list[Any]:
    return [FACTS[0] | cells]


@pytest.mark.parametrize(
    ("changes", "key", "rule", "words"),
    [
        ({"mapping": 2}, "mapping", "format-unknown", "2 is no version"),
        ({"proposed": True}, "proposed", "mapping-proposed", "only a proposal"),
        ({"shete": "x"}, "shete", "key-unknown", "did you mean 'sheet'?"),
        ({"name": ""}, "name", "key-missing", "'name' is missing"),
        ({"contract": 7}, "contract", "wrong-type", "'7' is no text"),
        ({"heading_row": 0}, "heading_row", "wrong-type", "'0'"),
        ({"heading_row": True}, "heading_row", "wrong-type", "'True'"),
        ({"revision": 1.5}, "revision", "wrong-type", "'1.5'"),
        ({"facts": []}, "facts", "wrong-type", "there are no facts"),
        ({"dates": []}, "dates", "dates-undeclared", "'Referral date', 'First appt', 'Job start', 'Job end'"),
        ({"dates": ["d/m/y"]}, "dates", "choice-unknown", "'d/m/y' is no form of a date"),
        ({"dates": ["dd/mm/yyyy", "mm/dd/yy"]}, "dates", "dates-unclear", "would be guessed"),
        ({"every": {"site": {"constant": "north"}}}, "facts[0].person", "source-missing", "nothing feeds 'person'"),
        ({"every": EVERY | {"sight": {"constant": "x"}}}, "every.sight", "key-unknown", "'sight'"),
        ({"every": EVERY | {"person": {"constant": "P1"}}}, "facts[0].person", "constant-unfit", "the same"),
        ({"every": EVERY | {"site": {}}}, "every.site", "source-unclear", "a column or by a constant"),
        ({"every": EVERY | {"site": {"column": "A", "constant": "b"}}}, "every.site", "source-unclear", "one of them"),
        ({"every": EVERY | {"site": "north"}}, "every.site", "wrong-type", "'north' is no JSON object"),
        ({"every": EVERY | {"site": {"constant": "a\0b"}}}, "every.site.constant", "wrong-type", "is no text"),
        ({"facts": facts(on={"constant": "2020-01-01"})}, "facts[0].on", "constant-unfit", "'on'"),
        ({"facts": facts(hours=CODED)}, "facts[0].hours.codes", "codes-missing", "did you mean 'hours'?"),
        ({"facts": facts(hours=DATED)}, "facts[0].hours.dates", "source-unclear", "'hours' holds no date"),
        ({"facts": facts(when={"column": "Hours", "is": []})}, "facts[0].when.is", "wrong-type", "no list of texts"),
        ({"facts": facts(when={"is": ["x"]})}, "facts[0].when.column", "key-missing", "'column' is missing"),
        ({"codes": {"hours": {"means": {"FT": "1", "ft": "2"}}}}, "codes.hours", "key-twice", "only in capitals"),
        ({"codes": {"hours": {"means": {"FT": 16}}}}, "codes.hours.means.FT", "wrong-type", "'16' is no text"),
        ({"codes": {"hours": GUESSED}}, "codes.hours.others", "choice-unknown", "'guess'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_key_and_rule(changes: dict[str, Any], key: str, rule: str, words: str) -> None:
    found, findings = mapping_of(json.dumps(MAPPING | changes).encode())

    assert found is None
    told = {(each.at.key, each.rule): each.what for each in findings}
    assert words in told[key, rule]
    assert {each.rule for each in findings} <= {rule, "source-missing"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not-json"),
        (b"[]", "wrong-type"),
        (b"{'a': 1}", "not-json"),
        (b'{"mapping": NaN}', "not-json"),
        (b'{"name": "a", "name": "b"}', "key-twice"),
        (b"[" * 200_000, "not-json"),
        (b"\xff\xfe{}", "not-json"),
        (b" " * ((1 << 20) + 1), "file-too-large"),
    ],
)
def test_what_is_no_mapping_is_refused(content: bytes, rule: str) -> None:
    found, findings = mapping_of(content)

    assert found is None
    assert [each.rule for each in findings] == [rule]


def test_every_mistake_is_listed_at_once() -> None:
    _, findings = mapping_of(b'{"mapping": 9, "nme": "x", "facts": [{}], "heading_row": "1"}')

    assert len(findings) == 8
    assert {each.rule for each in findings} == {
        "format-unknown", "key-unknown", "key-missing", "wrong-type", "source-missing",
    }  # fmt: skip


def test_a_mapping_is_the_same_after_it_was_written_and_read() -> None:
    saved = mapping()

    again, findings = mapping_of(saved.as_json().encode())

    assert findings == ()
    assert again == saved
    assert again.digest == saved.digest
    assert saved.digest.startswith("mapping1:")
    assert saved.digest != mapping({"revision": 4}).digest


def test_a_mapping_file_is_read_and_its_findings_name_it(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(mapping().as_json(), encoding="utf-8")
    assert read_mapping(path)[0] == mapping()
    path.write_text("{", encoding="utf-8")
    assert read_mapping(path)[1][0].at.file == str(path)
    assert read_mapping(tmp_path / "none.json")[1][0].rule == "file-not-readable"
