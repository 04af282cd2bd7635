"""Which step comes first, what mends what stands in the way, and what the card says to do next."""

from collections.abc import Callable

import pytest

from escalation.lado.facts import Facts
from escalation.lado.models import Referral
from escalation.lado.queries import View, view_referral
from escalation.lado.road import MENDED_BY, comes_first, hindrances
from escalation.lado.wording import ENDS_ASIDE, in_the_way, turn
from escalation.lado.workflow import ENDED, OPEN, STEP, STEPS, Status
from tests.lado import roads
from tests.lado.cast import AGENCY, EMPLOYER, NOW, Team

S = Status


@pytest.mark.parametrize(
    ("status", "step", "first"),
    [
        (S.CONTACT, "start_evaluation", ("accept",)),
        (S.ACCEPTED, "plan_meeting", ("start_evaluation",)),
        (S.ACCEPTED, "close", ("start_evaluation",)),
        (S.EVALUATION, "open_strands", ("employer_leads", "plan_meeting", "hold_meeting")),
        (S.MEETING_HELD, "hold_review", ("open_strands",)),
        (S.STRANDS_OPEN, "start_duties", ("determine",)),
        (S.STRANDS_CONCLUDED, "hold_review", ("add_strand", "move_strand")),
        (S.OUTCOME, "answer_dbs", ("start_duties",)),
        (S.CLOSED, "add_allegation", ("reopen",)),
        (S.STRANDS_OPEN, "accept", ()),
        (S.ACCEPTED, "reopen", ()),
    ],
)
def test_which_step_comes_first(status: str, step: str, first: tuple[str, ...]) -> None:
    assert comes_first(STEP[step], status) == first


@pytest.mark.parametrize("status", [s for s in OPEN if s not in STEP["determine"].source])
def test_from_anything_open_a_road_leads_to_the_outcome_or_it_is_past(status: str) -> None:
    assert bool(comes_first(STEP["determine"], status)) != (status in (S.OUTCOME, S.DUTIES))


def test_it_says_in_words_what_comes_first() -> None:
    def said(step: str, status: str) -> str:
        [hindrance] = hindrances(STEP[step], Facts(status=status))
        return hindrance.sentence

    assert said("plan_meeting", S.ACCEPTED) == (
        "This is “accepted”. “Start the initial evaluation” comes first."
    )
    assert said("accept", S.OUTCOME) == "This is “outcome determined”. It is too late for this step."
    assert said("reopen", S.ACCEPTED).endswith("It has not ended, so this can't be done now.")


def test_what_mends_a_guard_is_a_step_and_every_guard_of_the_road_is_mended() -> None:
    assert set().union(*MENDED_BY.values()) <= set(STEP)
    moving = {guard for step in STEPS if step.target is not None for guard in step.guards}
    assert moving <= MENDED_BY.keys()


@pytest.fixture
def team() -> Team:
    return Team()


def seen(team: Team, who: str = "lado") -> View:
    referral = Referral.objects.select_related("policy_version", "owner").get(pk=team.referral.pk)
    return view_referral(referral, team.standing(who), now=NOW)


@pytest.mark.django_db
def test_with_two_employers_the_card_asks_who_leads_and_never_to_end_it(team: Team) -> None:
    roads.met(team)
    team.take("support", "add_employer", **EMPLOYER)
    team.take("support", "add_employer", **AGENCY)
    team.take("lado", "add_strand", strand_kind="police")
    for whom in ("adult", "child"):
        team.take("lado", "welfare_contact", welfare_of=whom, what="HR is in touch.")
    card = turn(seen(team))
    assert card.button
    assert (card.heading, card.button.label) == ("Say which employer leads",) * 2
    assert [link.label for link in card.links] == ["Say that the LADO has no further role"]
    team.take("lado", "set_lead_employer", employer=team.row("employers"))
    card = turn(seen(team))
    assert card.button
    assert (card.heading, card.button.label) == ("Begin the strands",) * 2


WAYS: list[Callable[[Team], object]] = [
    roads.called,
    roads.accepted,
    roads.evaluating,
    roads.led_by_employer,
    roads.planned,
    roads.met,
    roads.with_strands,
    roads.concluded,
    roads.decided,
    roads.with_duties,
    roads.closed,
]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["lado", "support"])
def test_the_card_says_what_its_button_does(team: Team, way: Callable[[Team], object], who: str) -> None:
    """Its heading is the button's own words, or the clock that the button meets; the button ends nothing."""
    way(team)
    view = seen(team, who)
    card = turn(view)
    if view.referral.status in ENDED:
        assert card.button is None
        return
    if card.button is None:
        assert who == "support"
        return
    name = card.button.url.rstrip("/").rpartition("/")[2]
    assert name not in ENDS_ASIDE
    assert view.offers(name)
    if card.heading != card.button.label:
        assert name in view.case.policy.clock(view.referral.next_name).met_by


@pytest.mark.django_db
def test_a_step_that_comes_first_and_is_stopped_itself_links_to_what_mends_it(team: Team) -> None:
    roads.called(team)
    [(sentence, links)] = in_the_way(seen(team), STEP["plan_meeting"])
    assert sentence.endswith("“Accept it: the threshold is met” comes first.")
    assert [link.label for link in links] == ["Say which parts of the threshold it may meet"]


@pytest.mark.django_db
def test_all_that_hinders_the_closing_is_told_at_once(team: Team) -> None:
    roads.with_duties(team)
    team.take("lado", "move_strand", strand=team.row("strands"), strand_state="in_court", what="Charged.")
    team.take("support", "ask_head", who_disagrees="The school", what="They want another outcome.")
    found = hindrances(STEP["close"], seen(team).facts)
    assert [each.mended_by for each in found] == [
        ("move_strand",),
        ("answer_dbs",),
        ("answer_regulator",),
        ("head_answered",),
    ]
