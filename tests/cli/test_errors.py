"""What goes wrong is a sentence and an exit code: never a traceback, and nothing is left half done."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import (
    ENFIELD,
    PROGRAM,
    TWO_PAYERS,
    Sib,
    counts_file,
    program_speak,
    sib_alone,
    surroundings,
)

Command = tuple[str | Path, ...]


@pytest.fixture
def bad(tmp_path: Path) -> dict[str, Path]:
    """Files that no command can use, by what is wrong with each."""
    files = {
        "empty": b"",
        "unknown metric": b"metric,count\nengagment,3\n",
        "no number": b"metric,count\nengagement,three\n",
        "no column": b"name,age\nengagement,3\n",
        "a cell too many": b"metric,count\nengagement,3,4\n",
        "not text": b"\x00\x01\x02\xff\xfe\x00" * 40,
        "latin-1": "metric,count\nengagement,3 \u00a3\n".encode("latin-1"),
        "a workbook": b"PK\x03\x04" + b"\x00" * 60,
    }
    paths = {}
    for name, content in files.items():
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_bytes(content)
    paths["missing"] = tmp_path / "missing.csv"
    paths["a folder"] = tmp_path / "folder.csv"
    paths["a folder"].mkdir()
    return paths


BAD_FILES = (
    "empty", "unknown metric", "no number", "no column", "a cell too many", "not text", "latin-1",
    "a workbook", "missing", "a folder",
)  # fmt: skip


@pytest.mark.parametrize("what", BAD_FILES)
@pytest.mark.parametrize(
    "before_and_after",
    [
        (("price", "mhep/enfield"), ()),
        (("outcomes", "mhep/enfield"), ()),
        (("explain", "mhep/enfield"), ()),
        (("statement", "mhep/enfield"), ("--period", "2021-Q1")),
        (("contract", "diff", "mhep/enfield", "mhep/enfield", "--counts"), ()),
        (("statement", "mhep/enfield", ENFIELD, "--period", "2021-Q1", "--stated"), ()),
    ],
    ids=lambda words: " ".join(map(str, words[0][:2])) + ("" if "--stated" not in words[0] else " --stated"),
)
def test_a_file_that_cannot_be_used_is_named_and_refused(
    sib: Sib, bad: dict[str, Path], what: str, before_and_after: tuple[Command, Command]
) -> None:
    before, after = before_and_after
    ran = sib(*before, bad[what], *after)

    assert (ran.code, ran.out) == (1, "")
    assert bad[what].name in ran.err
    assert program_speak(ran.err) == []


@pytest.mark.parametrize("what", BAD_FILES)
def test_with_json_the_same_refusal_is_json_on_standard_output(sib: Sib, bad: dict[str, Path], what: str) -> None:
    ran = sib("price", "mhep/enfield", bad[what], "--json")

    assert (ran.code, ran.err) == (1, "")
    assert set(ran.json) == {"error", "message", "findings"}
    assert ran.json["error"] == "findings"
    assert all(
        finding["file"] == bad[what].name or bad[what].name in finding["file"] for finding in ran.json["findings"]
    )


def test_counts_with_a_heading_and_nothing_below_are_refused_and_a_statement_of_none_is_not(
    sib: Sib, tmp_path: Path
) -> None:
    counts = counts_file(tmp_path, "metric,count,achieved_on")

    assert sib("price", "mhep/enfield", counts).code == 1
    assert sib("statement", TWO_PAYERS, counts, "--period", "2020-Q2", "--json").json["lines"] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"[contract\n", "line 1"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x = 1\n", "x is not a key"),
    ],
)
def test_a_contract_that_cannot_be_read_is_refused_with_the_reason(
    sib: Sib, tmp_path: Path, content: bytes, words: str
) -> None:
    contract = tmp_path / "contract.toml"
    contract.write_bytes(content)

    ran = sib("price", contract, ENFIELD)

    assert (ran.code, ran.out) == (1, "")
    assert "contract.toml" in ran.err
    assert words in ran.err


def test_a_contract_that_is_a_folder_is_refused(sib: Sib, tmp_path: Path) -> None:
    ran = sib("price", tmp_path, ENFIELD)

    assert (ran.code, ran.out) == (1, "")
    assert "cannot be read" in ran.err


@pytest.mark.parametrize("command", [("contract", "show"), ("contract", "check"), ("reconcile",)])
def test_a_contract_that_is_not_there_is_refused_with_the_nearest_name(sib: Sib, command: tuple[str, ...]) -> None:
    ran = sib(*command, "mhep/enfeild")

    assert (ran.code, ran.out) == (1, "")
    assert "there is no contract file 'mhep/enfeild'" in ran.err
    assert "did you mean 'mhep/enfield'?" in ran.err


@pytest.mark.parametrize("period", ["spring", "2021-Q5", "2021", "2021-13", "1", ""])
def test_what_is_no_period_is_refused_with_what_would_be(sib: Sib, period: str) -> None:
    ran = sib("statement", "mhep/enfield", ENFIELD, "--period", period)

    assert (ran.code, ran.out) == (1, "")
    assert f"'{period}'" in ran.err
    assert "2020-Q2" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prize",), "No such command 'prize'. Did you mean 'price'?"),
        (("price",), "Missing argument 'CONTRACT'"),
        (("price", "mhep/enfield"), "Missing argument 'COUNTS'"),
        (("price", "mhep/enfield", ENFIELD, "--jsn"), "No such option '--jsn'. Did you mean '--json'?"),
        (("price", "mhep/enfield", ENFIELD, "more"), "Got unexpected extra argument (more)"),
        (("statement", "mhep/enfield", ENFIELD), "Missing option '--period'"),
        (("statement", "mhep/enfield", ENFIELD, "--perod", "2021-Q1"), "Did you mean one of: '--pdf', '--period'?"),
        (("explain", "mhep/enfield", ENFIELD, "--row", "a", "--payer", "b"), "give --row or --payer, not both"),
        (("outcomes", "mhep/enfield", ENFIELD, "--known-on", "2021-02-30"), "'2021-02-30' is not a date such as"),
        (("outcomes", "mhep/enfield", ENFIELD, "--known-on", "30/04/2021"), "'30/04/2021' is not a date such as"),
        (("facts", "example", "mhep/enfield", "--out", "x.csv", "--seed", "-1"), "'--seed'"),
        (("facts", "example", "mhep/enfield"), "Missing option '--out'"),
        (("contract", "check"), "Missing argument 'FILES...'"),
    ],
)
def test_a_command_line_that_is_wrong_exits_2_and_says_how(sib: Sib, words: Command, said: str) -> None:
    ran = sib(*words)

    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())
    assert "--help" in ran.err


def test_a_command_line_that_is_wrong_is_json_too_where_json_was_asked_for(sib: Sib) -> None:
    ran = sib("price", "mhep/enfield", "--json")

    assert (ran.code, ran.err) == (2, "")
    assert ran.json == {"error": "usage", "message": "Missing argument 'COUNTS'.", "findings": []}


def test_every_mistake_in_a_file_is_named_at_once_with_row_and_column(sib: Sib, tmp_path: Path) -> None:
    counts = counts_file(tmp_path, "metric,count", "engagement,-1", "job_strat,2", "job_start,1.5")

    ran = sib("price", "mhep/enfield", counts)

    assert ran.code == 1
    for place in ("row 2, column count", "row 3, column metric", "row 4, column count"):
        assert f"counts.csv, {place}" in ran.err
    assert "error: 3 errors found" in ran.err


OUT_COMMANDS: tuple[Command, ...] = (
    ("outcomes", "mhep/enfield", "facts.csv", "--out", "out.csv"),
    ("statement", "mhep/enfield", "rows.csv", "--period", "2021-Q1", "--out", "out.csv"),
    ("statement", "mhep/enfield", "good.csv", "--period", "nonsense", "--out", "out.csv"),
    ("statement", "mhep/west-london", "good.csv", "--period", "2021-Q1", "--out", "out.csv"),
    ("statement", "mhep/enfield", "good.csv", "--period", "2021-Q1", "--stated", "rows.csv", "--out", "out.csv"),
    ("facts", "example", "mhep/staffordshire", "--out", "out.csv"),
    ("facts", "example", "care-leavers/reboot-west", "--out", "out.csv"),
)


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bad inputs in which every command above fails."""
    counts_file(tmp_path, "person,fact,on", "P1,appointment,yesterday", name="facts.csv")
    counts_file(tmp_path, "metric,count", "nothing,1", name="rows.csv")
    counts_file(tmp_path, "metric,count", "engagement,1", name="good.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", OUT_COMMANDS, ids=lambda words: " ".join(map(str, words)))
def test_a_command_that_fails_writes_no_file(sib: Sib, failing: Path, words: Command) -> None:
    before = sorted(path.name for path in failing.iterdir())

    assert sib(*words).code == 1

    assert sorted(path.name for path in failing.iterdir()) == before


@pytest.mark.parametrize("words", OUT_COMMANDS, ids=lambda words: " ".join(map(str, words)))
def test_a_command_that_fails_leaves_the_file_that_was_there(sib: Sib, failing: Path, words: Command) -> None:
    (failing / "out.csv").write_text("kept\n", encoding="utf-8")

    assert sib(*words).code == 1

    assert (failing / "out.csv").read_text(encoding="utf-8") == "kept\n"


@pytest.mark.parametrize(
    "words",
    [
        ("outcomes", "mhep/enfield", "facts.csv", "--out", "./facts.csv"),
        ("statement", TWO_PAYERS, "good.csv", "--period", "2021-Q1", "--out", "good.csv"),
        ("statement", TWO_PAYERS, "good.csv", "--period", "2021-Q1", "--stated", "rows.csv", "--out", "rows.csv"),
        ("statement", "own.toml", "good.csv", "--period", "2021-Q1", "--out", "own.toml"),
        ("facts", "example", "own.toml", "--out", "own.toml"),
    ],
    ids=lambda words: str(words[-1]),
)
def test_a_file_that_a_command_reads_is_never_written_over(sib: Sib, failing: Path, words: Command) -> None:
    (failing / "own.toml").write_bytes(TWO_PAYERS.read_bytes())
    before = {path.name: path.read_bytes() for path in failing.iterdir()}

    ran = sib(*words)

    assert (ran.code, ran.out) == (2, "")
    assert "which this command reads" in " ".join(ran.err.split())
    assert {path.name: path.read_bytes() for path in failing.iterdir()} == before


@pytest.mark.parametrize("where", ["missing/out.csv", "folder", "good.csv/out.csv"])
def test_a_file_that_cannot_be_written_is_refused_by_name(sib: Sib, failing: Path, where: str) -> None:
    (failing / "folder").mkdir()
    (failing / "dated.csv").write_text("metric,count,achieved_on\nengagement,1,2020-05-04\n", encoding="utf-8")

    ran = sib("statement", TWO_PAYERS, "dated.csv", "--period", "2021-Q1", "--out", where)

    assert (ran.code, ran.out) == (1, "")
    assert where in ran.err
    assert "cannot be written" in ran.err
    assert not list(failing.glob(".*"))


def test_a_folder_for_the_demo_that_cannot_be_made_is_refused(sib: Sib, failing: Path) -> None:
    ran = sib("demo", "--out", failing / "good.csv" / "demo")

    assert (ran.code, ran.out) == (1, "")
    assert "good.csv" in ran.err


def test_in_a_process_of_its_own_an_error_leaves_standard_output_to_nobody(tmp_path: Path) -> None:
    ran = sib_alone("price", "mhep/enfield", "missing.csv", folder=tmp_path)

    assert (ran.code, ran.out) == (1, "")
    assert "missing.csv" in ran.err
    assert "there is no such file" in ran.err
    assert program_speak(ran.err) == []


def test_an_output_that_has_no_pound_sign_is_no_reason_to_fail(tmp_path: Path) -> None:
    words = ("price", "mhep/enfield", ENFIELD)

    read, json = (sib_alone(*words, *more, folder=tmp_path, encoding="ascii") for more in ((), ("--json",)))

    assert (read.code, read.err) == (0, "")
    assert "310,202.98" in read.out
    assert json.json["earned"] == "310202.98"


def test_a_reader_who_leaves_early_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - this interpreter, with words written here
        [*PROGRAM, "contract", "show", "mhep/enfield"],
        cwd=tmp_path,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()

    assert (running.returncode, said) == (0, b"")


def test_a_fault_of_the_engine_is_a_sentence_and_exit_code_70(sib: Sib, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        message = "made up for the test"
        raise ZeroDivisionError(message)

    monkeypatch.delenv("SIB_TRACEBACK", raising=False)
    monkeypatch.setattr("sib_engine.services.price_counts.price_counts", broken)

    ran = sib("price", "mhep/enfield", ENFIELD)

    assert (ran.code, ran.out) == (70, "")
    assert "the engine failed (ZeroDivisionError: made up for the test); nothing was written" in ran.err
    assert program_speak(ran.err) == []
