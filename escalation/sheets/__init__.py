"""Spreadsheets that other people made: read as they are, and brought into our words by a mapping file.

Plain Python. It knows cells, dates, headings and lists of words, and nothing of what a row is about: an
app says which fields it wants (`Field`), which words each may hold (`Terms`), and gets `Record`s.

    reading     a file, CSV or XLSX, into sheets of rows of cells
    dates       a date as people wrote it
    terms       words as people spelled them, to the ones we use
    headings    what stands above the columns
    mapping     the file (TOML) that says how one log is read
    cells       what the cells of one field say
    records     sheets and a mapping into records, with every problem by sheet, row and column
    proposing   a first mapping for a file nobody has described yet
    writing     lists for the person who keeps the spreadsheet
"""

from escalation.sheets.fields import Field, Kind, Said
from escalation.sheets.mapping import Mapping, parse_mapping
from escalation.sheets.problems import Problem
from escalation.sheets.reading import Row, Sheet, UnreadableFile, Value, line_of, read_file, text_of
from escalation.sheets.records import Record, RecordsRead, read_records
from escalation.sheets.terms import Terms, plain

__all__ = [
    "Field",
    "Kind",
    "Mapping",
    "Problem",
    "Record",
    "RecordsRead",
    "Row",
    "Said",
    "Sheet",
    "Terms",
    "UnreadableFile",
    "Value",
    "line_of",
    "parse_mapping",
    "plain",
    "read_file",
    "read_records",
    "text_of",
]
