"""Evidence files and inspections: what is taken, what it does to the claim, and what is found when a file changes."""

from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.outcomes.claims import Move
from sib_engine.services.access.actors import actor_named
from sib_engine.services.claims.evidence import Document, Kept, Seen, attach_evidence, inspect_evidence
from sib_engine.services.claims.evidence_files import check_evidence, read_evidence, remove_orphans
from sib_engine.services.claims.listing import list_claims
from sib_engine.storage.evidence_store import MOST_BYTES, EvidenceFolder, digest_of
from sib_engine.storage.store import Store
from sib_engine.storage.verify import verify
from tests.store.files import JPEG, PDF, PNG
from tests.store.office import CONTRACT, SOURCE, Office, at, day

CLAIM = "P1/job_start/cafe"
FACTS = (
    "H-1,referral,2021-01-11",
    "H-1,vocational profile,2021-01-20",
    "H-1,employment,2021-02-01,,cafe,20,yes,no",
)


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    found = Office.opened(store, tmp_path)
    found.upload(*FACTS, on="2021-03-01")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    return EvidenceFolder(tmp_path / "evidence")


def attach(  # noqa: PLR0913 - what a test does not say is as usual
    office: Office,
    folder: EvidenceFolder,
    content: bytes = PDF,
    *,
    kind: str = "employer letter",
    dated: str = "2021-02-05",
    claim: str = CLAIM,
    by: str = "ada",
    on: str = "2021-03-02",
    name: str = "letter.pdf",
) -> Kept:
    path = office.folder / name
    path.write_bytes(content)
    document = Document(kind, day(dated))
    with office.store.begin() as session:
        who = actor_named(session, by)
        return attach_evidence(session, folder, CONTRACT, claim, path, document=document, by=who, at=at(on))


def inspect(office: Office, *, by: str = "vera", seen: str = "2021-03-02", place: str = "their office") -> Kept:
    document = Document("Employer Letter", day("2021-02-05"))
    with office.store.begin() as session:
        who = actor_named(session, by)
        return inspect_evidence(
            session, CONTRACT, CLAIM, document, seen=Seen(day(seen), place), by=who, at=at("2021-03-02")
        )


def failed(office: Office, claim: str = CLAIM) -> tuple[str, ...]:
    with office.store.read() as session:
        claims = list_claims(session, CONTRACT, state=None, by=actor_named(session, "vera"))
    return next(each.failed for each in claims if each.row == claim)


def strict(office: Office) -> None:
    """Have the contract ask that documents are held or inspected."""
    source = SOURCE.read_text(encoding="utf-8")
    asked = 'evidence = ["employer letter"]\n'
    office.register(
        source.replace(asked, f'{asked}evidence_must_be = "held or inspected"\n'), on="2021-03-01", note="x"
    )


def test_a_file_that_is_held_mends_what_was_missing_and_is_paid_for(office: Office, folder: EvidenceFolder) -> None:
    assert failed(office) == ("evidence",)

    kept = attach(office, folder)

    assert (kept.claim, kept.kind, kept.media, kept.digest) == (
        CLAIM,
        "employer letter",
        "application/pdf",
        digest_of(PDF),
    )
    assert failed(office) == ()
    assert office.accept_passed(on="2021-04-06") == 2
    assert office.draft("2021-Q1", on="2021-04-07").statement.total == 1_400_00


def test_an_inspection_counts_from_the_day_on_which_it_was_seen(office: Office) -> None:
    kept = inspect(office)

    assert (kept.kind, kept.digest) == ("employer letter", "")
    assert failed(office) == ()


@pytest.mark.parametrize("held", ["held", "inspected", ""])
def test_a_providers_word_is_not_enough_where_the_contract_asks_for_more(
    office: Office, folder: EvidenceFolder, held: str
) -> None:
    strict(office)
    office.upload(f"H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,{held}", on="2021-03-02")
    assert failed(office) == ("evidence",)

    attach(office, folder)

    assert failed(office) == ()


def test_no_file_of_a_provider_takes_the_place_of_what_the_store_holds(office: Office, folder: EvidenceFolder) -> None:
    strict(office)
    attach(office, folder)

    found = office.upload("H-1,evidence,2021-02-05,,cafe,,,,employer letter,job_start,,2021-03-03", on="2021-03-03")

    assert (len(found.found.new), found.found.changed) == (1, [])
    assert failed(office) == ()


@pytest.mark.parametrize(("content", "media"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")])
def test_what_a_file_is_is_told_by_what_is_in_it(
    office: Office, folder: EvidenceFolder, content: bytes, media: str
) -> None:
    assert attach(office, folder, content, name="photo.exe").media == media


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"MZ\x90\x00", "the file is a program, whatever its name says; accepted: a PDF, PNG or JPEG file"),
        (b"PK\x03\x04rest", "the file is a workbook, a document of an office program or another ZIP file"),
        (b"the letter says", "the file is plain text"),
        (b"\x00\x01\x02\x03\xff", "the file is a file of another kind"),
        (PDF[:-6], "the end of the file is missing"),
        (PNG[:-12], "the end of the file is missing"),
        (PDF + b"%" * MOST_BYTES, "is larger than 10 MiB"),
    ],
)
def test_what_is_not_taken_is_refused_and_nothing_is_kept(
    office: Office, folder: EvidenceFolder, content: bytes, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        attach(office, folder, content)

    assert list(folder.names()) == []
    assert failed(office) == ("evidence",)


def test_a_folder_is_no_file(office: Office, folder: EvidenceFolder, tmp_path: Path) -> None:
    document = Document("employer letter", day("2021-02-05"))
    ada, on = office.who("ada"), at("2021-03-02")
    with office.store.begin() as session, pytest.raises(RefusedError, match="is no file"):
        attach_evidence(session, folder, CONTRACT, CLAIM, tmp_path, document=document, by=ada, at=on)


@pytest.mark.parametrize(
    ("claim", "kind", "dated", "why"),
    [
        (CLAIM, "payslip", "2021-02-05", "'job_start' is not shown by 'payslip'; accepted: employer letter"),
        ("P1/engagement", "letter", "2021-02-05", "'engagement' asks for no document"),
        (CLAIM, "employer letter", "2021-03-03", "dated on 2021-03-03, which is after today, 2021-03-02"),
    ],
)
def test_a_document_that_the_claim_does_not_take_is_refused_in_words(
    office: Office, folder: EvidenceFolder, claim: str, kind: str, dated: str, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        attach(office, folder, claim=claim, kind=kind, dated=dated)


def test_a_document_dated_before_the_outcome_is_held_and_does_not_show_it(
    office: Office, folder: EvidenceFolder
) -> None:
    attach(office, folder, dated="2021-01-31")

    assert failed(office) == ("evidence-date",)


def test_a_withdrawn_claim_takes_no_evidence(office: Office, folder: EvidenceFolder) -> None:
    office.move(Move.WITHDRAW, CLAIM, on="2021-03-02", by="ada", note="entered twice")

    with pytest.raises(RefusedError, match="is withdrawn"):
        attach(office, folder)


def test_only_who_submitted_the_claim_attaches_and_only_a_verifier_inspects(
    office: Office, folder: EvidenceFolder
) -> None:
    with pytest.raises(SegregationError, match="'vera' may not upload facts"):
        attach(office, folder, by="vera")
    with pytest.raises(SegregationError, match="'ada' may not verify claims"):
        inspect(office, by="ada")
    with pytest.raises(NotFoundError, match="no claim is called"):
        attach(office, folder, claim="P9/job_start/cafe")


def test_nobody_says_that_they_saw_a_document_tomorrow_or_nowhere(office: Office) -> None:
    with pytest.raises(RefusedError, match="it was seen on 2021-03-03, which is after today"):
        inspect(office, seen="2021-03-03")
    with pytest.raises(RefusedError, match="the document is dated on 2021-02-05, which is after the day on which"):
        inspect(office, seen="2021-02-04")
    with pytest.raises(RefusedError, match="where the document was seen"):
        inspect(office, place=" ")


def test_the_same_file_twice_is_recognised_and_for_another_claim_is_named(
    office: Office, folder: EvidenceFolder
) -> None:
    attach(office, folder)
    office.upload(
        "H-2,referral,2021-01-11",
        "H-2,vocational profile,2021-01-20",
        "H-2,employment,2021-02-01,,cafe,20,yes,no",
        on="2021-03-02",
    )

    with pytest.raises(
        RefusedError, match=f"the same file is held for {CLAIM} already: number 1, attached on 2021-03-02"
    ):
        attach(office, folder, name="another name.pdf")
    again = attach(office, folder, claim="P2/job_start/cafe")

    assert again.held_for == (CLAIM,)
    assert list(folder.names()) == [digest_of(PDF)]


def test_a_file_is_called_by_its_digest_whatever_its_name(office: Office, folder: EvidenceFolder) -> None:
    attach(office, folder, name="..%2f..%2fetc%2fpasswd\u202e.pdf")

    digest = digest_of(PDF).removeprefix("sha256:")
    assert [path.relative_to(folder.root).as_posix() for path in folder.root.rglob("*") if path.is_file()] == [
        f"{digest[:2]}/{digest}"
    ]


@pytest.mark.parametrize("digest", ["../../etc/passwd", "sha256:../x", f"sha256:{'A' * 64}", ""])
def test_a_digest_that_is_none_names_no_file(folder: EvidenceFolder, digest: str) -> None:
    with pytest.raises(RefusedError, match="is no digest of an evidence file"):
        folder.get(digest)


def test_a_file_comes_back_as_it_was_and_not_when_it_was_changed(office: Office, folder: EvidenceFolder) -> None:
    kept = attach(office, folder)
    with office.store.read() as session:
        assert read_evidence(session, folder, CONTRACT, kept.number, by=actor_named(session, "vera")) == (PDF, ".pdf")
        with pytest.raises(SegregationError):
            read_evidence(session, folder, CONTRACT, kept.number, by=actor_named(session, "root"))
        with pytest.raises(NotFoundError, match="no evidence file of two-quarters has the number 9"):
            read_evidence(session, folder, CONTRACT, 9, by=actor_named(session, "vera"))
        assert check_evidence(session, folder).wrong == ()

        (folder.root / digest_of(PDF)[7:9] / digest_of(PDF)[7:]).write_bytes(PNG)

        with pytest.raises(RefusedError, match="was changed after it was taken in"):
            read_evidence(session, folder, CONTRACT, kept.number, by=actor_named(session, "vera"))
        assert check_evidence(session, folder).wrong == ((1, 2, "changed"),)

        folder.remove(digest_of(PDF))

        assert check_evidence(session, folder).wrong == ((1, 2, "missing"),)


def test_a_file_whose_command_broke_off_is_found_and_taken_away(office: Office, folder: EvidenceFolder) -> None:
    attach(office, folder)
    folder.put(PNG)
    (folder.root / "README.txt").write_text("not ours", encoding="utf-8")

    with office.store.read() as session:
        assert set(check_evidence(session, folder).orphans) == {digest_of(PNG), "README.txt"}
    with office.store.begin() as session:
        assert remove_orphans(session, folder, at=at("2021-03-03")) == (digest_of(PNG),)

    assert set(folder.names()) == {digest_of(PDF), "README.txt"}
    with office.store.read() as session:
        assert verify(session).breaks == ()
