"""A private word before it is sent: who may be asked, what they read, and that it stays the writer's."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from core.machine import Refused
from core.outbox.mail import compose
from core.outbox.models import Message
from escalation.accounts.models import User
from escalation.challenges.models import Draft, DraftWord, Event
from escalation.challenges.services import leads_to_ask, look_after_unsent, save_draft, show_draft
from tests.challenges.cast import Cast
from tests.factories import SENT, person, policy, setting
from tests.moments import london

pytestmark = pytest.mark.django_db
Travel = Callable[[datetime], None]
NOW = SENT + timedelta(hours=1)
WORRY = "nobody has rung the grandmother"


@pytest.fixture
def cast(travel: Travel) -> Cast:
    travel(NOW)
    policy()
    cast = Cast()
    cast.people["other_lead"] = person(
        "Grace Ward", lead=setting("Education Safeguarding", group="education")
    )
    return cast


@pytest.fixture
def draft(cast: Cast) -> Draft:
    words = {"worry": WORRY, "our_pointer": "OAK-4471", "asked_1": str(cast.care.uuid)}
    return save_draft(owner=cast.people["raiser"], words=words, now=SENT)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def show(cast: Cast, draft: Draft, who: str = "raising_lead") -> None:
    path = f"/raise/{draft.uuid}/lead/"
    answer = as_(cast.people["raiser"]).post(path, {"act": "show", "lead": cast.people[who].pk})
    assert answer.status_code == 302, answer.content.decode()


def test_ones_own_lead_stands_first_and_nobody_who_is_asked_by_it(cast: Cast, draft: Draft) -> None:
    person("Nadia Both", lead=[setting("Second School", group="education"), cast.care])
    names = [seat.user.full_name for seat in leads_to_ask(cast.people["raiser"], asked=[cast.care.uuid])]
    assert names == ["Priya Shah", "Grace Ward"]


def test_a_lead_reads_the_words_and_not_the_childs_number(cast: Cast, draft: Draft) -> None:
    lead = as_(cast.people["raising_lead"])
    assert lead.get(f"/drafts/{draft.uuid}/").status_code == 404
    show(cast, draft)
    page = lead.get(f"/drafts/{draft.uuid}/").content.decode()
    assert WORRY in page
    assert "OAK-4471" not in page
    assert "Read what Amara Cole has not sent yet" in lead.get("/challenges/").content.decode()


def test_nobody_else_reads_it_and_only_its_writer_opens_the_form(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    for who, user in cast.people.items():
        got = as_(user).get(f"/drafts/{draft.uuid}/").status_code
        assert got == (200 if who == "raising_lead" else 404), who
    lead = as_(cast.people["raising_lead"])
    for page in ("who", "worry", "child", "check", "lead"):
        assert lead.get(f"/raise/{draft.uuid}/{page}/").status_code == 404
        assert lead.post(f"/raise/{draft.uuid}/{page}/", {"act": "save"}).status_code == 404
    assert Draft.objects.get().words["worry"] == WORRY


def test_they_talk_and_each_hears_of_the_others_word(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    lead, writer = as_(cast.people["raising_lead"]), as_(cast.people["raiser"])
    assert lead.post(f"/drafts/{draft.uuid}/", {"words": ""}).status_code == 422
    assert lead.post(f"/drafts/{draft.uuid}/", {"words": "Say when you saw it."}).status_code == 302
    writers = f"/raise/{draft.uuid}/lead/"
    assert "Say when you saw it." in writer.get(writers).content.decode()
    assert writer.post(writers, {"act": "say", "words": "On Monday."}).status_code == 302
    assert "On Monday." in lead.get(f"/drafts/{draft.uuid}/").content.decode()
    told = [(m.to.full_name, m.kind) for m in Message.objects.select_related("to").order_by("created_at")]
    assert sorted(told) == [
        ("Amara Cole", "advice_answered"),
        ("Priya Shah", "advice"),
        ("Priya Shah", "advice"),
    ]


def test_taken_back_it_is_gone_for_the_lead_and_the_talk_stays(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    lead, writer = as_(cast.people["raising_lead"]), as_(cast.people["raiser"])
    lead.post(f"/drafts/{draft.uuid}/", {"words": "Say when you saw it."})
    writer.post(f"/raise/{draft.uuid}/lead/", {"act": "back"})
    assert lead.get(f"/drafts/{draft.uuid}/").status_code == 404
    assert lead.post(f"/drafts/{draft.uuid}/", {"words": "Again."}).status_code == 404
    assert "private word is asked" not in lead.get("/challenges/").content.decode()
    assert "Say when you saw it." in writer.get(f"/raise/{draft.uuid}/lead/").content.decode()


def test_shown_to_another_the_first_reads_it_no_more(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    show(cast, draft, "other_lead")
    assert as_(cast.people["raising_lead"]).get(f"/drafts/{draft.uuid}/").status_code == 404
    assert as_(cast.people["other_lead"]).get(f"/drafts/{draft.uuid}/").status_code == 200


@pytest.mark.parametrize("who", ["counterpart", "responding_lead", "raiser", "raising_senior", "unit"])
def test_nobody_who_is_no_lead_nearby_can_be_chosen(cast: Cast, draft: Draft, who: str) -> None:
    answer = as_(cast.people["raiser"]).post(
        f"/raise/{draft.uuid}/lead/", {"act": "show", "lead": cast.people[who].pk}
    )
    assert answer.status_code == 422
    with pytest.raises(Refused):
        show_draft(draft, cast.people[who], asked=[cast.care.uuid], path="/drafts/", now=NOW)
    assert Draft.objects.get().shown_to is None


def test_showing_reading_and_taking_back_leave_an_event(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    as_(cast.people["raising_lead"]).get(f"/drafts/{draft.uuid}/")
    as_(cast.people["raiser"]).post(f"/raise/{draft.uuid}/lead/", {"act": "back"})
    events = Event.objects.filter(object=str(draft.uuid)).order_by("seq")
    assert [event.act for event in events] == ["draft_shown", "draft_read", "draft_taken_back"]


def test_it_ends_with_the_draft(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    as_(cast.people["raising_lead"]).post(f"/drafts/{draft.uuid}/", {"words": "Say when."})
    look_after_unsent(now=SENT + timedelta(days=31))
    assert not Draft.objects.exists()
    assert not DraftWord.objects.exists()
    assert as_(cast.people["raising_lead"]).get(f"/drafts/{draft.uuid}/").status_code == 404


def test_at_fourteen_days_the_way_there_is_offered(cast: Cast, draft: Draft, travel: Travel) -> None:
    later = london(2027, 1, 7, 10)
    assert look_after_unsent(now=later)
    message = Message.objects.get()
    assert "ask your lead what they think" in compose(message).body
    travel(later)
    page = as_(cast.people["raiser"]).get(message.path).content.decode()
    assert "Send it to my lead?" in page
    assert f"/raise/{draft.uuid}/lead/" in page


def test_a_mail_says_nothing_of_it(cast: Cast, draft: Draft) -> None:
    show(cast, draft)
    mail = compose(Message.objects.get())
    for word in ("grandmother", "Amara", "Priya", "Oakfield"):
        assert word not in f"{mail.subject} {mail.body}"
