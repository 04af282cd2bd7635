"""How fictional challenges go: each plot is one way through the step table, in working days.

Some end with a last exit, some leave off and wait. Where a plot stands when the demo's day begins
depends on when it started; scenes.py says that.
"""

from collections.abc import Generator
from datetime import datetime, time, timedelta
from typing import Any

from escalation.policy.words import long

from .play import Play, london

Moments = Generator[datetime]
BY_DIFFERENCE, BY_SILENCE = "difference", "silence"


# Beginnings


def begin(p: Play, **details: Any) -> Moments:
    """Raised, and the same day all agree which child it is."""
    p.raises(**details)
    for number in range(len(p.asked)):
        yield p.in_days(0)
        p.match(number)


def climb(p: Play, *ways: str) -> Moments:
    """Up a stage by each way: 2 days where the other side differs, 3 where it is silent."""
    yield from begin(p)
    for way in ways:
        if way == BY_DIFFERENCE:
            yield p.in_days(1)
            for number in range(len(p.asked)):
                p.reply("differs", number)
            yield p.in_days(1)
        else:
            yield p.in_days(3)
        if p.challenge.stage > 1 and p.challenge.form_completed_at is None:
            p.complete_form()
            yield p.in_days(0)
        p.escalate(p.us if p.challenge.stage > 2 else None)


def call(p: Play) -> dict[str, Any]:
    """The fast track, with the phone call that it needs."""
    return {"fast": True, "call": {"who": p.say("spoke_to"), "when": long(p.now)}}


def close(p: Play, outcome: str = "decision_changed", impact: str = "plan_improved", **more: Any) -> Moments:
    """Settled, confirmed the next day, and coded by most leads."""
    yield p.in_days(1)
    p.settle(outcome, impact, **more)
    yield p.in_days(1)
    p.confirm()
    p.code()


def act(p: Play, outcome: str = "decision_changed", impact: str = "plan_improved", **more: Any) -> Moments:
    """The next day: "we have acted"; then it closes."""
    yield p.in_days(1)
    p.reply("acted")
    yield from close(p, outcome, impact, **more)


# At the first stage


def acted(p: Play) -> Moments:
    yield from begin(p)
    yield from act(p, impact=p.rng.choice(["plan_improved", "safer_sooner"]))
    p.take("put_on_record", p.raiser, on_record=p.today)


def acted_with_an_action(p: Play) -> Moments:
    yield from begin(p)
    yield from act(p, action_in=10)
    yield p.in_days(7)
    p.finish_action()


def action_left_open(p: Play) -> Moments:
    """Due five working days after it was settled, which is two after it was raised."""
    yield from begin(p)
    yield from act(p, "partly_changed", action_in=5)


def action_for_later(p: Play) -> Moments:
    yield from begin(p)
    yield from act(p, action_in=25)


def explained(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    p.reply("differs")
    yield from close(p, "decision_stays", p.rng.choice(["no_change_needed", "no_change_or_adverse"]))


def asked_first(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(0)
    p.take("ask_question", p.them(), what=p.story.question)
    yield p.in_days(1)
    p.take("answer_question", p.raiser, what=p.story.told)
    yield from act(p, "new_information", "safer_sooner")


def given_to_a_worker(p: Play) -> Moments:
    """Nobody was asked by name; the lead gives it to somebody."""
    p.raises()
    yield p.in_days(0)
    worker = p.asked[0].practitioners[0]
    p.take("allocate", p.their_lead(), person=worker.pk)
    p.named = True
    yield p.in_days(0)
    p.match()
    yield from act(p)


def noted_and_corrected(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(0)
    p.take("add_note", p.raiser, what=p.say("note"), audience="all_parties", method="call")
    yield p.in_days(1)
    entry = p.challenge.entries.filter(step="add_note").get()
    p.take("correct", p.raiser, corrects=entry.pk, what=p.say("correction"))
    yield from act(p)


def not_settled_at_once(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    p.reply("acted")
    yield p.in_days(0)
    p.settle("decision_changed")
    yield p.in_days(2)
    p.take("not_settled", p.raiser, what=p.say("not_settled"))
    yield from close(p, "partly_changed")


def nobody_confirms(p: Play) -> Moments:
    """The sweep closes it, ten working days after it was settled."""
    yield from begin(p)
    yield p.in_days(1)
    p.reply("acted")
    yield p.in_days(0)
    p.settle("decision_changed", "unknown")


def lead_confirms(p: Play) -> Moments:
    yield from nobody_confirms(p)
    yield p.in_days(7)
    p.take("confirm_settled", p.our_lead)


def supported(p: Play) -> Moments:
    yield from acted(p)
    yield from look_back(p)


LEARNT = {"learning_themes": ["timeliness", "multi_agency_working"], "sent_to": "qa_sub_group"}


def look_back(p: Play) -> Moments:
    """Both sides say how it went, and a lead what can be learnt; three months later the raiser says how they
    were treated since."""
    yield p.in_days(1)
    p.take("thank", p.their_lead(), note=p.say("thanks"))
    p.take("suggest_learning", p.raiser, learning_themes=LEARNT["learning_themes"])
    p.take("say_learning", p.their_lead(), **LEARNT)
    p.take("give_pulse", p.raiser, respected=4, felt_heard=5)
    p.take("give_pulse", p.them(), respected=5, felt_heard=4)
    yield p.in_days(70)
    p.take("say_treated", p.raiser, treated_worse=False)


def needed_sooner(p: Play) -> Moments:
    yield from needed_in(p, days=1)
    yield p.in_days(0)
    p.reply("acted")
    yield from close(p, impact="safer_sooner")


def needed_in(p: Play, *, days: int) -> Moments:
    moment = london(p.day(days), time(15 if days == 1 else 10))
    yield from begin(p, needed_by=moment, words={"needed_why": p.say("needed")})


def fast(p: Play) -> Moments:
    yield from begin(p, **call(p))
    yield p.now + timedelta(minutes=50)
    p.reply("acted")
    yield from close(p, impact="safer_sooner")


def fast_among_leads(p: Play) -> Moments:
    """The child cannot wait, so it begins with the leads."""
    yield from begin(p, start_stage=2, skip_reason="child_cannot_wait", **call(p))
    yield p.now + timedelta(hours=2)
    p.reply("acted")
    yield from close(p, impact="safer_sooner")


# With the leads


def leads_after_silence(p: Play) -> Moments:
    yield from climb(p, BY_SILENCE)
    yield from act(p, "partly_changed")


def leads_after_difference(p: Play) -> Moments:
    yield from climb(p, BY_DIFFERENCE)
    yield from act(p, action_in=8)
    yield p.in_days(9)
    p.finish_action()


def leads_agree_to_differ(p: Play) -> Moments:
    yield from climb(p, BY_DIFFERENCE)
    yield p.in_days(1)
    p.reply("differs")
    yield from close(p, "agreed_difference", "too_early")
    yield p.in_days(17)
    p.finish_action()


def several_one_silent(p: Play) -> Moments:
    """The first acts; the others are silent, so that their leads are asked, and theirs alone."""
    yield from begin(p)
    yield p.in_days(1)
    p.reply("acted")
    yield p.in_days(2)
    p.escalate()
    yield p.in_days(1)
    for number in range(1, len(p.asked)):
        p.reply("acted", number)
    yield from close(p, by=p.them(1), action_in=0)


def returned_once(p: Play) -> Moments:
    yield from return_proposed(p)
    yield p.in_days(0)
    p.take("agree_return", p.them())
    yield from act(p)


def return_proposed(p: Play) -> Moments:
    yield from climb(p, BY_SILENCE)
    yield p.in_days(0)
    p.take("propose_return", p.us, to_earlier_stage=1, what=p.say("return_first"))


def lead_says_no(p: Play) -> Moments:
    yield from climb(p, BY_DIFFERENCE)
    yield p.in_days(1)
    p.reply("differs")
    yield p.in_days(0)
    p.take("ask_own_lead", p.raiser, what=p.say("ask_lead"))
    yield p.in_days(0)
    p.take("decline_to_move_up", p.our_lead, what=p.say("lead_no"))
    yield from close(p, "decision_stays", "no_change_needed")


# With heads of service


def heads_act(p: Play) -> Moments:
    yield from heads_wait(p)
    yield p.in_days(1)
    p.take("check_form", p.stage.unit)
    yield from act(p, "new_information")


def heads_after_silence(p: Play) -> Moments:
    yield from climb(p, BY_SILENCE, BY_SILENCE)
    yield p.in_days(0)
    p.take("send_form_back", p.stage.unit, what=p.say("form_missing"))
    yield p.in_days(0)
    p.complete_form()
    yield p.in_days(0)
    p.take("check_form", p.stage.unit)
    yield from act(p, "partly_changed", action_in=10)
    yield p.in_days(8)
    p.finish_action()


def heads_wait(p: Play) -> Moments:
    """With heads of service after four working days; the form is not checked yet."""
    yield from climb(p, BY_DIFFERENCE, BY_DIFFERENCE)


# With the panel, and after it


def panel_waits(p: Play) -> Moments:
    """With the panel after six working days."""
    yield from climb(p, BY_DIFFERENCE, BY_DIFFERENCE, BY_DIFFERENCE)


def panel_arranged(p: Play) -> Moments:
    """Three working days later."""
    yield from panel_waits(p)
    yield p.in_days(3)
    p.take("convene", p.stage.unit, chair=p.say("chair"), meets_on=p.day(4))


def panel_recommends(p: Play) -> Moments:
    """Four working days later: thirteen after it was raised."""
    yield from panel_arranged(p)
    yield p.in_days(4)
    p.take("recommend", p.stage.unit, what=p.say("recommend"), reasons=p.say("panel_reasons"))


def panel_answered_by_one(p: Play) -> Moments:
    yield from panel_recommends(p)
    yield p.in_days(1)
    answer_panel(p, "accepted", 0)


def panel_answered_in_part(p: Play) -> Moments:
    yield from panel_recommends(p)
    yield p.in_days(2)
    answer_panel(p, "in_part", *range(len(p.asked)))


def panel_accepted(p: Play) -> Moments:
    yield from panel_recommends(p)
    yield p.in_days(2)
    answer_panel(p, "accepted", *range(len(p.asked)))
    yield from close(p, "recommendation_accepted", "safer_sooner", action_in=10)
    yield p.in_days(8)
    p.finish_action()


def panel_in_part_closed(p: Play) -> Moments:
    yield from panel_answered_in_part(p)
    yield from close(p, "recommendation_in_part", action_in=12)
    yield p.in_days(14)
    p.finish_action()


def partners_wait(p: Play) -> Moments:
    """The panel's advice was not accepted; with the partners sixteen working days after it was raised."""
    yield from panel_recommends(p)
    yield p.in_days(2)
    answer_panel(p, "not_accepted", *range(len(p.asked)))
    yield p.in_days(1)
    p.escalate(p.us)


def partners_decided(p: Play) -> Moments:
    yield from partners_wait(p)
    yield p.in_days(6)
    p.take("decide", p.partner(), what=p.say("decision"), reasons=p.say("decision_reasons"))


def partners_closed(p: Play) -> Moments:
    yield from partners_decided(p)
    yield from close(p, "agreed_difference", "too_early", by=p.partner())
    yield p.in_days(18)
    p.finish_action()


def answer_panel(p: Play, answer: str, *numbers: int) -> None:
    for number in numbers:
        said = {"recommendation_answer": answer, "reasons": p.say(answer)}
        p.take("answer_recommendation", p.them(number), **said)


# Pauses


def pause_proposed(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    words = {"what": p.say("hold"), "safe_meanwhile": p.say("safe")}
    p.take("propose_hold", p.them(), hold_until=p.day(5), **words)


def paused(p: Play) -> Moments:
    """On hold from the first working day to the sixth, when it ends by itself."""
    yield from pause_proposed(p)
    yield p.in_days(0)
    p.take("agree_hold", p.us)


def paused_then_acted(p: Play) -> Moments:
    yield from paused(p)
    yield p.in_days(5)
    yield from act(p)


def pause_ended_early(p: Play) -> Moments:
    yield from paused(p)
    yield p.in_days(2)
    p.take("end_hold", p.us, what=p.say("hold_ends"))
    yield from act(p)


def pause_declined(p: Play) -> Moments:
    yield from pause_proposed(p)
    yield p.in_days(0)
    p.take("decline_proposal", p.us, what=p.say("hold_no"))
    yield from act(p)


def police_pause(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    words = {"what": p.say("police_hold"), "safe_meanwhile": p.say("safe")}
    p.take("set_hold", p.stage.unit, hold_reason="police_request", hold_until=p.day(8), **words)


def police_pause_renewed(p: Play) -> Moments:
    yield from police_pause(p)
    yield p.in_days(9)
    words = {"what": p.say("renewal"), "safe_meanwhile": p.say("safe")}
    p.take("set_hold", p.stage.unit, hold_reason="renewal", hold_until=p.day(6), **words)
    yield p.in_days(4)
    p.take("end_hold", p.stage.unit, what=p.say("hold_ends"))
    yield from act(p)


# Other ways out, and back


def withdrawn(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    reason = p.rng.choice(["settled_elsewhere", "new_information", "not_needed", "other"])
    note = {"note": text} if (text := p.say("withdrawn")) else {}
    p.take("withdraw", p.raiser, withdrawal_reason=reason, **note)


def withdrawn_under_pressure(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    p.take("withdraw", p.raiser, withdrawal_reason="under_pressure")


def withdrawn_and_called(p: Play) -> Moments:
    yield from withdrawn_under_pressure(p)
    yield p.in_days(1)
    called = {"spoke_to": p.raiser.job_title, "called_at": p.now, "note": p.say("pressure_call")}
    p.take("offer_call", p.stage.unit, **called)


def withdrawn_from_heads(p: Play) -> Moments:
    yield from heads_wait(p)
    yield p.in_days(1)
    p.take("withdraw", p.raiser, withdrawal_reason="settled_elsewhere")


def withdrawn_from_heads_acknowledged(p: Play) -> Moments:
    yield from withdrawn_from_heads(p)
    yield p.in_days(1)
    p.take("acknowledge_withdrawal", p.stage.unit)


def transfer_offered(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    p.take("offer_transfer", p.us, to_area="a neighbouring borough", what=p.say("transfer"))


def transferred(p: Play) -> Moments:
    yield from transfer_offered(p)
    yield p.in_days(2)
    p.take("accept_transfer", p.stage.unit, spoke_to="their business manager", called_at=p.now)


def transfer_taken_back(p: Play) -> Moments:
    yield from transfer_offered(p)
    yield p.in_days(0)
    p.take("cancel_transfer", p.us, what=p.say("back_again"))
    yield from act(p)


def voided(p: Play) -> Moments:
    """A lead ends early only what they raised themselves."""
    p.raises(by=p.our_lead)
    yield p.in_days(0)
    p.take("void", p.our_lead, void_reason="wrong_child", note=p.say("voided"))


def raised_twice(p: Play) -> Moments:
    """A worker raised it already: what their lead raised points to the first."""
    yield from begin(p)
    yield p.in_days(0)
    second = p.twin()
    second.raises(by=p.our_lead)
    second.now = second.in_days(0)
    yield second.now
    first = p.challenge.reference
    second.take("mark_duplicate", p.our_lead, first_reference=first, note=p.say("duplicate"))
    yield from act(p)


def reopened(p: Play) -> Moments:
    yield from begin(p)
    yield from act(p, action_in=5)
    yield p.in_days(10)
    p.take("reopen", p.raiser, what=p.say("reopened"))
    yield from act(p, "partly_changed")


def came_back(p: Play) -> Moments:
    """Too late to reopen: a new challenge that points back."""
    yield from begin(p)
    yield from act(p)
    yield p.in_days(70)
    second = p.twin()
    second.raises(recurrence_of=p.challenge, words={"worry": f"{p.say('again')} {p.story.worry}"})
    second.now = second.in_days(0)
    yield second.now
    second.match()
    second.now = second.in_days(1)
    yield second.now
    second.reply("acted")
    for moment in close(second):
        second.now = moment
        yield moment


# What waits


def unmatched(p: Play) -> Moments:
    p.raises()
    yield from ()


def silent(p: Play) -> Moments:
    yield from begin(p)


def leads_silent(p: Play) -> Moments:
    """With the leads after three working days."""
    yield from climb(p, BY_SILENCE)


def question_waits(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    p.take("ask_question", p.them(), what=p.story.question)


def answered_differently(p: Play) -> Moments:
    yield from begin(p)
    yield p.in_days(1)
    p.reply("differs")


def one_of_three(p: Play) -> Moments:
    """One answers the same day; needed before a conference."""
    yield from needed_in(p, days=2)
    yield p.in_days(0)
    p.reply("differs")


def fast_silent(p: Play) -> Moments:
    yield from begin(p, **call(p))


def fast_leads_silent(p: Play) -> Moments:
    yield from begin(p, start_stage=2, skip_reason="child_cannot_wait", **call(p))


def needed_today(p: Play) -> Moments:
    yield from needed_in(p, days=1)


def needed_tomorrow(p: Play) -> Moments:
    yield from needed_in(p, days=2)
