"""How much of a workbook is read at most, and the words for what is not."""

from typing import Final

MAX_WORKBOOK_BYTES: Final = 256 << 20
MAX_PARTS: Final = 10_000
MAX_DIRECTORY_BYTES: Final = 4 << 20
"""The list of parts at the end of the ZIP file, which is read whole."""

MAX_SMALL_PART_BYTES: Final = 16 << 20
MAX_SHEET_BYTES: Final = 1 << 30
MAX_TEXTS_BYTES: Final = 256 << 20
"""Shared texts of a workbook, in memory."""

MAX_RATIO: Final = 100
RATIO_FROM_BYTES: Final = 64 << 20
"""A part larger than this may not be more than ``MAX_RATIO`` times its compressed size (Apache POI draws the same
line, for parts of any size); deflate reaches 1,032 times, for nothing but repeated bytes."""

MAX_SHEETS: Final = 500
MAX_SHEET_ROWS: Final = 1_048_576
MAX_SHEET_COLUMNS: Final = 16_384
"""ECMA-376 leaves both to the program; these are Excel's."""

MAX_CELLS: Final = 40_000_000
"""Cells with or without a value, so that a sheet formatted to its last corner does not take minutes."""

MAX_CELL_TEXT: Final = 1 << 20
MAX_TOKEN_BYTES: Final = 4 << 20
MAX_DEPTH: Final = 64
BLOCK_BYTES: Final = 1 << 18

SAVE_AS_XLSX: Final = 'an Excel workbook (.xlsx) without a password, or a text file saved as "CSV UTF-8"'
SAVE_AGAIN: Final = 'the file opened in a spreadsheet and saved again as "Excel Workbook (.xlsx)"'
DIVIDE: Final = "divide the file by site or by person"
