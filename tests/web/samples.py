"""The board's own pages as sample content: every component once, for tests and for the eye."""

from typing import Any

from django import forms as django_forms

from core.web import components as c
from core.web import forms
from tests.moments import london

NOW = london(2026, 12, 30, 9)
LATE = london(2026, 12, 29, 17)

STRIP = (
    c.Day("Wed", "23", "sent"),
    c.Day("Thu", "24", "day 1"),
    c.Day("Fri", "25", "Xmas", ("off",), "does not count"),
    c.Day("Sat", "26", "", ("off",), "does not count"),
    c.Day("Sun", "27", "", ("off",), "does not count"),
    c.Day("Mon", "28", "bank hol.", ("off",), "does not count"),
    c.Day("Tue", "29", "due 5pm", ("missed",), "missed"),
    c.Day("Wed", "30", "today", ("now",)),
)
CLOCK = c.Clock(
    "2 working days, counted like this",
    ("Striped days don’t count: Christmas Day, the weekend, and Monday, a bank holiday for Boxing Day."),
    STRIP,
)
SEES = "4 people: two in health, two in social care. The business unit sees dates only."
THEIRS = c.TurnCard(
    c.State("wait", "Waiting for social care"),
    "It is social care’s turn",
    before="Chinwe Adebayo-Fitzgerald, team manager, should answer you by",
    when="Tuesday 29 December 2026, 5pm",
    after=(
        "You have nothing to do today. If she doesn’t answer, you can ask the next level to look. You "
        "don’t need a reason."
    ),
    button=c.Act("Add something new", "#add"),
    links=(c.Act("It’s settled, or not needed after all", "#settle"),),
    sees=SEES,
    clock=c.Clock(
        CLOCK.heading,
        (
            "Today is day 1. Striped days don’t count: Christmas Day, the weekend, and Monday, a bank "
            "holiday for Boxing Day."
        ),
        (STRIP[0], c.Day("Thu", "24", "day 1", ("now",)), *STRIP[2:6], c.Day("Tue", "29", "5pm", ("due",))),
    ),
)
OVERDUE = c.TurnCard(
    c.State("late", "Overdue since yesterday, 5pm"),
    "It is your turn to answer",
    before=(
        "You are covering for Tom Whitfield, who is on leave until Sunday 3 January. The answer was due by"
    ),
    when="Tuesday 29 December 2026, 5pm",
    after=(
        "You can still answer. Until you do, health visiting can ask the next level to look, and they "
        "don’t need a reason."
    ),
    tone="late",
    button=c.Act("Answer this challenge", "#answer"),
    links=(c.Act("Give it to someone else in my team", "#give"),),
    sees=SEES,
    clock=CLOCK,
)
SETTLED = c.TurnCard(
    c.State("turn", "Your turn"),
    "Does this keep the child safe?",
    before="Social care answered today at 11:05am. Please say by",
    when="Monday 4 January 2027, 5pm",
    tone="mine",
    even=(c.Act("Yes, it’s settled", "#yes"), c.Act("Not settled yet", "#not-yet")),
    sees=SEES,
    clock=c.Clock("The clock has stopped", "It starts again by itself on Tue 5 January."),
)
SEVERAL = c.TurnCard(
    c.State("wait", "Waiting for two of three"),
    "It is the police’s turn, and Riverway’s",
    before="They should answer you by",
    when="Tuesday 29 December 2026, 10am",
    services=(
        c.State("wait", "Police, Child Safeguarding Unit South"),
        c.State("wait", "Riverway Community Mental Health Team for Children and Young People"),
        c.State("done", "Social care answered on Wed 23 December, 3:10pm"),
    ),
)
STAGES = (
    c.StagePoint(1, "Worker to worker", "Not settled", "done"),
    c.StagePoint(2, "Leads", "You are here, overdue", "here"),
    c.StagePoint(3, "Heads of service", "Formal, in writing"),
    c.StagePoint(4, "Resolution panel", "Independent chair"),
    c.StagePoint(5, "Safeguarding partners", "Only if the panel’s advice is not accepted"),
)
VOICE = "She is seven months old. She cried hard when put down, and settled when mum held her."
RAISING = c.Position(
    "Health visiting",
    "What they are worried about",
    (
        c.Part(
            "",
            (
                "The parenting plan we agreed in October has not started. Mum has had no visit for five "
                "weeks, and she says she is not coping at night."
            ),
        ),
        c.Part(
            "Seen or heard:",
            (
                "on 21 December I saw the child asleep in a car seat at 2pm. Mum told me she was up most "
                "of the night."
            ),
        ),
        c.Part("Would like:", "a visit this week, and a date for the parenting sessions."),
    ),
)
NO_ANSWER = c.Position(
    "Children’s Social Care",
    "No answer yet",
    (c.Part("", "Your words will stand here, beside theirs."),),
    empty=True,
)
ENTRIES = (
    c.LogEntry(LATE, "The time to answer passed", "No answer yet. This alone is a reason to move up."),
    c.LogEntry(
        london(2026, 12, 29, 14, 30),
        "Asked the duty worker about the visit",
        "Team manager, by phone.",
        audience="Only our side and the unit",
    ),
    c.LogEntry(
        london(2026, 12, 23, 11, 45),
        "Both sides agreed which child it is",
        "By phone, health visitor and social worker.",
        recorded="12:05pm",
    ),
    c.LogEntry(
        london(2026, 12, 23, 10, 20), "Challenge raised", "Health visitor, Larkfield Health Visiting Team"
    ),
)
ACTIONS = (
    c.ActionRow(
        london(2027, 1, 4, 17).date(),
        "Call mum",
        "Duty worker, social care.",
        c.State("wait", "Not done yet"),
        "/done/",
    ),
    c.ActionRow(
        london(2026, 12, 29, 17).date(),
        "Start the parenting sessions",
        "Family support, social care.",
        c.State("done", "Done"),
    ),
)
WHO = c.WhoSees(
    (
        "Leila Osei-Bonsu, health visitor",
        "Maryam Siddiqui, named nurse",
        "Tom Whitfield, social worker",
        "Chinwe Adebayo-Fitzgerald, team manager",
    ),
    (
        "The business unit and the auditor see the dates and the stage, not the words. "
        "Anyone else needs a legal or safety reason, and it is logged."
    ),
)
PHONES = (
    c.Phone("Danger now", "999"),
    c.Phone("Children’s front door, Mon to Fri, 9am to 5pm", "020 7946 0112"),
    c.Phone("Nights, weekends and bank holidays", "020 7946 0199", "Numbers to be confirmed by MSCP"),
)
TILES = (
    c.Tile(7, "Overdue", "#late", c.State("late", "Oldest: 6 working days")),
    c.Tile(2, "Child not agreed yet", "#match", c.State("late", "After 4 working hours")),
    c.Tile(3, "Forms to check", "#forms", c.State("due", "By Wed 6 Jan, 5pm")),
    c.Tile(3, "None logged yet", "#none", fact="A question to ask, not a score"),
)
FILTERS = (
    c.Filter("All open", 41, "#all", current=True),
    c.Filter("Our turn", 23, "#ours"),
    c.Filter("On hold", 2, "#hold"),
)
GROUPS = (
    c.WorkGroup(
        "Overdue (2)",
        (
            c.WorkRow(
                "",
                "A plan is not moving",
                "#1",
                "Larkfield Health Visiting Team asked us",
                c.State("turn", "Ours"),
                "1",
                "K7M 4QX",
                c.State("late", "Tue 29 Dec"),
            ),
            c.WorkRow(
                "",
                "Level of help",
                "#2",
                "St Oswin’s Church of England Primary School and Nursery asked us",
                c.State("turn", "Ours"),
                "2",
                "P3T 9HC",
                c.State("late", "Tue 29 Dec"),
            ),
        ),
    ),
    c.WorkGroup(
        "Due by Tue 5 January (2)",
        (
            c.WorkRow(
                "Thu 31 Dec",
                "Information",
                "#3",
                "We asked Northway Hospital, Children’s Ward",
                c.State("wait", "Theirs"),
                "2",
                "W8D 2RN",
            ),
            c.WorkRow(
                "Tue 5 Jan",
                "A service is stopping or missing",
                "#4",
                "Northway Hospital, Children’s Ward asked us",
                c.State("hold", "On hold"),
                "2",
                "D8H 6XC",
                due_note="hold ends",
            ),
        ),
    ),
)
PATTERNS = [
    {
        "name": "name",
        "pattern": "[A-Z][a-z]+",
        "title": "“{found}” looks like a name.",
        "body": "Please leave names out. If it’s not a name, carry on.",
        "change_to": "the child",
        "dismiss": "It’s not a name",
        "allow": ["mum", "the"],
    }
]


class SampleForm(forms.Form):
    """Every kind of question."""

    answer = django_forms.ChoiceField(
        label="Your answer",
        choices=(
            ("acted", "We have acted"),
            ("differ", "We see it differently"),
            ("question", "We have one question first"),
        ),
        widget=forms.Radios(
            hints={
                "acted": "Say what you did and when. We use it to fill in the outcome.",
                "differ": "Give your decision and your reasons.",
                "question": "This does not use up your answer. You still need to answer.",
            },
            reveals={"acted": ("done", "when")},
        ),
    )
    done = forms.PlainText(label="What did you do?", required=False)
    when = forms.DayField(label="When?", required=False)
    worry = forms.PlainText(
        label="I am worried that…",
        max_length=100,
        widget=django_forms.Textarea(attrs={"rows": 4, "data-warn": ""}),
    )
    seen = forms.PlainText(
        label="I have seen or heard…",
        help_text="What you saw, what you were told, and when.",
        rows=3,
        required=False,
    )
    by = forms.DayField(
        label="By when",
        help_text="For example, 31 12 2026. Leave it empty if there is no date.",
        required=False,
    )
    born = forms.DayField(label="When did it start?", widget=forms.DayBoxes(), required=False)
    hour = forms.TimeOfDayField(label="What time?", required=False)
    called = forms.MomentField(label="When did you call?", required=False)
    phone = forms.PhoneField(label="Call back on", required=False)
    setting = django_forms.ChoiceField(
        label="Who should answer?",
        choices=[("", "Choose one"), *((str(n), f"Team {n}") for n in range(12))],
        widget=forms.SearchSelect(),
        required=False,
    )
    fits = django_forms.MultipleChoiceField(
        label="Does any of these seem to fit?",
        choices=(("a", "Harmed a child, or may have"), ("b", "Not sure yet")),
        widget=forms.Checkboxes(),
        required=False,
    )
    told = django_forms.BooleanField(label="I have told my lead", required=False)
    key = django_forms.CharField(widget=django_forms.HiddenInput, required=False)


def context(form: django_forms.BaseForm) -> dict[str, Any]:
    """What tests/web/sample.html draws."""
    return {
        "form": form,
        "turns": (THEIRS, OVERDUE, SETTLED, SEVERAL),
        "stages": STAGES,
        "voice": VOICE,
        "raising": RAISING,
        "answers": (NO_ANSWER,),
        "entries": ENTRIES,
        "actions": ACTIONS,
        "who": WHO,
        "phones": PHONES,
        "tiles": TILES,
        "filters": FILTERS,
        "groups": GROUPS,
        "patterns": PATTERNS,
        "starts": ("The plan said… but so far…", "If nothing changes, I think the child will…"),
        "kept": {"What you did": "We visited this morning. Mum has a sleep plan\nand the duty number."},
    }
