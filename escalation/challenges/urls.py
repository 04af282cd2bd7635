"""The pages of a challenge, from the first question to its last exit."""

from django.urls import URLPattern, path

from escalation.challenges.views import (
    auditing,
    case,
    checking,
    drafts,
    emergency,
    holds,
    leaving,
    monday,
    notices,
    people,
    raising,
    sent,
    showing,
    start,
    steps,
    worklist,
)

app_name = "challenges"
urlpatterns: list[URLPattern] = [
    # Open to everyone: the first questions, the doors, help
    path("", start.start, name="start"),
    path("danger/", start.danger, name="danger"),
    path("danger/not-sure/", start.unsure, name="unsure"),
    path("doors/", start.doors, name="doors"),
    path("doors/<slug:slug>/", start.door, name="door"),
    path("help/", start.help_page, name="help"),
    path("privacy/", start.privacy, name="privacy"),
    path("accessibility/", start.accessibility, name="accessibility"),
    # Raising a challenge
    path("raise/", drafts.begin, name="raise"),
    path("raise/<uuid:uuid>/who/", raising.Who.as_view(), name="raise_who"),
    path("raise/<uuid:uuid>/worry/", raising.Worry.as_view(), name="raise_worry"),
    path("raise/<uuid:uuid>/child/", raising.Child.as_view(), name="raise_child"),
    path("raise/<uuid:uuid>/check/", checking.Check.as_view(), name="raise_check"),
    path("raise/<uuid:uuid>/throw-away/", drafts.throw_away, name="raise_throw_away"),
    # A private word before it is sent
    path("raise/<uuid:uuid>/lead/", showing.lead_of_draft, name="lead_of_draft"),
    path("drafts/<uuid:uuid>/", showing.read_draft, name="read_draft"),
    path("challenges/<uuid:uuid>/sent/", sent.sent, name="sent"),
    # The list: a practitioner's challenges, or the work list
    path("challenges/", worklist.worklist, name="list"),
    path("monday/", monday.monday, name="monday"),
    # How the log reaches somebody
    path("my/notices/", notices.notices, name="notices"),
    path("my/calendar/new/", notices.new_calendar, name="new_calendar"),
    path("my/calendar/end/", notices.no_calendar, name="no_calendar"),
    path("calendar.ics", notices.feed, name="calendar"),
    # The auditor's: the trail as a whole, and of one challenge
    path("audit/", auditing.overview, name="audit"),
    path("audit/reads/", auditing.reads, name="audit_reads"),
    path("challenges/<uuid:uuid>/trail/", auditing.trail, name="trail"),
    # Who is kept out of a challenge
    path("challenges/<uuid:uuid>/conflict/", people.conflict, name="conflict"),
    path("challenges/<uuid:uuid>/people/", people.people, name="people"),
    path("challenges/<uuid:uuid>/people/<int:number>/back-in/", people.lift, name="lift_conflict"),
    path("challenges/<uuid:uuid>/people/<int:number>/end/", people.end, name="end_grant"),
    # An emergency, and who leads where both services have the same lead
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergencies/", emergency.emergencies, name="emergencies"),
    path("emergencies/<int:number>/review/", emergency.review, name="review_emergency"),
    path("independent-leads/", emergency.independent, name="independent"),
    # Somebody leaves: seats, and what waits for them, pass on
    path("leavers/", leaving.leavers, name="leavers"),
    path("leavers/<int:number>/", leaving.leaver, name="leaver"),
    path("leavers/<int:number>/stays/", leaving.stays, name="leaver_stays"),
    # Legal holds on what was not sent
    path("holds/", holds.holds, name="legal_holds"),
    path("holds/<int:number>/let-go/", holds.lift, name="lift_hold"),
    # One challenge, who can see it, and a page for each step
    path("challenges/<uuid:uuid>/", case.case, name="case"),
    path("challenges/<uuid:uuid>/who/", case.seen, name="seen"),
    path("challenges/<uuid:uuid>/<slug:name>/", steps.step, name="step"),
]

RULES = {
    "start": "open",
    "danger": "open form",
    "unsure": "open",
    "doors": "open",
    "door": "open",
    "help": "open",
    "privacy": "open",
    "accessibility": "open",
    "raise": "begin",
    "raise_who": "form",
    "raise_worry": "form",
    "raise_child": "form",
    "raise_check": "form",
    "raise_throw_away": "draft",
    "lead_of_draft": "show a draft",
    "read_draft": "read a draft",
    "list": "list",
    "monday": "monday",
    "notices": "own notices",
    "new_calendar": "own calendar",
    "no_calendar": "own calendar",
    "calendar": "calendar feed",
    "case": "challenge",
    "seen": "who can see",
    "sent": "sent",
    "step": "step",
    "audit": "audit",
    "audit_reads": "audit",
    "trail": "trail",
    "conflict": "conflict",
    "people": "people",
    "lift_conflict": "let back in",
    "end_grant": "end a grant",
    "emergency": "emergency",
    "emergencies": "emergencies",
    "review_emergency": "review",
    "independent": "independent leads",
    "leavers": "somebody leaves",
    "leaver": "somebody of ours leaves",
    "leaver_stays": "somebody of ours stays",
    "legal_holds": "legal holds",
    "lift_hold": "legal holds",
}
"""The rule of docs/permissions.csv under which each address stands; a test asks them all."""
