"""One form a step, made from its row: what the row asks (asks.py) becomes fields, and nothing else."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms

from core.machine import Step
from core.web.answers import day_before, day_to_come, moment_before, when_before, yes_or_no
from core.web.dates import short_day
from core.web.forms import Checkboxes, Form, PlainLine, PlainText, Radios
from escalation.access.models import ConflictReason
from escalation.lado import wording
from escalation.lado.asks import ASKS, SOMETIMES_NEEDED, Ask, Kind, hint_of, label_of
from escalation.lado.facts import Facts
from escalation.lado.queries import View
from escalation.lado.workflow import EMPLOYMENT

LONG_LIST, FEW = 9, 4
SMALL = {"class": "govuk-radios--small"}
ONE_OF_ITS_ROWS = (Kind.ALLEGATION, Kind.STRAND, Kind.LETTER, Kind.ACTION)
"""Where there is only one, it is chosen already."""
Choices = list[tuple[str, str]]


class PeopleField(PlainText):
    """People, one a line: a list of lines, without empty ones."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4_000, rows=5, **kwargs)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        return [line.strip() for line in text.splitlines() if line.strip()]


class StepForm(Form):
    """The form of one step. `version` is what the person saw of the referral."""

    not_marked = SOMETIMES_NEEDED
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, step: Step[Facts], view: View, *args: Any, **kwargs: Any) -> None:
        self.step = step
        kwargs.setdefault("initial", {"version": view.referral.version, **_initial(step, view)})
        super().__init__(*args, **kwargs)
        made = {name: _field(ASKS[name], step, view) for name in step.asks}
        self.fields.update({name: field for name, field in made.items() if field is not None})
        if "strand_state" in self.fields:
            self._a_state_for_each_strand(view)
        if step.name == "add_strand":
            self._reveal("strand_kind", {EMPLOYMENT: ("employer",)})
        self.link_choices()

    def _a_state_for_each_strand(self, view: View) -> None:
        """What a strand can become depends on the strand: each choice asks only that."""
        del self.fields["strand_state"]
        ask, policy = ASKS["strand_state"], view.case.policy
        for strand in view.case.strands:
            states = [(state, policy.label("strand_state", state)) for state in strand.states]
            self.fields[_state_of(strand.pk)] = forms.ChoiceField(
                label=ask.label, choices=states, required=False, widget=Radios(SMALL)
            )
        self._reveal("strand", {str(strand.pk): (_state_of(strand.pk),) for strand in view.case.strands})
        self.order_fields([*self.step.asks])

    def _reveal(self, name: str, reveals: Mapping[str, tuple[str, ...]]) -> None:
        """Ask what belongs to a choice under it, where both are asked."""
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField) and isinstance(field.widget, Radios):
            asked = {value: tuple(n for n in names if n in self.fields) for value, names in reveals.items()}
            field.widget.reveals = {value: names for value, names in asked.items() if names}

    def clean(self) -> dict[str, Any]:
        """What one of several choices asks for is needed where that is chosen."""
        strand, kind = self.cleaned_data.get("strand"), self.cleaned_data.get("strand_kind")
        if strand:
            self.need(_state_of(strand), f"{ASKS['strand_state'].missing}.")
        if kind == EMPLOYMENT:
            self.need("employer", f"{ASKS['employer'].missing}.")
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        """What was answered, by the names of the step's asks; empty answers are left out."""
        given = {name: self.cleaned_data.get(name) for name in self.step.asks}
        if given.get("strand"):
            given["strand_state"] = self.cleaned_data.get(_state_of(given["strand"]))
        return {name: value for name, value in given.items() if value not in (None, "", [])}

    def refuse(self, sentence: str, name: str | None) -> None:
        """Show the sentence with which the step was refused, at the answer that is at fault."""
        if name == "strand_state":
            name = _state_of(self.cleaned_data.get("strand", ""))
        self.add_error(name if name in self.fields else None, sentence)

    def typed(self) -> dict[str, str]:
        """The words as they were typed, by the question they answer; for a page that could not be sent."""
        return {
            str(field.label): text
            for name, field in self.fields.items()
            if isinstance(field, PlainText) and (text := str(self.data.get(name, "")).strip())
        }


def _state_of(strand: object) -> str:
    """The name of the box that asks what this strand has become."""
    return f"strand_state_{strand}"


def _initial(step: Step[Facts], view: View) -> dict[str, Any]:
    """What is known already, so that nobody types it twice."""
    if step.name == "declare_conflict" or not view.reads_words:
        return {}
    referral = view.referral
    known = {
        "limbs": referral.limbs,
        "transferable_risk": "yes" if referral.transferable_risk else "",
        "employer_aware": referral.when("employer_aware"),
        "police_as": referral.police_as,
        "police_aware": referral.when("police_aware"),
        "late_reason": referral.late_reason,
        "adult_name": referral.adult_name,
        "adult_born": date.fromisoformat(referral.adult_born) if referral.adult_born else None,
        "adult_role": referral.adult_role,
        "sector": referral.sector if step.name == "record_adult" else "",
        "posts": referral.posts,
        **referral.followed,
    }
    return {name: value for name, value in known.items() if name in step.asks and value}


def _field(ask: Ask, step: Step[Facts], view: View) -> forms.Field | None:
    if ask.name in _not_asked(step, view):
        return None
    needed = ask.name in step.needs or ask.name == "why_now"
    field = TYPED[ask.kind]() if ask.kind in TYPED else _choosing(ask, step, view, needed)
    if field is None:
        return None
    field.label = label_of(step.name, ask.name)
    field.help_text = hint_of(step.name, ask.name)
    field.required = needed
    field.error_messages["required"] = f"{ask.missing}."
    return field


def _not_asked(step: Step[Facts], view: View) -> set[str]:
    """What a step asks only of some referrals: of a meeting that was planned section 47 is known already, and
    where no strand is open any more nothing has to wait."""
    planned = any(m.kind == "planning" and m.held_on is None for m in view.case.meetings)
    return {
        *(("section_47",) if step.name == "hold_meeting" and planned else ()),
        *(() if view.facts.open_strands else ("why_now",)),
    }


TYPED: Mapping[Kind, Callable[[], forms.Field]] = {
    Kind.TEXT: PlainText,
    Kind.LINE: PlainLine,
    Kind.DATE: day_before,
    Kind.FUTURE_DATE: day_to_come,
    Kind.MOMENT: moment_before,
    Kind.WHEN: when_before,
    Kind.YES_NO: yes_or_no,
    Kind.PEOPLE: PeopleField,
}


def _choosing(ask: Ask, step: Step[Facts], view: View, needed: bool) -> forms.Field | None:
    choices = CHOICES[ask.kind](view) if ask.kind in CHOICES else _terms(view, ask.vocabulary)
    if step.name == "add_strand":
        left = {*view.case.strands_left(), *(str(employer.pk) for employer in view.case.employers_left())}
        choices = [(code, label) for code, label in choices if code in left]
    if not needed and not choices:
        return None
    if ask.kind is Kind.CHOICES:
        return forms.MultipleChoiceField(choices=choices, widget=Checkboxes())
    if len(choices) > LONG_LIST and ask.kind is not Kind.STRAND:
        return forms.ChoiceField(choices=[("", "Choose from this list"), *choices])
    terms = view.case.policy.vocabularies.get(ask.vocabulary, ())
    hints = {term.code: term.hint for term in terms if term.hint}
    small = SMALL if len(choices) > FEW else None
    only = choices[0][0] if needed and len(choices) == 1 and ask.kind in ONE_OF_ITS_ROWS else None
    return forms.ChoiceField(choices=choices, widget=Radios(small, hints=hints), initial=only)


def _terms(view: View, vocabulary: str) -> Choices:
    return [(term.code, term.label) for term in view.case.policy.vocabularies[vocabulary]]


def _members(view: View) -> Choices:
    return [(str(m.user.pk), wording.member(m)) for m in view.case.may_take_it()]


def _support(view: View) -> Choices:
    return [(str(m.user.pk), wording.member(m)) for m in view.case.may_take_it() if not m.decides]


def _colleagues(view: View) -> Choices:
    return [(str(m.user.pk), wording.member(m)) for m in view.case.may_take_it() if m.user.pk != view.user_id]


CHOICES: Mapping[Kind, Callable[[View], Choices]] = {
    Kind.EMPLOYER: lambda view: [(str(e.pk), e.name) for e in view.case.employers],
    Kind.ALLEGATION: lambda view: [(str(a.pk), wording.allegation(view, a)) for a in view.case.allegations],
    Kind.STRAND: lambda view: [(str(s.pk), wording.strand(view, s)) for s in view.case.strands],
    Kind.LETTER: lambda view: [
        (str(each.pk), wording.letter(view, each)) for each in view.case.letters if each.answered_on is None
    ],
    Kind.ACTION: lambda view: [
        (str(a.pk), f"{a.what} ({a.owner})" if view.reads_words else f"{a.owner}, due {a.due:%d/%m/%Y}")
        for a in view.case.actions
        if a.done_on is None
    ],
    Kind.QUESTION: lambda view: [(str(q.pk), q.text) for q in view.case.questions if q.answered_at is None],
    Kind.MEMBER: _members,
    Kind.SUPPORT: _support,
    Kind.COLLEAGUE: _colleagues,
    Kind.CONFLICT: lambda view: [(str(c.pk), wording.name(view, c.user_id)) for c in view.case.kept_out()],
    Kind.GRANT: lambda view: [
        (str(g.pk), f"{wording.name(view, g.user_id)}, until {short_day(g.until, now=view.now)}")
        for g in view.case.support_reads()
    ],
    Kind.WHY: lambda _: [(reason.value, reason.label) for reason in ConflictReason],
    Kind.ENTRY: lambda view: [(str(e.id), wording.line(view, e)) for e in view.entries if e.words],
}
