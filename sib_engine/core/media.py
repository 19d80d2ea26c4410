"""What a file is, told by what is in it and never by its name."""

from enum import StrEnum
from typing import Final


class Media(StrEnum):
    """Kinds of file that are taken as evidence."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


SUFFIXES: Final = {Media.PDF: ".pdf", Media.PNG: ".png", Media.JPEG: ".jpg"}

_BEGINS: Final = ((b"%PDF-", Media.PDF), (b"\x89PNG\r\n\x1a\n", Media.PNG), (b"\xff\xd8\xff", Media.JPEG))
_ENDS: Final = {Media.PDF: b"%%EOF", Media.PNG: b"IEND\xaeB`\x82", Media.JPEG: b"\xff\xd9"}

_OTHERS: Final = (
    (b"PK\x03\x04", "a workbook, a document of an office program or another ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old document of an office program"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
)


def media_of(content: bytes) -> Media | None:
    """Return what a file is; None where it is nothing that is taken."""
    return next((media for begins, media in _BEGINS if content.startswith(begins)), None)


def is_whole(content: bytes, media: Media) -> bool:
    """Return whether a file ends as files of its kind do: one whose end is missing was cut off on its way."""
    return _ENDS[media] in content


def words_for(content: bytes) -> str:
    """Return what a file that is not taken seems to be."""
    named = next((words for begins, words in _OTHERS if content.startswith(begins)), None)
    if named is not None:
        return named
    try:
        content[:1000].decode("utf-8")
    except UnicodeDecodeError as problem:
        is_text = problem.start > 990  # noqa: PLR2004 - the end of the piece, where a letter may be cut in two
    else:
        is_text = b"\x00" not in content[:1000]
    return "plain text" if is_text else "a file of another kind"
