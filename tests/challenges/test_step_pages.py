"""A page for each step: it asks what its row asks, sends it once, and never loses what was typed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.web import late
from escalation.accounts.models import User
from escalation.challenges.asks import ASKS, Kind
from escalation.challenges.events import chain_of
from escalation.challenges.models import Challenge, Event, KeptWords
from escalation.challenges.reference import spoken
from escalation.challenges.services import look_after_unsent
from escalation.challenges.workflow import STEP
from tests.challenges.cast import CALLED, FORM, OUTCOME, Cast
from tests.factories import SENT, WORDS, challenge, setting
from tests.moments import london

Travel = Callable[[datetime], None]
NOW = london(2026, 12, 23, 15)
ANSWER = {"answer": "acted", "what_acted": "We visited this morning.", "acted_on": "23 12 2026"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(travel: Travel) -> Cast:
    """Raised to social care alone, and both sides agree which child it is; it is 3pm on the first day."""
    made = Cast()
    made.raise_it(asked={made.care: made.people["counterpart"]})
    made.take("raiser", "match", SENT + timedelta(hours=1), **CALLED)
    travel(NOW)
    return made


def address(cast: Cast, step: str) -> str:
    return f"{cast.challenge.get_absolute_url()}{step}/"


def get(cast: Cast, who: str, step: str) -> Any:
    client = Client()
    client.force_login(cast.people[who])
    return client.get(address(cast, step))


def post(cast: Cast, who: str, step: str, *, version: Any = None, **typed: Any) -> Any:
    client = Client()
    client.force_login(cast.people[who])
    seen = Challenge.objects.get(pk=cast.challenge.pk).version if version is None else version
    return client.post(address(cast, step), {"version": seen, **typed})


def now(cast: Cast) -> Challenge:
    return Challenge.objects.get(pk=cast.challenge.pk)


def elsewhere() -> Challenge:
    """A challenge between services that nobody of the cast works in."""
    return challenge(raising=setting("Northway Ward", group="health"), asked=[setting("Harbour Team")])


# The answer


def test_the_answer_page_has_three_ways_and_the_worry_beside(cast: Cast) -> None:
    html = get(cast, "counterpart", "reply").content.decode()
    for words in ("We have acted", "We see it differently", "We have one question first", WORDS["worry"]):
        assert words in html
    assert "You still need to answer." in html
    assert (
        "They then have 2 working days to say if it is settled: until Tuesday 29 December 2026, 5pm." in html
    )
    assert "The business unit sees only that you answered." in html


def test_we_have_acted_moves_it_and_says_so(cast: Cast) -> None:
    response = post(cast, "counterpart", "reply", **ANSWER)
    assert (response.status_code, response["Location"]) == (302, cast.challenge.get_absolute_url())
    case = response.client.get(response["Location"]).content.decode()
    assert STEP["reply"].banner in case
    assert "We visited this morning." in case
    assert now(cast).status == "responded"


def test_the_trail_says_that_it_came_by_a_page(cast: Cast) -> None:
    post(cast, "counterpart", "reply", **ANSWER)
    event = Event.objects.filter(chain=chain_of(cast.challenge)).latest("seq")
    assert (event.act, event.codes["channel"]) == ("reply", "page")


def test_one_question_does_not_use_up_the_answer(cast: Cast) -> None:
    post(cast, "counterpart", "reply", answer="question", what_question="Which session?")
    party = cast.challenge.parties.get(setting=cast.care)
    assert (now(cast).status, party.answer, party.question_open) == ("awaiting_response", "", True)
    page = get(cast, "counterpart", "reply").content.decode()
    assert "We have one question first" not in page
    assert "what_question" not in page  # a box that no choice opens would swallow what is typed into it
    post(cast, "raiser", "answer_question", what="The second.")
    assert not cast.challenge.parties.get(setting=cast.care).question_open


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose your answer."),
        ({"answer": "acted", "acted_on": "23 12 2026"}, "Say what you did."),
        ({"answer": "acted", "what_acted": "We went.", "acted_on": ""}, "Say when you acted."),
        ({"answer": "acted", "what_acted": "We went.", "acted_on": "1 1 2099"}, "This day is still to come."),
        ({"answer": "differs", "what_differs": "  "}, "Give your decision and your reasons."),
        ({"answer": "differs", "what_differs": "a\x00b"}, "a character in it that we cannot keep"),
        ({"answer": "differs", "what_differs": "x" * 10_001}, "Use 10,000 characters or fewer."),
        ({"answer": "nonsense", "what_acted": "We went."}, "nonsense is not one of the available choices"),
    ],
)
def test_a_mistake_is_named_and_the_text_kept(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    response = post(cast, "counterpart", "reply", **typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in html
    assert sentence in html
    assert typed.get("what_acted", "") in html
    assert now(cast).status == "awaiting_response"


# Refusals, in a sentence


def test_before_the_child_is_agreed_the_page_says_what_comes_first(travel: Travel) -> None:
    cast = Cast()
    cast.raise_it(asked={cast.care: cast.people["counterpart"]})
    travel(NOW)
    response = get(cast, "counterpart", "reply")
    assert response.status_code == 422
    assert "First agree by phone which child this is" in response.content.decode()
    call = {"spoke_to": "duty worker", "called_at_day": "23 12 2026", "called_at_time": "11am"}
    assert post(cast, "counterpart", "match", **call, their_pointer="88213-C").status_code == 302
    assert get(cast, "counterpart", "reply").status_code == 200


def test_a_service_that_has_agreed_is_not_told_that_nobody_has(travel: Travel) -> None:
    """Social care has agreed which child it is; the police have not."""
    cast = Cast()
    cast.raise_it()
    cast.take("counterpart", "match", SENT + timedelta(hours=1), **CALLED)
    travel(NOW)
    client = get(cast, "counterpart", "reply").client
    page = client.get(cast.challenge.get_absolute_url()).text
    assert "You and the service that asked agree which child" in page
    assert "Not agreed yet which child" not in page


def test_a_step_that_is_not_yours_is_403_and_says_why(cast: Cast) -> None:
    for response in (get(cast, "raiser", "reply"), post(cast, "raiser", "reply", **ANSWER)):
        assert response.status_code == 403
        assert "is not yours to do at this stage" in response.content.decode()
    assert "We visited this morning." in post(cast, "raiser", "reply", **ANSWER).content.decode()


def test_what_the_service_refuses_stands_at_its_question(cast: Cast) -> None:
    long_pause = {"what": "The report.", "safe_meanwhile": "Grandmother stays.", "hold_until": "29 3 2027"}
    response = post(cast, "counterpart", "propose_hold", **long_pause)
    html = response.content.decode()
    assert response.status_code == 422
    assert "at most 10 working days" in html
    assert 'href="#id_hold_until"' in html
    assert "Grandmother stays." in html


def test_unknown_steps_and_hidden_challenges_are_404(cast: Cast) -> None:
    other = elsewhere()
    client = Client()
    client.force_login(cast.people["counterpart"])
    assert client.get(address(cast, "no-such-step")).status_code == 404
    assert client.get(f"{other.get_absolute_url()}reply/").status_code == 404
    assert client.post(f"{other.get_absolute_url()}reply/", ANSWER).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_broken_version_changes_nothing(cast: Cast, version: str) -> None:
    client = Client()
    client.force_login(cast.people["counterpart"])
    response = client.post(address(cast, "reply"), {**ANSWER, "version": version})
    assert response.status_code in (409, 422)
    assert "We visited this morning." in response.content.decode()
    assert now(cast).status == "awaiting_response"


# Two at once, and the same twice


def test_ones_own_second_click_is_success_again(cast: Cast) -> None:
    seen = now(cast).version
    first, second = (post(cast, "counterpart", "reply", version=seen, **ANSWER) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert now(cast).version == seen + 1


def test_who_came_second_keeps_the_words_and_can_add_them(cast: Cast) -> None:
    seen = now(cast).version
    post(cast, "counterpart", "reply", version=seen, answer="differs", what_differs="It is right so.")
    response = post(cast, "counterpart", "reply", version=seen, **ANSWER)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Someone answered first. Your words are safe" in html
    assert "sent an answer: Wednesday 23 December 2026, 3pm." in html
    assert "We visited this morning." in html
    assert "We keep your words as a draft for 30 days." in html
    added = get(cast, "counterpart", "add_note")
    assert "We visited this morning." in added.content.decode()
    assert "visited" not in added.request["PATH_INFO"] + added.request["QUERY_STRING"]
    post(cast, "counterpart", "add_note", what="We visited this morning.", audience="all_parties")
    assert not KeptWords.objects.exists()


def test_kept_words_are_their_writers_alone_and_go_after_30_days(cast: Cast) -> None:
    response = post(cast, "counterpart", "reply", save="1", **ANSWER)
    assert response.status_code == 302
    assert now(cast).version == 2
    assert "We visited this morning." in get(cast, "counterpart", "reply").content.decode()
    assert "We visited this morning." not in get(cast, "raiser", "add_note").content.decode()
    look_after_unsent(now=NOW + timedelta(days=30, hours=1))
    assert not KeptWords.objects.exists()


# Every step's page


def signed_out_while_writing(cast: Cast, **typed: Any) -> tuple[Client, str]:
    """The counterpart opens the answer page, the session ends, and they press "Send answer"."""
    client = get(cast, "counterpart", "reply").client
    owner = client.get(address(cast, "reply")).context["owner"]
    client.logout()
    sent = client.post(
        address(cast, "reply"), {"version": now(cast).version, "owner": owner, **ANSWER, **typed}
    )
    assert sent["Location"].startswith("/sign-in/")
    assert "visited" not in sent["Location"]
    return client, sent["Location"]


def test_what_was_sent_after_the_session_ended_is_there_after_signing_in(cast: Cast) -> None:
    client, sign_in = signed_out_while_writing(cast)
    assert "You were signed out. What you wrote is kept." in client.get(sign_in).text
    client.post(sign_in, signing_in(cast.people["counterpart"]))
    page = client.get(address(cast, "reply"))
    assert "You were signed out. What you wrote is here, as you typed it." in page.text
    assert "We visited this morning." in page.text
    assert "There is a problem" not in page.text
    form = page.context["form"]
    assert (form["answer"].value(), form["acted_on"].value()) == ("acted", "23 12 2026")
    assert now(cast).status == "awaiting_response"  # shown again, and sent only by them
    assert "We visited this morning." in client.get(address(cast, "reply")).text


def test_what_was_sent_late_is_there_though_the_step_is_over(cast: Cast) -> None:
    client, sign_in = signed_out_while_writing(cast)
    post(cast, "raiser", "withdraw", withdrawal_reason="not_needed")
    client.post(sign_in, signing_in(cast.people["counterpart"]))
    page = client.get(address(cast, "reply"))
    assert page.status_code == 422
    assert "We visited this morning." in page.text


def test_what_was_sent_late_is_shown_to_nobody_else(cast: Cast) -> None:
    client, sign_in = signed_out_while_writing(cast)
    client.post(sign_in, signing_in(cast.people["raiser"]))
    assert "visited" not in client.get(address(cast, "reply")).text
    assert late.KEPT not in client.session
    assert not KeptWords.objects.exists()


def test_nothing_is_kept_of_a_late_post_without_our_seal(cast: Cast) -> None:
    client, _ = signed_out_while_writing(cast, owner="forged")
    assert late.KEPT not in client.session


def signing_in(user: User) -> dict[str, str]:
    user.set_password("correct horse battery staple")
    user.save()
    return {"username": user.email, "password": "correct horse battery staple"}


@pytest.mark.large
def test_a_page_asks_exactly_what_its_row_asks(cast: Cast) -> None:
    """What there is nothing to choose of is not asked; the answer page words its own question."""
    client = Client()
    for who, user in cast.people.items():
        client.force_login(user)
        for name in STEP:
            response = client.get(address(cast, name))
            if response.status_code != 200 or name == "reply":
                continue
            form = response.context["form"]
            asked = {
                field.partition("_")[0] if field.startswith("action_") else field for field in form.fields
            }
            possible = {"action" if ASKS[a].kind is Kind.ACTIONS else a for a in STEP[name].asks}
            assert asked - {"version"} <= possible, (who, name)
            assert {n for n in STEP[name].needs if ASKS[n].kind is not Kind.PARTY} <= asked, (who, name)


def test_settling_with_an_action_takes_only_filled_rows(cast: Cast) -> None:
    cast.take("counterpart", "reply", NOW, answer="acted", what="Done.", acted_on=SENT.date())
    page = get(cast, "raiser", "settle").content.decode()
    assert ">\nDone.</textarea>" in page  # what they did prefills the reasons
    typed = {**OUTCOME, "on_record": "23 12 2026", "action_1_what": "Call mum", "action_1_due": "29 12 2026"}
    response = post(cast, "raiser", "settle", **typed)
    assert response.status_code == 422
    assert "Give each action an owner." in response.content.decode()
    post(cast, "raiser", "settle", **typed, action_1_party=cast.party(cast.care))
    assert [(a.what, a.due) for a in cast.challenge.actions.all()] == [("Call mum", date(2026, 12, 29))]
    assert now(cast).status == "settled"


def test_an_agreed_difference_needs_its_review(cast: Cast) -> None:
    cast.take("counterpart", "reply", NOW, answer="differs", what="We see it so.")
    typed = {**OUTCOME, "outcome": "agreed_difference", "on_record": "23 12 2026"}
    response = post(cast, "raiser", "settle", **typed)
    assert response.status_code == 422
    assert "An agreed difference needs a date on which it is reviewed." in response.content.decode()
    post(cast, "raiser", "settle", **typed, review_on="20 1 2027")
    assert now(cast).status == "settled"


def test_a_lead_gives_it_only_to_people_of_their_own_service(cast: Cast) -> None:
    form = get(cast, "responding_lead", "allocate").context["form"]
    assert [name for _, name in form.fields["person"].choices][1:] == [
        "Chinwe Adebayo",
        "Lena Brook",
        "Tom Whitfield",
    ]
    stranger = cast.people["raiser"].pk
    assert post(cast, "responding_lead", "allocate", person=stranger).status_code == 422
    lead = cast.people["responding_lead"]
    assert post(cast, "responding_lead", "allocate", person=lead.pk).status_code == 302
    assert cast.challenge.parties.get(setting=cast.care).counterpart == lead


def test_a_duplicate_points_only_to_a_challenge_one_may_see(cast: Cast, travel: Travel) -> None:
    mine, theirs = cast.raise_it(start_stage=3, skip_reason="child_cannot_wait"), elsewhere()
    first = cast.raise_it(asked={cast.care: cast.people["counterpart"]})
    cast.challenge = mine
    response = post(cast, "raising_lead", "mark_duplicate", first_reference=theirs.reference)
    assert response.status_code == 422
    assert "You have no challenge with this reference." in response.content.decode()
    assert (
        post(
            cast, "raising_lead", "mark_duplicate", first_reference=spoken(first.reference).lower()
        ).status_code
        == 302
    )
    assert now(cast).duplicate_of == first


def test_a_correction_is_read_by_those_who_read_what_it_corrects(cast: Cast) -> None:
    post(cast, "counterpart", "add_note", what="Ask the duty desk.", audience="own_setting_and_unit")
    note = cast.challenge.entries.get(step="add_note")
    post(cast, "counterpart", "correct", corrects=note.pk, what="The night desk.")
    correction = cast.challenge.entries.get(step="correct")
    assert (correction.corrects, correction.audience) == (note, "own_setting_and_unit")
    hidden = post(cast, "raiser", "correct", corrects=note.pk, what="I should not know of it.")
    assert hidden.status_code == 422


def test_asking_the_next_level_needs_no_reason(cast: Cast, travel: Travel) -> None:
    travel(london(2026, 12, 30, 9))
    page = get(cast, "raiser", "escalate").content.decode()
    assert "Skip a stage" in page
    response = post(cast, "raiser", "escalate", still_asking=[cast.party(cast.care)])
    assert response.status_code == 302
    assert (now(cast).stage, now(cast).status) == (2, "awaiting_response")


def test_where_the_same_people_would_answer_again_the_page_says_so(travel: Travel) -> None:
    """Nobody was named, so the lead answers at stage 1 and would at stage 2."""
    cast = Cast()
    cast.raise_it(asked={cast.care: None})
    travel(london(2027, 1, 12, 10))
    page = get(cast, "raiser", "escalate").content.decode()
    assert "At stage 2 the same person would answer again: Chinwe Adebayo (social care)." in page
    assert "Once the full form is complete, you can skip to stage 3." in page
    cast.take("raising_lead", "complete_form", london(2027, 1, 12, 10), **FORM)
    page = get(cast, "raiser", "escalate").content.decode()
    assert "You can skip to stage 3: choose it below, with the reason" in page
    care = cast.party(cast.care)
    post(cast, "raiser", "escalate", still_asking=[care], to_stage="3", skip_reason="same_person")
    assert now(cast).stage == 3


def test_where_somebody_else_answers_next_nothing_is_said_of_skipping(cast: Cast, travel: Travel) -> None:
    travel(london(2027, 1, 12, 10))
    assert "would answer again" not in get(cast, "raiser", "escalate").content.decode()


def test_a_lead_voids_early_only_what_they_raised_themselves(cast: Cast) -> None:
    """Rule 7: what somebody else raised is not theirs to end at stages 1 and 2."""
    assert get(cast, "raising_lead", "void").status_code == 422
    lead = cast.people["raising_lead"]
    cast.challenge = challenge(by=lead, raising=cast.school, asked={cast.care: cast.people["counterpart"]})
    assert post(cast, "raising_lead", "void", void_reason="test_entry").status_code == 302
    assert (now(cast).status, now(cast).stage) == ("void", 1)


def test_an_nhs_number_in_an_answer_needs_a_tick(cast: Cast) -> None:
    answer = {**ANSWER, "what_acted": "We found her as 943 476 5919."}
    assert "not_nhs" not in get(cast, "counterpart", "reply").content.decode()
    refused = post(cast, "counterpart", "reply", **answer)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "“943 476 5919” looks just like an NHS number." in page
    assert 'href="#id_not_nhs"' in page
    assert post(cast, "counterpart", "reply", **answer, not_nhs="on").status_code == 302


def test_each_service_agrees_for_itself_which_child_it_is(travel: Travel) -> None:
    """Rule 4: social care has agreed; for the police the time runs on, and is late after 2:20pm."""
    cast = Cast()
    cast.raise_it()
    travel(SENT)
    page = get(cast, "raiser", "match").client.get(cast.challenge.get_absolute_url()).text
    assert "Agree which child this is, with social care and the police, by Wed 23 Dec, 2:20pm" in page
    cast.take("counterpart", "match", SENT + timedelta(hours=1), **CALLED)
    travel(NOW)
    pages = {
        who: get(cast, who, "match").client.get(cast.challenge.get_absolute_url()).text
        for who in ("raising_lead", "counterpart", "officer")
    }
    late = "Not agreed yet which child this is: the school with the police. It was due by Wed 23 Dec, 2:20pm"
    assert (late in pages["raising_lead"], late in pages["officer"]) == (True, True)
    assert late not in pages["counterpart"]


def test_a_question_that_the_answer_overtook_is_said_to_need_none(cast: Cast) -> None:
    post(cast, "counterpart", "ask_question", what="Which day was it?")
    post(cast, "counterpart", "reply", **ANSWER)
    page = get(cast, "raiser", "reply").client.get(cast.challenge.get_absolute_url()).text
    assert "Social care asked you a question, then answered. You need not answer it any more." in page


def test_settling_asks_for_the_childs_record_only_where_there_is_one_child() -> None:
    cast = Cast()
    cast.raise_it(asked={cast.care: cast.people["counterpart"]}, no_single_child=True, our_pointer="")
    cast.take("counterpart", "reply", SENT, answer="differs", what="We see it so.")
    assert "own system" not in get(cast, "counterpart", "settle").content.decode()
    outcome = {name: answer for name, answer in OUTCOME.items() if name != "on_record"}
    assert post(cast, "counterpart", "settle", **outcome).status_code == 302
    assert now(cast).status == "settled"


def test_at_stage_2_only_the_raiser_is_offered_to_withdraw(cast: Cast, travel: Travel) -> None:
    travel(london(2027, 1, 12, 10))
    post(cast, "raiser", "escalate", still_asking=[cast.party(cast.care)])
    refused = get(cast, "raising_lead", "withdraw")
    assert refused.status_code == 422
    assert "Only the person who raised it can end it at this stage." in refused.content.decode()
    page = get(cast, "raiser", "withdraw").content.decode()
    assert "Only the person who raised it and the business unit see the reason." in page


def test_no_words_of_the_case_stand_in_a_title_or_an_address(cast: Cast) -> None:
    for step in ("reply", "add_note", "propose_hold", "who"):
        response = get(cast, "counterpart", step)
        title = response.content.decode().split("<title>")[1].split("</title>")[0]
        assert response.status_code == 200
        assert not any(words in title for words in ("Amara", "Tom", "HV-4471", cast.challenge.reference))
