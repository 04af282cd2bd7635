"""Text of any kind, in every box of every form and in every text of the API, and requests that are odd.

Each text is refused with a message at its box, which keeps what was typed, or is accepted, kept and shown
exactly as it was typed. It is never an error of the server. Boxes are read from the forms themselves, and
steps from the step table: what is added there is tried here without a change.
"""

import html
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django import forms
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils.choices import flatten_choices

from core.web.forms import DayField, MomentField, PhoneField, PlainText, TimeOfDayField
from escalation.challenges.asks import ASKS, Kind
from escalation.challenges.forms.raising import NamedPerson
from escalation.challenges.models import Challenge, Draft, Entry
from escalation.challenges.serializers import RaiseSerializer, TypedField
from escalation.challenges.workflow import STEP, Who
from tests.challenges.cast import NAME_WITHHELD, OUTCOME, Cast
from tests.challenges.test_refusals import (
    PAUSE,
    POLICE_ASKED,
    RETURN,
    answered,
    at_panel,
    matched,
    recommended,
    sent,
    settled,
    with_leads,
    with_partners,
)
from tests.factories import SENT

pytestmark = pytest.mark.django_db

NOW = SENT + timedelta(hours=2)
TODAY = "23 12 2026"
HALF = "half \ud800 a character"
MEGABYTE = "m" * 1_000_000
TEXTS: Mapping[str, str] = {
    "NUL": "before\x00after",
    "right-to-left override": "\u202eevil \u2067\u05e9\u05dc\u05d5\u05dd\u2069",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "a megabyte": MEGABYTE,
    "a script": "<script>alert(1)</script>",
    "a template": "{{ 7*7 }}{% now 'Y' %}",
    "a formula": "=HYPERLINK(1)",
    "only spaces": "   ",
    "one long word": "w" * 10_000,
    "quotation marks": "\"' onfocus='x' &amp; &#x27; \\u0041",
}
WORST = ("NUL", "right-to-left override", "a megabyte", "a script", "only spaces")
"""Tried in `make test`; the others are tried by `make proof`."""
EVERY = [
    pytest.param(text, id=name, marks=() if name in WORST else pytest.mark.proof)
    for name, text in TEXTS.items()
]
each_text = pytest.mark.parametrize("text", EVERY)
all_texts = pytest.mark.parametrize(
    "texts",
    [
        pytest.param([TEXTS[name] for name in WORST], id="the worst"),
        pytest.param(list(TEXTS.values()), id="all", marks=pytest.mark.proof),
    ],
)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is done inside is done for this look only."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(travel: Callable[[datetime], None]) -> Cast:
    travel(NOW)
    return Cast()


def signed_in(cast: Cast, who: str) -> Client:
    """A server error comes as an answer, as it would to a browser."""
    client = Client(raise_request_exception=False)
    client.force_login(cast.people[who])
    return client


def words(answer: Any) -> str:
    """The page as a reader sees it, not as HTML writes it."""
    return html.unescape(answer.content.decode())


# Filling in a form from its fields


def filled(form: forms.BaseForm) -> dict[str, Any]:
    """Every box with something that will do."""
    boxes: dict[str, Any] = {}
    for name, one in form.fields.items():
        boxes |= _filled(name, one, form[name].value())
    return boxes


def _filled(name: str, one: forms.Field, initial: Any) -> dict[str, Any]:
    if isinstance(one, MomentField):
        return {f"{name}_day": TODAY, f"{name}_time": "10:30am"}
    if isinstance(one, forms.MultipleChoiceField):
        return {name: _codes(one)[:1]}
    if isinstance(one, forms.ChoiceField):
        return {name: _codes(one)[0] if one.required else ""}
    likely = next((words for kind, words in LIKELY.items() if isinstance(one, kind)), None)
    return {} if likely is None else {name: initial or likely}


LIKELY: Mapping[type[forms.Field], Any] = {
    DayField: TODAY,
    TimeOfDayField: "3pm",
    PhoneField: "020 7946 0177",
    PlainText: "Some words.",
    forms.IntegerField: 3,
}
"""What will do in a box, by its kind; a kind of another stands before it."""


def _codes(one: forms.ChoiceField) -> list[str]:
    choices: Any = one.choices
    return [str(code) for code, _ in flatten_choices(choices) if code not in ("", None)]


def text_boxes(form: forms.BaseForm) -> list[tuple[dict[str, str], list[str]]]:
    """The boxes for free text, with the choices that ask for them: those of no choice come together."""
    shown_by = {
        box: {name: value}
        for name, one in form.fields.items()
        for value, boxes in getattr(one.widget, "reveals", {}).items()
        for box in boxes
    }
    texts = [name for name, one in form.fields.items() if isinstance(one, PlainText)]
    together = [name for name in texts if name not in shown_by]
    alone = [(shown_by[name], [name]) for name in texts if name in shown_by]
    return ([({}, together)] if together else []) + alone


def other_boxes(form: forms.BaseForm) -> dict[str, list[str]]:
    """Every field that is not free text, with its boxes. A person of another service is nobody, and a tick
    box knows only ticked and not."""
    return {
        name: [f"{name}_day", f"{name}_time"] if isinstance(one, MomentField) else [name]
        for name, one in form.fields.items()
        if not isinstance(one, PlainText | NamedPerson | forms.BooleanField)
    }


def refused_and_kept(answer: Any, typed: Mapping[str, str]) -> None:
    """Each box at fault has its message on the page, and every text is there as it was typed.

    `typed`: text by field.
    """
    page, form = words(answer), answer.context["form"]
    assert form.errors, page[:2000]
    for name, text in typed.items():
        messages = form.errors.get(name, [])
        for message in messages:
            assert str(message) in page, name
        if isinstance(form.fields[name], PlainText | DayField | TimeOfDayField):
            assert text in page, f"{name} is not kept"
    assert "<script>alert" not in answer.content.decode()


def size(typed: Mapping[str, Any]) -> int:
    return len(urlencode(typed, doseq=True))


def groups(form: forms.BaseForm, text: str) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Boxes to try together; of very long texts one at a time, since together they are too much."""
    for chosen, boxes in text_boxes(form):
        if text is MEGABYTE:
            yield from ((chosen, [box]) for box in boxes)
        else:
            yield chosen, boxes


# Steps


def _after(place: Callable[[Cast], Any], who: str, step: str, **answers: Any) -> Callable[[Cast], Any]:
    def there(cast: Cast) -> Any:
        place(cast)
        cast.take(who, step, SENT, **answers)

    return there


def _with_an_action(cast: Cast) -> None:
    answered(cast)
    visit = {"what": "Visit weekly", "party": cast.party(cast.care), "due": NOW.date() + timedelta(days=30)}
    cast.take("counterpart", "settle", SENT, **OUTCOME, actions=[visit])


def _long_ago(cast: Cast) -> None:
    """It ended so long ago that the raiser is asked how they were treated since."""
    CLOSED(cast)
    Challenge.objects.filter(pk=cast.challenge.pk).update(ask_treated_from=SENT)


def _a_second_one(cast: Cast) -> None:
    sent(cast)
    at_panel(cast)


PAUSED = _after(matched, "counterpart", "propose_hold", **PAUSE)
OFFERED = _after(sent, "unit", "offer_transfer", to_area="Sutton", what="The family moved.")
CLOSED = _after(settled, "raiser", "confirm_settled")
PLACES: Mapping[str, tuple[Callable[[Cast], Any], str]] = {
    "match": (sent, "counterpart"),
    "reply": (matched, "counterpart"),
    "ask_question": (matched, "counterpart"),
    "answer_question": (_after(matched, "counterpart", "ask_question", what="Which day?"), "raiser"),
    "escalate": (answered, "raiser"),
    "ask_own_lead": (sent, "raiser"),
    "decline_to_move_up": (with_leads, "raising_lead"),
    "settle": (answered, "counterpart"),
    "confirm_settled": (settled, "raiser"),
    "not_settled": (settled, "raiser"),
    "complete_action": (_with_an_action, "counterpart"),
    "propose_hold": (matched, "counterpart"),
    "agree_hold": (PAUSED, "raiser"),
    "decline_proposal": (PAUSED, "raiser"),
    "set_hold": (at_panel, "unit"),
    "end_hold": (_after(at_panel, "unit", "set_hold", **POLICE_ASKED), "unit"),
    "propose_return": (with_leads, "raising_lead"),
    "agree_return": (_after(with_leads, "raising_lead", "propose_return", **RETURN), "responding_lead"),
    "withdraw": (sent, "raiser"),
    "acknowledge_withdrawal": (
        _after(at_panel, "raising_senior", "withdraw", withdrawal_reason="other"),
        "unit",
    ),
    "offer_call": (_after(sent, "raiser", "withdraw", withdrawal_reason="under_pressure"), "unit"),
    "convene": (at_panel, "unit"),
    "recommend": (at_panel, "unit"),
    "answer_recommendation": (recommended, "responding_senior"),
    "decide": (with_partners, "partner"),
    "complete_form": (sent, "raiser"),
    "check_form": (at_panel, "unit"),
    "send_form_back": (at_panel, "unit"),
    "offer_transfer": (sent, "raiser"),
    "accept_transfer": (OFFERED, "raiser"),
    "cancel_transfer": (OFFERED, "raiser"),
    "void": (at_panel, "raising_lead"),
    "mark_duplicate": (_a_second_one, "raising_lead"),
    "reopen": (_after(settled, "raiser", "confirm_settled"), "raiser"),
    "thank": (CLOSED, "counterpart"),
    "give_pulse": (CLOSED, "counterpart"),
    "say_treated": (_long_ago, "raiser"),
    "say_learning": (CLOSED, "raising_lead"),
    "suggest_learning": (CLOSED, "raiser"),
    "add_note": (sent, "raiser"),
    "correct": (sent, "raiser"),
}
"""Where each step that asks for words can be taken, by somebody who may read them afterwards."""
TYPED_KINDS = (Kind.TEXT, Kind.LINE, Kind.REFERENCE, Kind.ACTIONS)
each_step = pytest.mark.parametrize("step", PLACES)


def test_every_step_that_asks_for_words_is_tried() -> None:
    asking = {
        name
        for name, step in STEP.items()
        if any(ASKS[ask].kind in TYPED_KINDS for ask in step.asks) and step.who != {Who.SYSTEM}
    }
    assert set(PLACES) == asking - NAME_WITHHELD


@dataclass(frozen=True)
class Desk:
    """Somebody with the page of a step before them."""

    cast: Cast
    client: Client
    step: str

    @classmethod
    def of(cls, cast: Cast, step: str) -> "Desk":
        place, who = PLACES[step]
        place(cast)
        return cls(cast, signed_in(cast, who), step)

    @property
    def case_url(self) -> str:
        return f"/challenges/{self.cast.challenge.uuid}/"

    @property
    def url(self) -> str:
        return f"{self.case_url}{self.step}/"

    @property
    def api_url(self) -> str:
        return f"/api/v1/challenges/{self.cast.challenge.uuid}/steps/{self.step}/"

    def form(self) -> Any:
        page = self.client.get(self.url)
        assert page.status_code == 200, words(page)[:3000]
        return page.context["form"]

    def good(self, form: Any) -> dict[str, Any]:
        """What will do, where the box alone does not say it; the duplicate's first one is the other case."""
        first = Challenge.objects.exclude(pk=self.cast.challenge.pk).first()
        known = {"first_reference": first.reference} if first and "first_reference" in form.fields else {}
        return {**filled(form), **self._owners(form), **known}

    def _owners(self, form: Any) -> dict[str, str]:
        """Actions stand in words; each filled row needs who does it."""
        return {
            name: _codes(one)[0]
            for name, one in form.fields.items()
            if name.startswith("action_") and name.endswith("_party")
        }


@all_texts
@each_step
def test_a_step_refuses_any_text_or_shows_it_as_typed(cast: Cast, step: str, texts: list[str]) -> None:
    desk = Desk.of(cast, step)
    form = desk.form()
    good = desk.good(form)
    with taken_back():  # else what is refused below would prove nothing
        assert desk.client.post(desk.url, good).status_code == 302
    for text in texts:
        for chosen, boxes in groups(form, text):
            typed = dict.fromkeys(boxes, text)
            with taken_back():
                answer = desk.client.post(desk.url, {**good, **chosen, **typed})
                _judge_step(desk, answer, typed)


def _judge_step(desk: Desk, answer: Any, typed: Mapping[str, str]) -> None:
    assert answer.status_code in (302, 422), (typed.keys(), answer.status_code)
    if answer.status_code == 422:
        refused_and_kept(answer, typed)
        return
    page = desk.client.get(answer["Location"])
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    for name, text in typed.items():
        if text.strip():
            assert text in words(page), f"{name} is not shown"


@pytest.mark.large
@all_texts
@each_step
def test_a_steps_other_boxes_refuse_any_text_and_keep_it(cast: Cast, step: str, texts: list[str]) -> None:
    """Days, times, numbers, choices: each says what it wants, and what was typed stays."""
    desk = Desk.of(cast, step)
    form = desk.form()
    good, others = desk.good(form), other_boxes(form)
    for text in texts:
        typed = {box: text for boxes in others.values() for box in boxes}
        with taken_back():
            answer = desk.client.post(desk.url, {**good, **typed})
            if size(typed) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                assert answer.status_code == 413
                continue
            assert answer.status_code == 422, words(answer)[:3000]
            refused_and_kept(answer, dict.fromkeys(others, text))
            assert set(answer.context["form"].errors) == set(others)


# The API's steps


@pytest.mark.large
@all_texts
@each_step
def test_a_step_by_the_api_refuses_any_text_or_tells_it_as_sent(
    cast: Cast, step: str, texts: list[str]
) -> None:
    desk = Desk.of(cast, step)
    good = _good_answers(desk)
    asked = [n for n in STEP[step].asks if ASKS[n].kind in (Kind.TEXT, Kind.LINE, Kind.REFERENCE)]
    for text in (*texts, HALF):
        answers = {**good, **dict.fromkeys(asked, text)}
        with taken_back():
            answer = desk.client.post(desk.api_url, {"version": _version(cast), "answers": answers}, JSON)
            _judge_api(answer, text)


JSON = "application/json"


def _judge_api(answer: Any, text: str) -> None:
    told = json.loads(answer.content)
    assert answer.status_code in (200, 201, 400, 413, 422), told
    if answer.status_code == 422:
        assert [e for e in told["errors"] if e["field"] and e["detail"]], told
    elif answer.status_code in (200, 201) and text.strip():
        assert text in set(texts_in(told)), "it is not told"


def texts_in(told: Any) -> Iterator[str]:
    """Every text of an answer, however deep."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for inner in told.values():
            yield from texts_in(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from texts_in(inner)


def _version(cast: Cast) -> int:
    return int(Challenge.objects.values_list("version", flat=True).get(pk=cast.challenge.pk))


def _good_answers(desk: Desk) -> dict[str, Any]:
    """What will do, for each answer that the API asks; texts are left to the caller."""
    told = json.loads(desk.client.get(f"/api/v1/challenges/{desk.cast.challenge.uuid}/").content)
    [offered] = [one for one in told["steps"] if one["name"] == desk.step]
    plain: dict[str, Any] = {
        "date": "2026-12-23",
        "future_date": "2026-12-23",
        "moment": "2026-12-23T10:30:00Z",
        "yes_no": True,
        "number": 3,
    }
    good: dict[str, Any] = {}
    for ask in offered["asks"]:
        if ask["choices"] and ask["required"]:
            code = ask["choices"][-1 if ask["name"] == "answer" else 0]["code"]
            good[ask["name"]] = [code] if ask["kind"] in ("choices", "parties") else code
        elif ask["kind"] in plain and ask["required"]:
            good[ask["name"]] = plain[ask["kind"]]
    return good


# Raising

PAGES = ("who", "worry", "child")


@dataclass
class Raising:
    """The three pages of a new challenge before somebody who works in one service."""

    cast: Cast
    client: Client
    uuid: str

    def url(self, page: str) -> str:
        return f"/raise/{self.uuid}/{page}/"

    def form(self, page: str) -> Any:
        """As it looks once a service is chosen, so that a person can be chosen too."""
        if page == "who":
            self.client.post(self.url(page), {"asked_1": str(self.cast.care.uuid), "act": "save"})
        return self.client.get(self.url(page)).context["form"]

    def good(self, form: Any) -> dict[str, Any]:
        chosen = {"asked_1": str(self.cast.care.uuid)} if "asked_1" in form.fields else {}
        if "age_band" in form.fields:  # needed where it is about one child
            chosen["age_band"] = _codes(form.fields["age_band"])[-1]
        return {**filled(form), **chosen}


@pytest.fixture
def raising(cast: Cast) -> Raising:
    sent(cast)  # a policy is in force, and the list is not empty
    return Raising(cast, signed_in(cast, "raiser"), str(uuid4()))


@each_text
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_form_refuses_any_text_or_shows_it_again(
    raising: Raising, page: str, text: str
) -> None:
    form = raising.form(page)
    good = raising.good(form)
    for chosen, boxes in groups(form, text):
        typed = dict.fromkeys(boxes, text)
        with taken_back():
            answer = raising.client.post(raising.url(page), {**good, **chosen, **typed, "act": "go"})
            assert answer.status_code in (302, 422), words(answer)[:3000]
            if answer.status_code == 422:
                refused_and_kept(answer, typed)
            draft = Draft.objects.get(uuid=raising.uuid)
            again = raising.client.get(raising.url(page))
            assert "<script>alert" not in again.content.decode()
            for box in boxes:
                kept = text.replace("\x00", "")
                assert draft.words[box] == kept
                assert kept in words(again), f"{box} is not shown again"


@each_text
@pytest.mark.parametrize("page", PAGES)
def test_the_other_boxes_of_the_form_refuse_any_text(raising: Raising, page: str, text: str) -> None:
    form = raising.form(page)
    good, others = raising.good(form), other_boxes(form)
    for field, boxes in others.items():
        typed = dict.fromkeys(boxes, text)
        with taken_back():
            answer = raising.client.post(raising.url(page), {**good, **typed, "act": "go"})
            assert answer.status_code == 422, (field, answer.status_code)
            assert field in answer.context["form"].errors or field.startswith(("asked_", "supporting_"))
            refused_and_kept(answer, {field: text})


@each_text
def test_what_is_accepted_is_sent_and_shown_as_typed(raising: Raising, text: str) -> None:
    """All pages at once, as far as each box takes it; the last look and the case show it."""
    accepted: dict[str, str] = {}
    for page in PAGES:
        form = raising.form(page)
        good = raising.good(form)
        for chosen, boxes in text_boxes(form):
            good |= chosen
            takes = {box: text for box in boxes if _takes(form.fields[box], text)}
            good |= takes
            accepted |= {f"{page}.{box}": kept for box, kept in takes.items()}
        posted = raising.client.post(raising.url(page), {**good, "act": "go"})
        assert posted.status_code == 302, (page, posted.context["form"].errors)
    look = raising.client.get(raising.url("check"))
    assert "<script>alert" not in look.content.decode()
    answer = raising.client.post(raising.url("check"))
    assert answer.status_code == 302, words(answer)[:3000]
    made = Challenge.objects.get(key=raising.uuid)
    words_kept = Entry.objects.get(challenge=made).words
    case = raising.client.get(f"/challenges/{made.uuid}/")
    told = [*words_kept.values(), made.label, made.our_pointer]
    for name, kept in accepted.items():
        if kept.strip():
            assert kept in words(look), name
            assert any(kept in each for each in told), name
    assert [
        name for name in ("worry", "heard", "voice", "want") if words_kept.get(name, "") not in words(case)
    ] == []
    assert "<script>alert" not in case.content.decode()
    assert raising.client.get(answer["Location"]).status_code == 200


def _takes(field: forms.Field, text: str) -> bool:
    try:
        field.clean(text)
    except forms.ValidationError:
        return False
    return True


# Raising by the API


def _good_challenge(cast: Cast) -> dict[str, Any]:
    return {
        "asked": [{"setting": str(cast.care.uuid), "counterpart": ""}],
        "about": "plan_not_moving",
        "decision": "the plan of October",
        "callback": "020 7946 0177",
        "worry": "the plan has not started",
        "heard": "The child slept in a car seat.",
        "want": "a visit this week",
        "our_pointer": "OAK-4471",
        "age_band": "age_0_4",
        "not_spoken": "I called twice",
        "needed_by": "2026-12-24T10:00:00Z",
        "needed_why": "the conference",
        "danger": {"acting": "called", "who": "duty worker", "when": "2026-12-23T10:30:00Z"},
    }


SENT_TEXTS = [name for name, one in RaiseSerializer().fields.items() if isinstance(one, TypedField)]
SENT_OTHERS = sorted(set(RaiseSerializer().fields) - set(SENT_TEXTS))


def _raise(client: Client, body: Any) -> Any:
    return client.post("/api/v1/challenges/", body, JSON, headers={"Idempotency-Key": str(uuid4())})


def test_the_api_takes_this_challenge(raising: Raising) -> None:
    """Else what is refused below would prove nothing."""
    assert _raise(raising.client, _good_challenge(raising.cast)).status_code == 201


@all_texts
@pytest.mark.parametrize("field", [*SENT_TEXTS, "danger.who"])
def test_raising_by_the_api_refuses_any_text_or_tells_it_as_sent(
    raising: Raising, field: str, texts: list[str]
) -> None:
    for text in (*texts, HALF):
        body = _good_challenge(raising.cast)
        place, _, inner = field.partition(".")
        body[place] = {**body[place], inner: text} if inner else text
        with taken_back():
            answer = _raise(raising.client, body)
            told = json.loads(answer.content)
            assert answer.status_code in (201, 400, 413, 422), told
            if answer.status_code == 422:
                assert field in [error["field"] for error in told["errors"]], told
            elif answer.status_code == 201 and text.strip():
                made = Challenge.objects.get(uuid=told["uuid"])
                kept = [*Entry.objects.get(challenge=made).words.values(), made.label, made.our_pointer]
                assert any(text in each for each in kept)


@all_texts
@pytest.mark.parametrize("field", [*SENT_OTHERS, "asked.counterpart"])
def test_raising_by_the_api_refuses_any_text_where_none_belongs(
    raising: Raising, field: str, texts: list[str]
) -> None:
    for text in (*texts, HALF):
        body = _good_challenge(raising.cast)
        if field == "asked.counterpart":
            body["asked"][0]["counterpart"] = text
        else:
            body[field] = text
        with taken_back():
            answer = _raise(raising.client, body)
            assert answer.status_code in (201, 400, 422), answer.content[:2000]
            assert answer.status_code != 201 or not text.strip()


# Other forms


@each_text
def test_who_is_acting_takes_or_refuses_any_text(raising: Raising, text: str) -> None:
    form = raising.client.get("/danger/").context["form"]
    for chosen, boxes in text_boxes(form):
        for box in boxes:
            with taken_back():
                answer = raising.client.post("/danger/", {**filled(form), **chosen, box: text})
                assert answer.status_code in (302, 422)
                if answer.status_code == 422:
                    refused_and_kept(answer, {box: text})
    for field, boxes in other_boxes(form).items():
        answer = raising.client.post("/danger/", {**filled(form), **dict.fromkeys(boxes, text)})
        assert answer.status_code in (302, 422), field


@each_text
def test_signing_in_refuses_any_text_in_the_same_way(cast: Cast, text: str) -> None:
    client = Client(raise_request_exception=False)
    for name in client.get("/sign-in/").context["form"].fields:
        good = {"username": "someone@example.org", "password": "wrong", "next": "/challenges/"}
        answer = client.post("/sign-in/", {**good, name: text})
        assert answer.status_code == 200, name
        assert answer.context["form"].errors
        assert (text in words(answer)) is (name == "username") or not text.strip()
    assert client.post("/sign-in/", {**good, "next": text}).status_code == 200


LONGEST_ADDRESS = 3_000
"""The server takes no address that is much longer."""


@each_text
def test_the_lists_filter_leaves_out_any_text_and_keeps_it(raising: Raising, text: str) -> None:
    text = text[:LONGEST_ADDRESS]
    form = raising.client.get("/challenges/").context["form"]
    for name in [*form.fields, "page", "back_to", "csrfmiddlewaretoken"]:
        answer = raising.client.get("/challenges/", {name: text})
        assert answer.status_code == 200, name
        assert "<script>alert" not in answer.content.decode()
        if name in form.fields and text.strip():
            refused_and_kept(answer, {name: text})
            assert name in answer.context["form"].errors


@each_text
def test_the_lists_filter_by_the_api_says_what_is_wrong(raising: Raising, text: str) -> None:
    text = text[:LONGEST_ADDRESS]
    form = raising.client.get("/challenges/").context["form"]
    for name in [*form.fields, "status", "page", "else"]:
        answer = raising.client.get("/api/v1/challenges/", {name: text})
        expected = (400, 404) if text.strip() else (200, 400, 404)
        assert answer.status_code in expected, (name, answer.status_code)
        json.loads(answer.content)


# Odd requests


@dataclass(frozen=True)
class Odd:
    """A request such as no page of ours makes, and the answers that are right."""

    body: str
    status: int
    content_type: str = "application/x-www-form-urlencoded"
    method: str = "POST"
    step: str = "add_note"


GOOD = "version=1&what=Some+words.&audience=all_parties"
HEX = "%ED%A0%80"
ODD_FORMS: Mapping[str, Odd] = {
    "plain": Odd(GOOD, 302),
    "in UTF-7": Odd(GOOD, 415, "application/x-www-form-urlencoded; charset=utf-7"),
    "in a charset that is none": Odd(GOOD, 415, "application/x-www-form-urlencoded; charset=klingon"),
    "as text": Odd(GOOD, 422, "text/plain"),
    "as JSON": Odd('{"version": 1}', 422, "application/json"),
    "of no type": Odd(GOOD, 422, ""),
    "parts without a boundary": Odd(GOOD, 400, "multipart/form-data"),
    "parts that end early": Odd(
        "--x\r\nContent-Disposition: form-data; name=", 422, "multipart/form-data; boundary=x"
    ),
    "twice the same name": Odd(f"{GOOD}&what=Other+words.", 302),
    "more names than a form has": Odd("&".join(f"n{n}=1" for n in range(2000)), 400),
    "no version": Odd("what=Some+words.&audience=all_parties", 422),
    "a version in words": Odd(GOOD.replace("=1", "=x"), 422),
    "a version below": Odd(GOOD.replace("=1", "=-1"), 422),
    "a version beyond any": Odd(GOOD.replace("=1", f"={'9' * 400}"), 409),
    "a version with 5,000 digits": Odd(GOOD.replace("=1", f"={'9' * 5000}"), 422),
    "a version yet to come": Odd(GOOD.replace("=1", "=7"), 409),
    "a version in other digits": Odd(GOOD.replace("=1", "=" + quote("\u0661")), 302),
    "half a character": Odd(GOOD.replace("words", HEX), 302),
    "bytes that are no text": Odd(GOOD.replace("words", "%FF%FE%80"), 302),
    "a step that there is not": Odd(GOOD, 404, step="fly"),
    "a step of the log's own": Odd("version=1", 403, step="resume"),
    "a step's name in other letters": Odd(GOOD, 404, step="add_n\u00f6te"),
    "too much": Odd("what=" + "x" * 5_300_000, 413),
    **{f"by {method}": Odd("", 405, method=method) for method in ("PUT", "PATCH", "DELETE", "TRACE")},
    "by HEAD": Odd("", 200, method="HEAD"),
}


@pytest.mark.large
@pytest.mark.parametrize("odd", ODD_FORMS.values(), ids=list(ODD_FORMS))
def test_an_odd_form_gets_a_clear_answer(cast: Cast, odd: Odd) -> None:
    sent(cast)
    client = signed_in(cast, "raiser")
    url = f"/challenges/{cast.challenge.uuid}/{odd.step}/"
    answer = client.generic(odd.method, url, odd.body, odd.content_type)
    assert answer.status_code == odd.status
    if odd.status in (409, 422) and "what=Some" in odd.body and "urlencoded" in odd.content_type:
        assert "Some words." in words(answer)


DEEP = "[" * 100_000
ODD_JSON: Mapping[str, Odd] = {
    "plain": Odd('{"version": 1, "answers": {"what": "Words.", "audience": "all_parties"}}', 200, JSON),
    "twice the same name": Odd(
        '{"version": 5, "version": 1, "answers": {"what": "Words.", "audience": "all_parties"}}', 200, JSON
    ),
    "in UTF-7": Odd("{}", 415, f"{JSON}; charset=utf-7"),
    "as a form": Odd(GOOD, 415),
    "of no type": Odd("{}", 415, "nothing"),
    "no JSON": Odd("{version}", 400, JSON),
    "nothing": Odd("", 428, JSON),
    "a list": Odd("[1]", 400, JSON),
    "nested too deeply": Odd(DEEP, 400, JSON),
    "bytes that are no text": Odd('{"version": 1, "answers": {"what": "\udcff"}}', 400, JSON),
    "no version": Odd('{"answers": {}}', 428, JSON),
    "a version in words": Odd('{"version": "x"}', 400, JSON),
    "a version beyond any": Odd('{"version": 1e400}', 400, JSON),
    "a version that is no number": Odd('{"version": NaN}', 400, JSON),
    "a version with 5,000 digits": Odd('{"version": ' + "9" * 5000 + "}", 400, JSON),
    "answers in a list": Odd('{"version": 1, "answers": [1]}', 400, JSON),
    "an answer in an answer": Odd('{"version": 1, "answers": {"what": {"a": 1}}}', 400, JSON),
    "an answer nobody asked for": Odd('{"version": 1, "answers": {"else": 1}}', 400, JSON),
    "an answer's name with NUL": Odd('{"version": 1, "answers": {"a\\u0000": 1}}', 400, JSON),
    "a version yet to come": Odd(
        '{"version": 7, "answers": {"what": "Words.", "audience": "all_parties"}}', 409, JSON
    ),
    "a step that there is not": Odd('{"version": 1}', 404, JSON, step="fly"),
    "a step of the log's own": Odd('{"version": 1}', 403, JSON, step="resume"),
    "too much": Odd(json.dumps({"what": "x" * 5_300_000}), 413, JSON),
    **{f"by {method}": Odd("", 405, JSON, method) for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE")},
}


@pytest.mark.parametrize("odd", ODD_JSON.values(), ids=list(ODD_JSON))
def test_an_odd_call_gets_a_clear_answer(cast: Cast, odd: Odd) -> None:
    sent(cast)
    client = signed_in(cast, "raiser")
    url = f"/api/v1/challenges/{cast.challenge.uuid}/steps/{odd.step}/"
    body = odd.body.encode("utf-8", "surrogateescape")
    answer = client.generic(odd.method, url, body, odd.content_type)
    assert answer.status_code == odd.status, answer.content[:2000]
    if odd.status >= 400 and odd.method != "HEAD":
        assert answer["Content-Type"] == "application/problem+json"


PAGES_TO_PUT = (
    "/",
    "/danger/",
    "/doors/",
    "/sign-in/",
    "/challenges/",
    "/raise/",
    "/raise/{key}/who/",
    "/raise/{key}/check/",
    "/challenges/{uuid}/",
    "/challenges/{uuid}/who/",
    "/challenges/{uuid}/sent/",
    "/help/",
)


@pytest.mark.large
@pytest.mark.parametrize("path", PAGES_TO_PUT)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_pages_take_no_other_methods(cast: Cast, path: str, method: str) -> None:
    sent(cast)
    url = path.format(uuid=cast.challenge.uuid, key=uuid4())
    client = Client(raise_request_exception=False) if path == "/sign-in/" else signed_in(cast, "raiser")
    assert client.generic(method, url).status_code == 405


NO_UUIDS = (
    "x",
    "0",
    "%00",
    "g" * 36,
    "a" * 2_000,
    quote("\u202e"),
    HEX,
    "..%2f..%2fetc",
    "{uuid}%00",
    "{uuid}x",
)


@pytest.mark.large
@pytest.mark.parametrize("part", NO_UUIDS)
@pytest.mark.parametrize(
    "path",
    ["/challenges/{}/", "/challenges/{}/add_note/", "/raise/{}/who/", "/doors/{}/", "/api/v1/challenges/{}/"],
)
def test_an_address_that_is_none_is_not_found(cast: Cast, path: str, part: str) -> None:
    sent(cast)
    url = path.format(part.replace("{uuid}", str(cast.challenge.uuid)))
    answer = signed_in(cast, "raiser").get(url)
    assert answer.status_code == 404
