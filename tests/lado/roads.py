"""How a referral gets to where a test begins: through the one door, by the LADO."""

from datetime import timedelta
from typing import Any

from tests.lado.cast import AGENCY, EMPLOYER, TODAY, Team

SAID: dict[str, Any] = {"what": "Some words."}
SOON = TODAY + timedelta(days=3)
LATER = TODAY + timedelta(days=30)


def called(team: Team, **details: Any) -> Team:
    team.contact(**details)
    return team


def accepted(team: Team, **details: Any) -> Team:
    called(team, limbs=("harmed",), **details)
    team.take("lado", "accept", **SAID)
    return team


def evaluating(team: Team) -> Team:
    accepted(team)
    team.take("lado", "start_evaluation", **SAID)
    return team


def led_by_employer(team: Team) -> Team:
    evaluating(team)
    team.take("lado", "employer_leads", **SAID)
    return team


def planned(team: Team) -> Team:
    evaluating(team)
    team.take("lado", "plan_meeting", meets_on=SOON, section_47=False)
    return team


def met(team: Team) -> Team:
    planned(team)
    people = ["Hannah Lyle, LADO", "Bernadette Quarshie, Northfield Transport"]
    team.take("lado", "hold_meeting", held_on=TODAY, attendees=people, **SAID)
    return team


def with_strands(team: Team) -> Team:
    """Two employers, three strands, two allegations."""
    met(team)
    team.take("support", "add_employer", **EMPLOYER)
    team.take("support", "add_employer", **AGENCY)
    team.take("lado", "set_lead_employer", employer=team.row("employers"))
    team.take("lado", "add_allegation", nature="physical", what="Held an arm hard.")
    team.take("lado", "add_allegation", nature="conduct", what="Shouted.")
    team.take("lado", "add_strand", strand_kind="police")
    for number in (0, 1):
        team.take("lado", "add_strand", strand_kind="employment", employer=team.row("employers", number))
    team.take("lado", "open_strands")
    return team


def concluded(team: Team) -> Team:
    with_strands(team)
    for number in range(3):
        team.take("lado", "move_strand", strand=team.row("strands", number), strand_state="concluded", **SAID)
    return team


def decided(team: Team, outcome: str = "substantiated", *, removed: bool = True) -> Team:
    concluded(team)
    for number in (0, 1):
        allegation = team.row("allegations", number)
        team.take("lado", "record_outcome", allegation=allegation, outcome=outcome, reasons="Because.")
    team.take("lado", "determine", removed=removed)
    return team


def with_duties(team: Team, outcome: str = "substantiated", *, removed: bool = True) -> Team:
    decided(team, outcome, removed=removed)
    team.take("lado", "start_duties", **SAID)
    return team


def closed(team: Team) -> Team:
    with_duties(team)
    team.take("lado", "answer_dbs", dbs_answer="referred", dbs_on=TODAY)
    team.take(
        "lado", "answer_regulator", regulator="none", regulator_answer="not_required", reasons="A driver."
    )
    team.take("lado", "close")
    return team


def asked(team: Team) -> Team:
    accepted(team)
    team.take("support", "ask_referrer", what="Who saw it?")
    return team
