"""What a program sends, through the very forms that people fill in: one rule for both.

Raises core.api.problems.Unprocessable with every answer at fault, by the names that the API uses.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from rest_framework.exceptions import ValidationError

from core.api.form_data import boxes, plain
from core.api.problems import Unprocessable
from core.machine import NotPermitted, Step
from core.web.dates import LONDON
from core.web.forms import PlainLine
from escalation.access.standing import Standing
from escalation.accounts.models import User
from escalation.challenges.asks import ASKS, TOLD_BY, Kind
from escalation.challenges.counterparts import choices_of, practitioners, seats_at
from escalation.challenges.facts import Facts
from escalation.challenges.forms.raising import (
    MOST_SUPPORTING,
    ChildForm,
    Directory,
    WhoForm,
    WorryForm,
    call_logged,
    compose,
)
from escalation.challenges.forms.start import CALLED, CHECKED
from escalation.challenges.forms.steps import ACTION_ROWS, ReplyForm, StepForm, step_form
from escalation.challenges.queries import CaseView, people_of
from escalation.challenges.services import MOST_ASKED, NO_CALL, NewChallenge
from escalation.challenges.workflow import as_asked
from escalation.directory.queries import all_settings
from escalation.policy import Policy
from escalation.policy.words import london_date

Json = Mapping[str, Any]

NOT_YOURS = "You can raise a challenge only for a service you work in."
NAMES = {
    "what_acted": "what",
    "what_differs": "what",
    "child": "no_single_child",
    "spoken": "spoken_on",
    "needed": "needed_by",
    "needed_on": "needed_by",
    "needed_at": "needed_by",
}
"""The form's box -> the API's name, where they differ."""
PLACES = (
    (re.compile(r"asked_(\d)"), "asked.{}.setting"),
    (re.compile(r"counterpart_(\d)"), "asked.{}.counterpart"),
    (re.compile(r"supporting_(\d)"), "supporting.{}"),
    (re.compile(r"action_(\d)_(what|party|due)"), "actions.{}.{}"),
)
"""The same for numbered boxes: asked_2 is asked.1.setting, as JSON counts."""
LISTS = (Kind.CHOICES, Kind.PARTIES, Kind.ACTIONS)
ACTION_PARTS = {"what", "party", "due"}


def new_challenge(sent: Json, *, by: User, standing: Standing, policy: Policy, now: datetime) -> NewChallenge:
    """What was sent, checked page by page. Raises NotPermitted, or Unprocessable with all that is wrong."""
    directory = _directory(sent, standing, by, london_date(now))
    if not directory.mine or (sent["raising"] and str(sent["raising"]) not in directory.mine):
        raise NotPermitted(NOT_YOURS)
    faults = Faults()
    danger = _danger(sent["danger"], now, faults)
    if sent["fast"] and not faults and not call_logged(danger):
        faults.add(NO_CALL, "danger")
    who = WhoForm(plain(_who_boxes(sent, directory, faults)), directory=directory, policy=policy)
    worry = WorryForm(plain({name: sent[name] for name in ("worry", "heard", "voice", "want", "want_by")}))
    child = ChildForm(plain(_child_boxes(sent)), policy=policy, call_logged=call_logged(danger))
    if sent[TOLD_BY] and not who.errors and not who.for_outside:
        faults.add("Nobody else told you this: you raise it for a service that uses the log.", TOLD_BY)
    faults.tell(who, worry, child)
    return compose(who, worry, child, danger=danger, policy=policy)


class Faults(list[dict[str, str]]):
    """Every answer at fault, so that a program hears of all at once."""

    def add(self, sentence: str, field: str) -> None:
        """One more; nothing more about a part of what is at fault as a whole."""
        whole = {told["field"] for told in self}
        if not any(field.startswith(f"{name}.") for name in whole):
            self.append({"field": field, "detail": sentence})

    def tell(self, *pages: forms.Form) -> None:
        """Raises Unprocessable where there is any; of a form each answer once, with what to mend first."""
        for page in pages:
            for box, found in page.errors.items():
                self.add(str(found[0]), _name(box))
        if self:
            raise Unprocessable(" ".join(dict.fromkeys(told["detail"] for told in self)), errors=self)


def _name(box: str) -> str:
    for shape, place in PLACES:
        if found := shape.fullmatch(box):
            number, *part = found.groups()
            return str(place).format(int(number) - 1, *part)
    return "" if box == "__all__" else NAMES.get(box, box)


def _directory(sent: Json, standing: Standing, by: User, today: date) -> Directory:
    """Every service, and the people who can be asked by name in those chosen; two statements."""
    settings = all_settings()
    services = {str(each.uuid): each for each in settings}
    chosen = [services[uuid] for uuid in _asked(sent) if uuid in services]
    seats = seats_at(chosen, today=today)
    people = {str(each.uuid): [u for u in practitioners(seats, each) if u != by] for each in chosen}
    mine = {uuid: each for uuid, each in services.items() if each.pk in standing.settings}
    return Directory(mine=mine, services=services, choices=choices_of(settings), people=people)


def _asked(sent: Json) -> list[str]:
    return [str(asked["setting"]) for asked in sent["asked"]]


def _who_boxes(sent: Json, directory: Directory, faults: Faults) -> dict[str, Any]:
    if not 1 <= len(sent["asked"]) <= MOST_ASKED:
        faults.add(f"Ask at least one service, and at most {MOST_ASKED}.", "asked")
    if len(sent["supporting"]) > MOST_SUPPORTING:
        faults.add(f"At most {MOST_SUPPORTING} services can support it.", "supporting")
    given = {n: sent[n] for n in ("about", "decision", "decision_on", "label", "callback", "best_times")}
    given |= {"raising": sent["raising"], TOLD_BY: sent[TOLD_BY]}
    for number, asked in enumerate(sent["asked"], start=1):
        given[f"asked_{number}"] = asked["setting"]
        given[f"counterpart_{number}"] = _counterpart(asked, number, directory, faults)
    for number, uuid in enumerate(sent["supporting"], start=1):
        given[f"supporting_{number}"] = uuid
    return given


def _counterpart(asked: Json, number: int, directory: Directory, faults: Faults) -> int | None:
    address = asked["counterpart"].strip().lower()
    if not address:
        return None
    for user in directory.people.get(str(asked["setting"]), ()):
        if user.email == address:
            return int(user.pk)
    sentence = "Nobody with this address can be asked there. Leave it out, and their lead is asked."
    faults.add(sentence, f"asked.{number - 1}.counterpart")
    return None


def _child_boxes(sent: Json) -> dict[str, Any]:
    given = {n: sent[n] for n in ("our_pointer", "age_band", "spoken_on", "not_spoken", "needed_why")}
    given["child"] = "none" if sent["no_single_child"] else "one"
    given["spoken"] = "yes" if sent["spoken_on"] else "no"
    given["needed"] = "yes" if sent["needed_by"] else "no"
    given["fast"] = "on" if sent["fast"] else None
    given["show_name"] = "yes" if sent["show_name"] else "no"
    if sent["needed_by"]:
        local = sent["needed_by"].astimezone(LONDON)
        given |= {"needed_on": local.date(), "needed_at": f"{local:%H:%M}"}
    return given


def _danger(sent: Json | None, now: datetime, faults: Faults) -> dict[str, str]:
    """The answer after "Yes, a child is in danger", as the first page keeps it."""
    if sent is None:
        return {}
    who, when = _line(sent["who"], "danger.who", faults), sent["when"]
    if sent["acting"] in (CALLED, CHECKED) and not sent["who"].strip():
        faults.add("Say who it was. Their job is enough.", "danger.who")
    if sent["acting"] in (CALLED, CHECKED) and when is None:
        faults.add("Say when that was.", "danger.when")
    if when is not None and when > now:
        faults.add("This time is still to come. Enter one that has been.", "danger.when")
    kept = when.astimezone(LONDON).isoformat() if when else ""
    return {"danger_acting": sent["acting"], "danger_who": who, "danger_when": kept}


def _line(text: str, field: str, faults: Faults) -> str:
    try:
        return str(PlainLine(required=False).clean(text))
    except forms.ValidationError as error:
        faults.add(" ".join(error.messages), field)
        return ""


# Steps


def step_answers(step: Step[Facts], view: CaseView, sent: Json, *, lenient: bool = False) -> dict[str, Any]:
    """What services.take_step takes, from answers by name. `lenient`: from an older version of the challenge.

    Raises ValidationError for what has the wrong shape, Unprocessable for what the form would not take.
    """
    step = as_asked(step, view.facts)
    _check_shapes(step, sent)
    mine = view.facts.party
    people = people_of(mine.id) if mine and any(ASKS[n].kind is Kind.PERSON for n in step.asks) else []
    blank = step_form(step, view, people=people, lenient=lenient)
    faults = Faults()
    data = boxes(blank.fields, {"version": view.version, **_step_boxes(blank, sent, faults)})
    form = step_form(step, view, data, people=people, lenient=lenient)
    faults.tell(form)
    if form.step_name != step.name:
        raise Unprocessable("To ask a question, take the step ask_question.", "answer")
    return form.answers()


def _check_shapes(step: Step[Facts], sent: Json) -> None:
    """Each answer is a text, a number or yes or no; a list only where several can be chosen."""
    wrong: dict[str, list[str]] = {}
    for name, value in sent.items():
        if name not in step.asks:
            wrong[name] = ["This step does not ask for that."]
        elif ASKS[name].kind is Kind.ACTIONS:
            if not _are_actions(value):
                wrong[name] = [
                    f"Send a list of at most {ACTION_ROWS} actions, each with what, party and due."
                ]
        elif isinstance(value, list) and (ASKS[name].kind not in LISTS or not all(map(_is_plain, value))):
            wrong[name] = ["Send one answer."]
        elif not isinstance(value, list) and not _is_plain(value):
            wrong[name] = ["Send a text, a number, or true or false."]
    if wrong:
        raise ValidationError({"answers": wrong})


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _are_actions(value: object) -> bool:
    if not isinstance(value, list) or len(value) > ACTION_ROWS:
        return False
    return all(
        isinstance(each, dict) and set(each) <= ACTION_PARTS and all(map(_is_plain, each.values()))
        for each in value
    )


def _step_boxes(blank: StepForm, sent: Json, faults: Faults) -> dict[str, Any]:
    """By the form's own names; an answer where there is nothing to choose is a fault."""
    given: dict[str, Any] = {}
    for name, value in sent.items():
        if name == "actions":
            for number, action in enumerate(value, start=1):
                given |= {f"action_{number}_{part}": answer for part, answer in action.items()}
        elif name == "what" and isinstance(blank, ReplyForm):
            given[f"what_{sent.get('answer')}"] = value
        elif name in blank.fields:
            given[name] = value
        elif value not in (None, "", []):
            faults.add("There is nothing to choose here. Leave it out.", name)
    return given


def choices_of_step(step: Step[Facts], view: CaseView) -> dict[str, Any]:
    """What the form of a step asks of this reader, by name: if it is required, and its choices if any."""
    step, form = as_asked(step, view.facts), step_form(step, view)
    asked: dict[str, Any] = {}
    for name in step.asks:
        box = (
            name
            if name in form.fields
            else {"what": "what_differs", "actions": "action_1_what"}.get(name, name)
        )
        if box in form.fields:
            asked[name] = {"required": name in step.needs, "choices": _choices(name, form.fields[box])}
    return asked


def _choices(name: str, field: forms.Field) -> list[tuple[str, str]] | None:
    """None where it is no choice, or where one's colleagues would have to be looked up."""
    if not isinstance(field, forms.ChoiceField) or ASKS[name].kind is Kind.PERSON:
        return None
    flat: Any = field.choices
    return [(str(code), str(words)) for code, words in flat if code not in ("", ReplyForm.QUESTION)]
