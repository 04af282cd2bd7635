"""What can be brought in of a challenge. docs/importing.md explains each to the person who maps."""

from escalation.sheets import Field, Kind

LATER_STAGES = (2, 3, 4, 5)
LINE_LENGTH = 200
LABEL_LENGTH = 80

KEY = ("reference",)
"""By what a row is known again, where the mapping does not say."""


def _text(name: str, label: str, *headings: str) -> Field:
    return Field(name, Kind.TEXT, label, headings=headings)


def _line(name: str, label: str, *headings: str, most: int = LINE_LENGTH) -> Field:
    return Field(name, Kind.LINE, label, headings=headings, most=most)


def _date(name: str, label: str, *headings: str, required: bool = False) -> Field:
    return Field(name, Kind.DATE, label, headings=headings, required=required)


def _term(name: str, label: str, *headings: str, words: str = "", required: bool = False) -> Field:
    return Field(name, Kind.TERM, label, vocabulary=words or name, headings=headings, required=required)


def _services(name: str, label: str, *headings: str, required: bool = False) -> Field:
    return Field(name, Kind.TERMS, label, vocabulary="setting", headings=headings, required=required)


FIELDS: tuple[Field, ...] = (
    _line("reference", "the earlier log's own number", "ref", "reference", "ref no", "case no", "log no", "id"),
    _date("raised_on", "the day it was raised", "date raised", "date", "opened", "date opened", "date received",
          "date logged", "raised on", required=True),
    _term("raising", "the service that raised it", "raised by", "raised by service", "raising service", "raising agency", "from", "agency raising",
          "escalated by", "referring agency", "challenger", words="setting", required=True),
    _services("responding", "the services that were asked", "agency challenged", "challenged", "to", "against",
              "responding agency", "escalated to", "agency being challenged", "raised with", "who we asked", "asked", required=True),
    _services("supporting", "services that supported it", "supported by", "supporting agency"),
    _line("raised_by", "who raised it: an e-mail address or a name of the directory", "raised by name", "name",
          "professional", "raised by (name)"),
    _line("counterpart", "who was asked: an e-mail address or a name of the directory", "contact", "sent to"),
    _term("stage", "the highest stage it reached", "stage", "stage reached", "level", "step", required=True),
    *(
        _date(f"stage_{stage}_on", f"the day stage {stage} began", f"stage {stage} date", f"date stage {stage}",
              f"s{stage} date")
        for stage in LATER_STAGES
    ),
    _term("status", "where it stands", "status", "open/closed", "state", "current status"),
    _date("ended_on", "the day it ended", "date closed", "closed", "date resolved", "end date", "closed on"),
    _term("about", "what it is about, in plain words", "about", "category"),
    _term("issue", "the kind of issue", "issue", "type", "theme", "reason", "nature", "reason for escalation", "what was it about"),
    _line("label", "a short name for lists", "title", "subject", "headline", most=LABEL_LENGTH),
    _term("age_band", "the child's age", "age", "age band", "age of child", "age group"),
    _term("scope", "one child, several, or a pattern", "scope", "children"),
    _term("child_status", "the help the child had", "child status", "plan", "legal status", "child's status"),
    _line("our_pointer", "the child's number at the service that raised it", "child ref", "child id",
          "case number", "mosaic", "child reference", most=LABEL_LENGTH),
    _line("their_pointer", "the child's number at the service that was asked", "their ref", most=LABEL_LENGTH),
    _term("no_single_child", "whether it is about no single child", "thematic", words="yes_no"),
    _term("child_agreed", "whether both sides agreed which child it is", words="yes_no"),
    _text("worry", "what the worry was", "concern", "details", "summary", "description", "issue details",
          "nature of concern", "background"),
    _text("heard", "what was seen or heard", "evidence", "seen or heard"),
    _text("voice", "what the child said or showed", "child's voice", "voice of the child", "views of child"),
    _text("want", "what was asked for", "desired outcome", "outcome sought", "request", "what was wanted"),
    _text("decision", "the decision or plan it is about", "decision challenged", "decision"),
    _term("answer", "what was answered", "answer", "response type"),
    _date("answered_on", "the day it was answered", "response date", "date of response", "date answered", "answered on"),
    _text("response", "the answer in words", "response", "agency response", "reply"),
    _term("outcome", "what came of it", "outcome", "result", "resolution", "decision reached"),
    _text("reasons", "the reasons", "reasons", "rationale", "outcome details", "how resolved"),
    _term("impact", "what it changed for the child", "impact", "impact for child", "difference made"),
    _text("feedback", "what the person who raised it was told", "feedback", "feedback given"),
    _term("confirmed", "whether the side that raised it said the child is safe", "confirmed", words="yes_no"),
    _term("withdrawal_reason", "why it was withdrawn", "reason withdrawn"),
    _term("void_reason", "why it is void", "reason void"),
    _term("interpreter_considered", "whether an interpreter was considered", "interpreter", words="yes_no"),
    _term("supervisor_consulted", "whether a supervisor was asked", "supervision", words="yes_no"),
    _text("actions", "what was to be done", "actions", "action agreed", "agreed actions"),
    _text("learning", "what was learned", "learning", "lessons", "themes"),
    _text("notes", "anything else", "notes", "comments", "update", "updates", "progress"),
)  # fmt: skip

NOTED: dict[str, str] = {
    "actions": "Actions",
    "learning": "Learning",
    "notes": "Notes",
}
"""Texts without a place of their own in a case, and what stands before each among the notes."""
