"""Which challenges the demo holds: what waits today, and the last six quarters before it.

What waits is listed one by one, with the working day before today on which it began. The past is
drawn: plots by weight, stories in turn, settings at random, days evenly spread.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from escalation.policy.quarters import Quarter
from escalation.rulebook.models import PolicyVersion

from . import plots
from .people import SEED, Team
from .play import CLOSES, OPENS, Play, Plot, Stage, london
from .stories import Story, stories

QUARTERS = 6
HEALTH_VISITING = "Larkfield Health Visiting Team"
CHILDRENS_WARD = "Northway Hospital, Children's Ward"
TEAM_2 = "Children's Social Care, Family Safeguarding Team 2"
POLICE_SOUTH = "Police, Child Safeguarding Unit South"
RIVERWAY = "Riverway Community Mental Health Team for Children and Young People"
OAKFIELD = "Oakfield Primary School"
BUSY = {TEAM_2: 9, HEALTH_VISITING: 8, OAKFIELD: 6, POLICE_SOUTH: 5, CHILDRENS_WARD: 3}
"""Settings that ask and are asked more often than others, so that their people have a list to look at."""
PARTNERS_GROUPS = ("social_care", "police")


@dataclass(frozen=True)
class Scene:
    """A plot and whom to cast: how many are asked, how many support; the rest is drawn unless it is named.

    `ago`: the working days before today on which it begins, for one of the past at least so many.
    """

    plot: Plot
    ago: int = 0
    asked: int = 1
    supporting: int = 0
    named: bool = True
    to_partners: bool = False
    story: int | None = None
    settings: tuple[str, ...] = ()


NOW = (
    # The first two are those of the design: one is overdue since yesterday, one waits for two of three.
    Scene(plots.silent, 3, story=0, settings=(HEALTH_VISITING, TEAM_2)),
    Scene(plots.one_of_three, 1, asked=3, story=1, settings=(CHILDRENS_WARD, TEAM_2, POLICE_SOUTH, RIVERWAY)),
    # At the first stage: overdue, due today, due later.
    Scene(plots.silent, 4),
    Scene(plots.unmatched, 5),
    Scene(plots.silent, 2, settings=(OAKFIELD, TEAM_2), story=2),
    Scene(plots.silent, 2),
    Scene(plots.unmatched, 2, named=False),
    Scene(plots.silent, 1, asked=2),
    Scene(plots.silent, 1, supporting=1),
    Scene(plots.unmatched, 1, named=False),
    Scene(plots.needed_today, 1),
    Scene(plots.needed_tomorrow, 1),
    Scene(plots.fast_silent, 1),
    Scene(plots.question_waits, 2),
    Scene(plots.question_waits, 3),
    # Answered, and the raiser's turn: due tomorrow, due today, overdue.
    Scene(plots.answered_differently, 2, settings=(HEALTH_VISITING, TEAM_2), story=8),
    Scene(plots.answered_differently, 3),
    Scene(plots.answered_differently, 4),
    # Among leads.
    Scene(plots.leads_silent, 3 + 3, settings=(OAKFIELD, TEAM_2), story=14),
    Scene(plots.leads_silent, 3 + 2, asked=2),
    Scene(plots.leads_silent, 3 + 1),
    Scene(plots.fast_leads_silent, 1),
    Scene(plots.return_proposed, 3 + 1),
    # Among heads of service, with a form to check.
    Scene(plots.heads_wait, 4 + 3),
    Scene(plots.heads_wait, 4 + 2),
    Scene(plots.heads_wait, 4 + 1, settings=(HEALTH_VISITING, TEAM_2), story=15),
    # With the panel: to arrange, late, arranged, to answer, answered.
    Scene(plots.panel_waits, 6 + 2),
    Scene(plots.panel_waits, 6 + 6),
    Scene(plots.panel_arranged, 9 + 1, asked=2),
    Scene(plots.panel_answered_by_one, 14 + 1, asked=2),
    Scene(plots.panel_recommends, 13 + 6),
    Scene(plots.panel_answered_in_part, 15 + 1),
    # With the partners: to decide, late, decided.
    Scene(plots.partners_wait, 16 + 3, to_partners=True),
    Scene(plots.partners_wait, 16 + 11, to_partners=True),
    Scene(plots.partners_decided, 22 + 1, to_partners=True),
    # Settled, waiting for the raiser or the lead; closed without a word.
    Scene(plots.nobody_confirms, 2, settings=(HEALTH_VISITING, TEAM_2), story=12),
    Scene(plots.nobody_confirms, 1 + 5),
    Scene(plots.nobody_confirms, 1 + 7),
    Scene(plots.nobody_confirms, 1 + 13),
    # Paused, or a pause or a transfer is proposed.
    Scene(plots.paused, 3, settings=(OAKFIELD, TEAM_2), story=20),
    Scene(plots.paused, 2),
    Scene(plots.police_pause, 4),
    Scene(plots.pause_proposed, 2),
    Scene(plots.transfer_offered, 2),
    # For the business unit: a call to offer, a withdrawal to acknowledge.
    Scene(plots.withdrawn_under_pressure, 2),
    Scene(plots.withdrawn_from_heads, 5 + 1),
    # Closed with an action open: due today, missed, later.
    Scene(plots.action_left_open, 2 + 5),
    Scene(plots.action_left_open, 2 + 9),
    Scene(plots.action_for_later, 2 + 6, settings=(HEALTH_VISITING, TEAM_2), story=16),
    # Ended last week.
    Scene(plots.acted, 7),
    Scene(plots.transferred, 6),
    Scene(plots.voided, 5),
)

KEPT = frozenset(scene.story for scene in NOW if scene.story is not None)
"""Stories that are told once among what waits."""

PAST: tuple[tuple[int, Scene], ...] = (
    (12, Scene(plots.acted)),
    (7, Scene(plots.acted_with_an_action)),
    (7, Scene(plots.explained)),
    (5, Scene(plots.asked_first)),
    (5, Scene(plots.leads_after_silence)),
    (5, Scene(plots.leads_after_difference)),
    (4, Scene(plots.several_one_silent, asked=3)),
    (3, Scene(plots.supported, supporting=2)),
    (3, Scene(plots.needed_sooner)),
    (3, Scene(plots.fast)),
    (2, Scene(plots.fast_among_leads)),
    (3, Scene(plots.given_to_a_worker, named=False)),
    (2, Scene(plots.noted_and_corrected)),
    (2, Scene(plots.not_settled_at_once)),
    (3, Scene(plots.nobody_confirms)),
    (2, Scene(plots.lead_confirms)),
    (2, Scene(plots.leads_agree_to_differ)),
    (2, Scene(plots.lead_says_no)),
    (2, Scene(plots.returned_once)),
    (3, Scene(plots.heads_act)),
    (3, Scene(plots.heads_after_silence)),
    (2, Scene(plots.panel_accepted)),
    (2, Scene(plots.panel_in_part_closed, asked=2)),
    (1, Scene(plots.partners_closed, to_partners=True)),
    (2, Scene(plots.paused_then_acted)),
    (1, Scene(plots.pause_ended_early)),
    (1, Scene(plots.pause_declined)),
    (1, Scene(plots.police_pause_renewed)),
    (4, Scene(plots.withdrawn)),
    (1, Scene(plots.withdrawn_and_called)),
    (1, Scene(plots.withdrawn_from_heads_acknowledged)),
    (2, Scene(plots.transferred)),
    (1, Scene(plots.transfer_taken_back)),
    (2, Scene(plots.voided)),
    (1, Scene(plots.raised_twice)),
    (2, Scene(plots.reopened)),
    (1, Scene(plots.came_back, 90)),
)
"""How often each plot comes among a hundred or so of the past."""


def all_plays(stage: Stage, challenges: int) -> list[Play]:
    """What waits today, then as much of the past as makes so many; a plot or two make one more."""
    casting = _Casting(stage)
    now = [(scene, stage.days.after(stage.today, -scene.ago)) for scene in NOW]
    past = _past(stage, challenges - len(NOW))
    return [casting.cast(scene, day) for scene, day in [*now, *past][:challenges]]


def _past(stage: Stage, count: int) -> Iterator[tuple[Scene, date]]:
    """Plots in a mixed order, evenly over the days; a little more often towards today."""
    if count <= 0:
        return
    scenes = [scene for weight, scene in PAST for _ in range(weight)]
    # Not for secrets: the same order each time is the point.
    random.Random(SEED).shuffle(scenes)  # noqa: S311
    days = stage.days.between(first_day(stage.today), stage.days.after(stage.today, -1))
    for number in range(count):
        place = ((number + 0.5) / count) ** 0.85
        scene = scenes[number % len(scenes)]
        yield scene, min(days[int(place * len(days))], stage.days.after(stage.today, -scene.ago))


def first_day(today: date) -> date:
    """The first day of the oldest of the six quarters, or of the oldest policy where that is later."""
    quarter = Quarter.of(today)
    for _ in range(QUARTERS - 1):
        quarter = quarter.previous
    oldest = PolicyVersion.objects.order_by("start").values_list("start", flat=True).first()
    return max(quarter.start, oldest or quarter.start)


class _Casting:
    """Draws who asks whom, so that no two organisations of a challenge are the same."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.number = 0
        self.told = 0

    def cast(self, scene: Scene, day: date) -> Play:
        self.number += 1
        rng = random.Random(f"{SEED}/{self.number}")  # noqa: S311  # not for secrets either
        story = self._story(scene)
        if scene.settings:
            teams = [self.stage.partnership.teams[name] for name in scene.settings]
        else:
            teams = self._teams(scene, story, rng)
        minutes = rng.randrange(OPENS, CLOSES - 60, 5)
        return Play(
            stage=self.stage,
            plot=scene.plot,
            story=story,
            asking=teams[0],
            asked=teams[1 : 1 + scene.asked],
            supporting=teams[1 + scene.asked :],
            now=london(day, time(minutes // 60, minutes % 60)),
            rng=rng,
            named=scene.named,
            colleague=0 if scene.settings else rng.randrange(2),
        )

    def _story(self, scene: Scene) -> Story:
        if scene.story is not None:
            return stories()[scene.story]
        kept = KEPT if scene in NOW else frozenset()
        told = [story for number, story in enumerate(stories()) if number not in kept]
        while True:
            story = told[self.told % len(told)]
            self.told += 11  # a stride prime to both lengths: neighbours differ, and all have their turn
            if not scene.to_partners or story.asked in PARTNERS_GROUPS:
                return story

    def _teams(self, scene: Scene, story: Story, rng: random.Random) -> list[Team]:
        more = scene.asked + scene.supporting - 1
        groups = [story.asks, story.asked, story.also, "health", "education"][: 2 + more]
        teams: list[Team] = []
        for group in groups:
            teams.append(self._draw(group, teams, rng))
        return teams

    def _draw(self, group: str, taken: list[Team], rng: random.Random) -> Team:
        organisations = {team.setting.organisation_id for team in taken}
        others = [
            team
            for team in self.stage.partnership.teams.values()
            if team.setting.organisation_id not in organisations
        ]
        free = [team for team in others if team.setting.group == group] or others
        return rng.choices(free, [BUSY.get(team.setting.name, 1) for team in free])[0]
