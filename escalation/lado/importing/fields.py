"""What can be brought in of a referral. docs/importing.md explains each to the person who maps."""

from escalation.sheets import Field, Kind

LINE_LENGTH = 200
KEY = ("reference",)
"""By what a row is known again, where the mapping does not say."""


def _text(name: str, label: str, *headings: str) -> Field:
    return Field(name, Kind.TEXT, label, headings=headings)


def _line(name: str, label: str, *headings: str) -> Field:
    return Field(name, Kind.LINE, label, headings=headings, most=LINE_LENGTH)


def _date(name: str, label: str, *headings: str, required: bool = False) -> Field:
    return Field(name, Kind.DATE, label, headings=headings, required=required)


def _term(name: str, label: str, *headings: str, words: str = "") -> Field:
    return Field(name, Kind.TERM, label, vocabulary=words or name, headings=headings)


FIELDS: tuple[Field, ...] = (
    _line("reference", "the earlier log's own number", "ref", "reference", "lado ref", "case no", "id", "number"),
    _date("told_on", "the day the LADO was told", "date of referral", "date received", "referral date", "date",
          "contact date", "date of contact", required=True),
    _date("aware_on", "the day the employer found out", "date employer aware", "employer aware", "date of incident known"),
    _term("told_in_time", "whether the LADO was told within one working day", "in time", "within one working day",
          words="yes_no"),
    _text("late_reason", "why the LADO was told late", "reason for delay", "reason late"),
    _term("level", "how far it went: a contact, or the threshold was met", "level", "contact type", "type",
          "type of contact", "threshold met", "referral or advice"),
    _term("status", "where it stands", "status", "open/closed", "state", "current status"),
    _date("meeting_on", "the day of the first planning meeting", "asv date", "meeting date", "strategy meeting",
          "date of meeting", "lado meeting", "asv meeting"),
    _date("ended_on", "the day it ended", "date closed", "closed", "closed on", "end date", "date concluded"),
    _term("outcome", "what came of it", "outcome", "result", "conclusion", "finding"),
    _text("reasons", "the reasons", "reasons", "rationale", "outcome details"),
    _term("source", "who told", "source", "referred by", "referring agency", "referrer agency", "from"),
    _line("referrer", "the person who told", "referrer", "referrer name", "name of referrer"),
    _term("sector", "where the adult works", "sector", "employment sector", "workforce", "agency", "setting type"),
    _term("role", "what the adult does", "role", "job role", "position", "occupation"),
    _term("agency_worker", "whether the adult works through an agency", "agency worker", "supply", words="yes_no"),
    _line("adult_name", "the adult's name", "name of adult", "adult", "subject", "name", "professional",
          "alleged perpetrator", "staff member"),
    _date("adult_born", "the adult's date of birth", "dob", "adult dob", "date of birth"),
    _line("employer", "the employer", "employer", "setting", "school", "workplace", "place of work"),
    _line("child_name", "the child's name", "child", "child name", "name of child"),
    _date("child_born", "the child's date of birth", "child dob"),
    _term("nature", "the kind of allegation", "nature", "category", "category of abuse", "type of abuse", "abuse type",
          "allegation type"),
    _term("non_recent", "whether it is non-recent", "historic", "historical", "non recent", words="yes_no"),
    _text("what", "what was alleged", "details", "allegation", "summary", "concern", "description", "nature of concern"),
    _term("removed", "whether the adult was or would have been removed", "removed", "dismissed", words="yes_no"),
    _term("dbs_answer", "what was done about the DBS", "dbs", "dbs referral", "referred to dbs"),
    _term("regulator_answer", "what was done about the regulator", "regulator", "regulator informed",
          "regulatory body"),
    _text("notes", "anything else", "notes", "comments", "actions", "update", "updates"),
)  # fmt: skip

NOTED: dict[str, str] = {"notes": "Notes"}
"""Texts without a place of their own in a referral, and what stands before each among the notes."""
