"""A new version of the policy: written by several, offered, approved by another; open cases keep theirs."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from core.outbox.models import Message
from escalation.policy import parse
from escalation.policy.writing import toml_text
from escalation.rulebook.models import PolicyVersion
from escalation.rulebook.queries import current_policy, forget_current
from escalation.rulebook.services import load_policies
from escalation.rulemaking.documents import mark
from escalation.rulemaking.events import faults
from escalation.rulemaking.models import Event, PolicyDraft, State
from tests.factories import challenge, person, policy, setting
from tests.moments import london
from tests.rulemaking.written import (
    DRAFTS,
    Unit,
    approved,
    begun,
    client_of,
    form_at,
    keep,
    press,
    read,
    text,
    unit,
)
from tests.sql import counted_sql

pytestmark = pytest.mark.django_db
NOW = london(2026, 11, 30, 10)
START = date(2026, 12, 14)
Travel = Callable[[datetime], None]


@pytest.fixture
def version(travel: Travel) -> PolicyVersion:
    travel(NOW)
    return policy(today=NOW.date())


@pytest.fixture
def us(version: PolicyVersion) -> Unit:
    return unit()


@pytest.fixture
def draft(us: Unit, version: PolicyVersion) -> PolicyDraft:
    return begun(us.ruth, version)


def fresh(draft: PolicyDraft) -> PolicyDraft:
    return PolicyDraft.objects.get(pk=draft.pk)


def stage_at(draft: PolicyDraft, number: int) -> dict[str, Any]:
    return dict(fresh(draft).document["stages"][number - 1])


def url(draft: PolicyDraft, rest: str) -> str:
    return f"{draft.get_absolute_url()}{rest}"


def test_a_version_is_written_by_two_and_holds_for_what_is_raised_from_its_first_day(
    us: Unit, version: PolicyVersion, draft: PolicyDraft, travel: Travel, tmp_path: Path
) -> None:
    school, team = setting("Oakfield", group="education"), setting("Team 2")
    leila = person("Leila Osei", practitioner=school)
    person("Chinwe Ade", lead=team)
    before = challenge(by=leila, raising=school, asked=[team], now=NOW)
    old_times = [(each.name, each.due) for each in before.deadlines.all()]

    assert "It is kept." in text(keep(us.ruth, url(draft, "about/"), start="14 12 2026", title="Ours"))
    assert "It is kept." in text(keep(us.sam, url(draft, "stages/1/times/1/"), quantity="4"))
    page = read(us.tess, draft.get_absolute_url())
    assert "Last changed by Sam Ode" in page
    assert "“Answer the challenge”: 4 working days. It was 2 working days." in page
    made = approved(us, keep_as_ruth(us, draft))
    assert (made.version, made.start, made.title) == (3, START, "Ours")
    assert made.digest == made.policy.digest == fresh(draft).digest

    (tmp_path / "any-name.toml").write_text(text_of(us, f"/policy/{made.version}/file/"), encoding="utf-8")
    assert load_policies(tmp_path) == [], "its file is the version that is there"
    assert list(faults()) == []
    call_command("verify_audit", verbosity=0)

    travel(london(2026, 12, 14, 9))
    forget_current()
    after = challenge(by=leila, raising=school, asked=[team], now=london(2026, 12, 14, 9, 30))
    assert (before.policy_version.version, after.policy_version) == (2, made)
    assert [(each.name, each.due) for each in before.deadlines.all()] == old_times
    reply = after.deadlines.get(name="reply")
    assert reply.due == london(2026, 12, 18, 17), "four working days"
    assert "4 working days" in read(leila, f"/policy/of/{after.uuid}/")
    assert "version 2" in read(leila, f"/policy/of/{before.uuid}/")
    board = read(us.ruth, "/policy-promotion/")
    assert "Ours, version 3" in board
    assert "0 of " in board, "promotion begins anew"
    assert "“Answer the challenge”: 4 working days. It was 2 working days." in read(
        leila, "/policy/3/changes/"
    )


def keep_as_ruth(us: Unit, draft: PolicyDraft) -> PolicyDraft:
    """Ruth writes last, so that Sam may approve."""
    keep(us.ruth, url(draft, "stages/1/"), who="The two workers")
    return fresh(draft)


def text_of(us: Unit, path: str) -> str:
    answer = client_of(us.ruth).get(path)
    assert answer["Content-Disposition"].startswith('attachment; filename="mscp-')
    return str(answer.content.decode())


# The second person


def test_neither_the_last_writer_nor_who_offered_it_approves(us: Unit, draft: PolicyDraft) -> None:
    keep(us.sam, url(draft, "about/"), title="Sam's")
    press(us.ruth, draft, "offer")
    for who in (us.ruth, us.sam):
        assert "a colleague has to read and approve it" in press(who, draft, "approve")
        assert "Approve it" not in read(who, draft.get_absolute_url())
    assert PolicyVersion.objects.filter(key="mscp").count() == 1
    assert "It is approved." in press(us.tess, draft, "approve")
    assert "It is approved." in press(us.tess, draft, "approve"), "one's own second click"
    assert "does not change any more" in press(us.sam, draft, "approve")
    assert PolicyVersion.objects.filter(key="mscp").count() == 2


@pytest.mark.parametrize("who", ["written_by", "offered_by"])
def test_the_database_refuses_one_person_as_both(us: Unit, draft: PolicyDraft, who: str) -> None:
    row = PolicyDraft.objects.filter(pk=draft.pk)
    press(us.ruth, draft, "offer")
    row.update(**{who: us.sam.pk})
    whole = {"decided_by": us.sam.pk, "decided_at": NOW, "made": draft.based_on_id, "digest": "x" * 64}
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        row.update(state=State.APPROVED, **whole)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        row.update(state=State.APPROVED, decided_by=us.tess.pk, decided_at=NOW)


def test_the_database_keeps_one_draft_at_a_time(us: Unit, draft: PolicyDraft) -> None:
    again = fresh(draft)
    again.pk, again.uuid = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_who_can_be_the_second_person_gets_a_mail_without_a_word_of_it(us: Unit, draft: PolicyDraft) -> None:
    press(us.ruth, draft, "offer")
    asked = Message.objects.filter(kind="policy_offered")
    assert {each.to_id for each in asked} == {us.sam.pk, us.tess.pk}
    press(us.sam, draft, "send back", why="Two days are too few.")
    (back,) = Message.objects.filter(kind="policy_sent_back")
    assert back.to_id == us.ruth.pk
    assert "Two days are too few." in read(us.ruth, draft.get_absolute_url())
    assert "It waits for a colleague" in press(us.ruth, draft, "offer")
    press(us.sam, draft, "approve")
    assert Message.objects.filter(kind="policy_approved").get().to_id == us.ruth.pk


def test_sending_back_needs_a_reason_and_taking_back_is_for_its_writers(us: Unit, draft: PolicyDraft) -> None:
    press(us.ruth, draft, "offer")
    assert "Say what should be other" in press(us.sam, draft, "send back")
    assert "Whoever wrote or offered it takes it back" in press(us.sam, draft, "take back")
    assert "It is a draft again." in press(us.ruth, draft, "take back")
    assert "It is a draft again." in press(us.ruth, draft, "take back"), "a second click"


def test_what_was_offered_anew_is_read_again(us: Unit, draft: PolicyDraft) -> None:
    press(us.ruth, draft, "offer")
    seen = fresh(draft).version
    press(us.ruth, draft, "take back")
    keep(us.ruth, url(draft, "stages/1/times/1/"), quantity="9")
    press(us.ruth, draft, "offer")
    answer = client_of(us.sam).post(
        draft.get_absolute_url(), {"act": "approve", "seen": str(seen)}, follow=True
    )
    assert "Read it again, then approve it." in text(answer)
    assert not PolicyVersion.objects.filter(version=3).exists()


def test_while_it_waits_nobody_changes_it(us: Unit, draft: PolicyDraft) -> None:
    page = form_at(us.ruth, url(draft, "about/"))
    press(us.ruth, draft, "offer")
    answer = client_of(us.sam).post(url(draft, "about/"), {**page, "title": "Other"}, follow=True)
    assert "cannot be changed as it stands" in text(answer)
    assert "Take it back first" in press(us.sam, draft, "stage:out:5")
    assert fresh(draft).title == "MSCP default escalation policy"


def test_it_is_given_up_and_stays_to_be_read(us: Unit, version: PolicyVersion, draft: PolicyDraft) -> None:
    assert "It is given up." in press(us.sam, draft, "give up")
    assert "It is given up." in press(us.sam, draft, "give up")
    assert "Given up" in read(us.ruth, DRAFTS)
    assert read(us.ruth, draft.get_absolute_url())
    assert begun(us.ruth, version).pk != draft.pk
    assert [each.act for each in Event.objects.order_by("seq")] == ["begun", "given_up", "begun"]
    assert list(faults()) == []


# Beginning


def test_one_is_written_at_a_time_and_who_comes_later_goes_on_with_it(
    us: Unit, version: PolicyVersion, draft: PolicyDraft
) -> None:
    assert "Go on with it" in read(us.sam, DRAFTS)
    answer = client_of(us.sam).post(DRAFTS, {"key": str(uuid4()), "base": str(version.pk)})
    assert answer.status_code == 422
    assert "Go on with that one." in text(answer)
    again = client_of(us.ruth).post(DRAFTS, {"key": str(draft.uuid), "base": str(version.pk)})
    assert again.status_code == 302, "one's own second click"
    assert PolicyDraft.objects.count() == 1


@pytest.mark.parametrize("key", ["sefton", "lincolnshire", "london"])
def test_one_is_made_from_the_policy_of_another_partnership(us: Unit, key: str) -> None:
    theirs = PolicyVersion.objects.get(key=key)
    draft = begun(us.ruth, theirs)
    made = approved(us, draft)
    assert (made.key, made.version) == ("mscp", 3)
    assert made.policy.stages == theirs.policy.stages


# Writing


def test_a_second_writer_is_told_what_the_first_wrote_and_loses_nothing(us: Unit, draft: PolicyDraft) -> None:
    path = url(draft, "stages/1/times/1/")
    page = form_at(us.sam, path)
    keep(us.ruth, path, quantity="3")
    answer = client_of(us.sam).post(path, {**page, "quantity": "4", "label": "Reply to it"})
    said = text(answer)
    assert answer.status_code == 409
    assert "Ruth Ames has changed this meanwhile." in said
    assert 'How many? They wrote: <b class="cl-typed">3</b>' in said
    assert 'value="Reply to it"' in said
    again = {**page, "quantity": "4", "label": "Reply to it", "seen": answer.context["form"].data["seen"]}
    assert client_of(us.sam).post(path, again).status_code == 302
    reply = stage_at(draft, 1)["milestones"][0]
    assert (reply["quantity"], reply["label"]) == (4, "Reply to it")


def test_two_who_write_different_pieces_are_not_in_each_others_way(us: Unit, draft: PolicyDraft) -> None:
    first = form_at(us.sam, url(draft, "stages/1/"))
    keep(us.ruth, url(draft, "stages/2/"), who="Leads on both sides")
    answer = client_of(us.sam).post(url(draft, "stages/1/"), {**first, "who": "Workers"})
    assert answer.status_code == 302
    assert [stage_at(draft, n)["who"] for n in (1, 2)] == ["Workers", "Leads on both sides"]


def test_what_was_taken_out_meanwhile_is_told_with_what_was_typed(us: Unit, draft: PolicyDraft) -> None:
    page = form_at(us.sam, url(draft, "stages/5/"))
    press(us.ruth, draft, "stage:out:5")
    answer = client_of(us.sam).post(url(draft, "stages/5/"), {**page, "who": "My words"})
    assert answer.status_code == 409
    assert "taken out, or moved" in text(answer)
    assert 'value="My words"' in text(answer)


def test_a_second_click_adds_nothing_twice(us: Unit, draft: PolicyDraft) -> None:
    path = url(draft, "stages/1/times/0/")
    data = {
        **form_at(us.ruth, path),
        "label": "Call each other",
        "owed_by": "both",
        "timed": "counted",
        "quantity": "1",
        "unit": "working_days",
        "after": "stage_start",
        "when": "always",
        "met_by": ["add_note:call", "add_note:meeting"],
        "audience": "all_parties",
    }
    for _ in range(2):
        assert client_of(us.ruth).post(path, data).status_code == 302
    new = stage_at(draft, 1)["milestones"][2:]
    assert [(each["name"], each["label"]) for each in new] == [("call_each_other", "Call each other")]


def test_stages_and_times_are_moved_and_taken_out(us: Unit, draft: PolicyDraft) -> None:
    before = [stage["name"] for stage in fresh(draft).document["stages"]]
    press(us.ruth, draft, "stage:up:2")
    assert [s["name"] for s in fresh(draft).document["stages"]][:2] == before[1::-1]
    assert [s["number"] for s in fresh(draft).document["stages"]] == [1, 2, 3, 4, 5]
    assert "workers" not in read(us.ruth, draft.get_absolute_url()).split("To put right")[0]
    press(us.ruth, draft, "stage:down:1")
    press(us.ruth, draft, "clock:down:1:0")
    assert [each["name"] for each in stage_at(draft, 1)["milestones"]] == ["resolve", "reply"]
    press(us.ruth, draft, "clock:out:2:2")
    assert [each["name"] for each in stage_at(draft, 2)["milestones"]] == ["reply", "resolve"]
    assert "“Write down the outcome” starts after this." in press(us.ruth, draft, "clock:out:3:1")
    for act in ("stage:out:9", "stage:up:0", "clock:out:1:7", "clock:sideways:1:0", "stage:out:x", "nothing"):
        version = fresh(draft).version
        assert press(us.ruth, draft, act)
        assert fresh(draft).version == version, act


def test_a_button_that_was_pressed_on_an_old_page_moves_nothing(us: Unit, draft: PolicyDraft) -> None:
    seen = fresh(draft).version
    keep(us.sam, url(draft, "about/"), title="Other")
    answer = client_of(us.ruth).post(
        draft.get_absolute_url(), {"act": "stage:out:5", "seen": str(seen)}, follow=True
    )
    assert "Sam Ode has changed this meanwhile." in text(answer)
    assert len(fresh(draft).document["stages"]) == 5
    seen = fresh(draft).version
    for _ in range(2):
        data = {"act": "stage:out:5", "seen": str(seen)}
        text(client_of(us.ruth).post(draft.get_absolute_url(), data, follow=True))
    assert len(fresh(draft).document["stages"]) == 4, "one's own second click"


def test_a_new_stage_stands_where_it_is_put_with_the_times_of_another(us: Unit, draft: PolicyDraft) -> None:
    new = {
        "name": "Directors",
        "long_name": "Directors of both services",
        "who": "In writing",
        "kind": "dialogue",
        "seniority": "senior_lead",
        "unit": "told",
        "place": "3",
        "times_of": "2",
    }
    assert "It is kept." in text(keep(us.ruth, url(draft, "stages/0/"), **new))
    names = [stage["name"] for stage in fresh(draft).document["stages"]]
    assert names[2:5] == ["Heads of service", "Directors", "Resolution panel"]
    assert stage_at(draft, 4)["milestones"] == stage_at(draft, 3)["milestones"]
    made = approved(us, draft)
    assert [stage.number for stage in made.policy.stages] == [1, 2, 3, 4, 5, 6]
    assert "In them these count together, as the last category: Directors, Resolution panel" in read(
        us.ruth, draft.get_absolute_url()
    )


# Words


def test_words_are_worded_anew_added_and_taken_out(us: Unit, draft: PolicyDraft) -> None:
    path = url(draft, "words/issue/")
    assert "Choose a group." in text(keep(us.ruth, path, label_20="School transport"))
    keep(
        us.ruth,
        path,
        label_0="Level of need",
        label_20="School transport",
        group_20="service_gap",
        out_4="on",
    )
    issues = fresh(draft).document["vocabularies"]["issue"]
    assert issues[0]["label"] == "Level of need"
    assert [each["code"] for each in issues][-2:] == ["school_transport", "other"], "before “Other”"
    assert "conference_plan" not in [each["code"] for each in issues]
    assert approved(us, draft).policy.term("issue", "school_transport").group == "service_gap"


def test_words_that_the_rules_go_by_are_worded_anew_only(us: Unit, draft: PolicyDraft) -> None:
    page = read(us.ruth, url(draft, "words/answer/"))
    assert "none can be added or taken out" in page
    assert "A new word" not in page
    keep(us.ruth, url(draft, "words/answer/"), label_0="We did it", out_1="on")
    answers = fresh(draft).document["vocabularies"]["answer"]
    assert (answers[0]["code"], answers[0]["label"]) == ("acted", "We did it")
    assert len(answers) == 2
    assert "Take it out" in read(us.ruth, url(draft, "words/withdrawal_reason/"))
    keep(us.ruth, url(draft, "words/withdrawal_reason/"), out_4="on")
    codes = [each["code"] for each in fresh(draft).document["vocabularies"]["withdrawal_reason"]]
    assert "under_pressure" in codes, "there is no box to take that one out"


def test_notes_are_changed_and_added(us: Unit, draft: PolicyDraft) -> None:
    path = url(draft, "notes/")
    assert "Write what it says." in text(keep(us.ruth, path, title_5="New"))
    new = {"title_5": "New", "text_5": "Words.", "source_5": "Us", "as_of_5": "1 12 2026", "text_0": "Other."}
    keep(us.ruth, path, **new)
    notes = fresh(draft).document["notes"]
    assert (notes[0]["text"], notes[5]["title"], notes[5]["as_of"]) == ("Other.", "New", "2026-12-01")


def test_a_list_that_there_is_not_is_not_found(us: Unit, draft: PolicyDraft) -> None:
    for rest in ("words/nothing/", "stages/9/", "stages/1/times/9/", "stages/9/times/0/"):
        assert client_of(us.ruth).get(url(draft, rest)).status_code == 404, rest


# What is wrong is said at its box


WRONG = [
    ("about/", {"title": " "}, "title", "Write something here."),
    ("about/", {"start": "29 11 2026"}, "start", "This day is over. Choose today or a later day."),
    ("about/", {"start": "soon"}, "start", "Enter a date"),
    ("about/", {"reopen_days": "0"}, "reopen_days", "Enter a whole number from 1 to 1,000."),
    ("about/", {"draft_reminder_days": "60"}, "draft_reminder_days", "This comes after the draft is gone."),
    ("stages/2/", {"seniority": "senior_lead"}, "seniority", "heads of service can act from stage 3 on"),
    ("stages/4/", {"seniority": "partner"}, "seniority", "partners can act from stage 5 on"),
    ("stages/3/", {"seniority": "lead"}, "seniority", "this log works with heads of service"),
    ("stages/2/", {"kind": "panel"}, "kind", "a panel can meet from stage 3 on"),
    ("stages/4/", {"kind": "decision"}, "kind", "the partners can decide from stage 5 on"),
    ("stages/2/", {"formal": "on"}, "formal", "a stage can be formal from stage 3 on"),
    ("stages/2/", {"unit": "owns"}, "unit", "reads the words from stage 3 on"),
    ("stages/2/", {"only_after_not_accepted": "on"}, "only_after_not_accepted", "no panel comes before it"),
    ("stages/1/times/1/", {"quantity": "many"}, "quantity", "Enter a whole number"),
    ("stages/1/times/1/", {"quantity": "101"}, "quantity", "Use 100 working days or fewer."),
    ("stages/1/times/1/", {"quantity": None}, "quantity", "Say how many."),
    ("stages/1/times/1/", {"fast_track": "0"}, "fast_track", "Enter a whole number"),
    ("stages/1/times/1/", {"met_by": None}, "met_by", "Tick at least one."),
    ("stages/1/times/1/", {"met_by": ["raise"]}, "met_by", "meets only what starts when the concern arose"),
    ("stages/1/times/1/", {"name": "Not a code"}, "name", "Use small letters, figures and underscores only."),
    ("stages/1/times/1/", {"name": "resolve"}, "name", "is there already"),
    ("stages/1/times/1/", {"after": "met:nothing"}, "after", "Select a valid choice"),
    ("stages/0/times/6/", {"timed": "none"}, "quantity", "by it the log closes what was settled"),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "changes", "box", "words"), WRONG)
def test_what_is_wrong_is_said_at_its_box_and_nothing_is_lost(
    us: Unit, draft: PolicyDraft, rest: str, changes: dict[str, Any], box: str, words: str
) -> None:
    answer = keep(us.ruth, url(draft, rest), **changes)
    assert answer.status_code == 422, text(answer)[:2000]
    errors = answer.context["form"].errors
    assert box in errors, errors
    assert words in " ".join(errors[box]), errors
    typed = [value for value in changes.values() if isinstance(value, str) and value != "on"]
    assert all(each in text(answer) for each in typed)
    assert fresh(draft).version == 1


def test_times_in_a_circle_are_refused_at_the_box_that_closes_it(us: Unit, draft: PolicyDraft) -> None:
    keep(us.ruth, url(draft, "stages/2/times/2/"), after="met:reply")
    answer = keep(us.ruth, url(draft, "stages/2/times/1/"), after="met:written_outcome")
    assert "it starts in a circle" in " ".join(answer.context["form"].errors["after"])


def test_what_does_not_fit_yet_is_listed_with_its_page_and_cannot_be_offered(
    us: Unit, draft: PolicyDraft
) -> None:
    press(us.ruth, draft, "stage:out:2")
    page = read(us.ruth, draft.get_absolute_url())
    assert "To put right before you offer it" in page
    assert "heads of service can act from stage 3 on" in page
    assert url(draft, "stages/2/") in page
    assert "heads of service can act from stage 3 on" in press(us.ruth, draft, "offer")
    press(us.ruth, draft, "clock:out:0:6")
    assert "A time with the short name “lead_confirm” is missing" in read(us.ruth, draft.get_absolute_url())
    assert fresh(draft).state == State.DRAFT


def test_a_first_day_that_passes_while_it_waits_is_told_to_the_second_person(
    us: Unit, draft: PolicyDraft, travel: Travel
) -> None:
    keep(us.ruth, url(draft, "about/"), start="1 12 2026")
    press(us.ruth, draft, "offer")
    travel(london(2026, 12, 2, 9))
    assert "This day is over." in press(us.sam, draft, "approve")
    assert "It is a draft again" in press(us.sam, draft, "send back", why="Choose a later day.")


def test_a_version_does_not_start_before_one_that_is_there(us: Unit, draft: PolicyDraft) -> None:
    keep(us.ruth, url(draft, "about/"), start="1 2 2027")
    made = approved(us, draft)
    again = begun(us.ruth, made)
    assert "would take its place" in read(us.ruth, again.get_absolute_url())
    answer = keep(us.ruth, url(again, "about/"), start="31 1 2027")
    assert "A version starts on 1 February 2027 already" in " ".join(answer.context["form"].errors["start"])
    keep(us.ruth, url(again, "about/"), start="1 2 2027")
    later = approved(us, again)
    assert current_policy(date(2027, 2, 1)) == later, "on one day the later number counts"
    assert current_policy(date(2027, 1, 31)).version == 2


# Trying it with days, and reading it


PREVIEWS = [
    ("day=23+12+2026&hour=10:20am", "Tue 29 Dec, 5pm. Fast track: Wed 23 Dec, 2:20pm", "Thu 31 Dec, 5pm"),
    ("day=25+3+2027&hour=3pm", "Wed 31 Mar, 5pm. Fast track: Thu 25 Mar, 7pm", "Fri 2 Apr, 5pm"),
]


@pytest.mark.parametrize(("query", "old", "new"), PREVIEWS)
def test_days_are_tried_side_by_side(us: Unit, draft: PolicyDraft, query: str, old: str, new: str) -> None:
    keep(us.ruth, url(draft, "stages/1/times/1/"), quantity="4")
    page = read(us.sam, f"{url(draft, 'preview/')}?{query}")
    assert f'<td class="govuk-table__cell">{old}</td>' in page
    assert f"<b>{new}" in page


def test_a_day_that_is_none_is_said_and_a_stage_that_is_new_stands_alone(
    us: Unit, draft: PolicyDraft
) -> None:
    answer = client_of(us.sam).get(f"{url(draft, 'preview/')}?day=someday&hour=25")
    assert answer.status_code == 422
    press(us.ruth, draft, "stage:out:5")
    assert "not there" in read(us.sam, url(draft, "preview/"))


def test_it_is_read_as_everybody_will_and_its_file_is_read_back(us: Unit, draft: PolicyDraft) -> None:
    keep(us.ruth, url(draft, "about/"), title='Ours, "the new one"')
    assert "It does not hold." in read(us.sam, url(draft, "read/"))
    again = parse(text_of(us, url(draft, "file/")), source="x.toml")
    assert again.title == 'Ours, "the new one"'
    made = approved(us, draft)
    assert (again.digest, toml_text(again)) == (made.digest, text_of(us, "/policy/3/file/"))


# The trail


def test_a_draft_that_is_changed_past_the_log_is_found(us: Unit, draft: PolicyDraft) -> None:
    approved(us, draft)
    assert list(faults()) == []
    row = PolicyDraft.objects.filter(pk=draft.pk)
    document = deepcopy(fresh(draft).document)
    document["title"] = "Another"
    row.update(document=document)
    assert "its document is another" in " ".join(str(each) for each in faults())
    row.update(mark=mark(document))
    assert "policy_draft.mark" in " ".join(str(each) for each in faults())
    row.update(digest="0" * 64)
    assert "the version it made says something else" in " ".join(str(each) for each in faults())


PAGES = [("", 9), ("about/", 4), ("stages/1/times/1/", 4), ("words/issue/", 4), ("preview/", 8), ("read/", 7)]


@pytest.mark.parametrize(("rest", "most"), PAGES)
def test_a_page_costs_so_many_statements(us: Unit, draft: PolicyDraft, rest: str, most: int) -> None:
    client = client_of(us.ruth)
    client.get(url(draft, rest))
    forget_current()
    with counted_sql() as statements:
        assert client.get(url(draft, rest)).status_code == 200
    assert len(statements) <= most, statements


def test_only_the_business_unit_has_these_pages(us: Unit, draft: PolicyDraft) -> None:
    lead = person("Priya Shah", lead=setting())
    for path in (DRAFTS, draft.get_absolute_url(), url(draft, "about/"), "/policy/2/file/"):
        assert client_of(lead).get(path).status_code == 403
        assert Client().get(path).status_code == 302
    assert "Make a new version" in read(us.ruth, "/policy/")
    assert "Make a new version" not in read(lead, "/policy/")
