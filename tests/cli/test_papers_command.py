import pytest

from tests.cli.command import Sib


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("statements", "print", "c", "1"), "nothing to write; accepted: one of --pdf, --html, --xlsx, --csv"),
        (("statements", "certificate", "c", "1"), "nothing to write; accepted: one of --pdf, --html, each with a file"),
        (("invoices", "schedule", "c"), "nothing to write; accepted: one of --pdf, --html, --xlsx, --csv"),
        (("invoices", "schedule", "c", "--pdf", "one", "--csv", "one"), "--pdf and --csv both name one"),
        (("statements", "print", "c", "one", "--pdf", "one"), "'one' is not a valid integer"),
        (("statements", "certificate", "c", "1", "--xlsx", "one"), "No such option"),
    ],
)
def test_where_nothing_can_be_written_the_command_says_what_it_takes(
    sib: Sib, words: tuple[str, ...], said: str
) -> None:
    ran = sib(*words, "--as", "abe")

    assert ran.code == 2
    assert said in " ".join(ran.err.split())
