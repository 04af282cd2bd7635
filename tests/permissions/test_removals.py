"""Each guard taken away, one at a time: the matrix finds it. What nothing breaks proves nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from rest_framework.permissions import IsAuthenticated

from escalation.access.acting import Acting
from escalation.access.addresses import Address
from escalation.access.fields import FieldGroup
from escalation.access.permissions import Line
from escalation.access.standing import Standing, request_standing
from escalation.accounts import services as account_services
from escalation.accounts import views as accounts
from escalation.accounts.groups import SeatKind
from escalation.accounts.models import Organisation
from escalation.assurance import api as assurance_api
from escalation.assurance.models import (
    AssuranceRequest,
    AssuranceRequestQuerySet,
    DipSampleQuerySet,
    EvidencePackQuerySet,
)
from escalation.assurance.views import gate as assurance_gate
from escalation.assurance.views import packs
from escalation.assurance.views import pages as assurance_pages
from escalation.assurance.views import ratings as assurance_ratings
from escalation.assurance.views import samples as assurance_samples
from escalation.assurance.views import steps as assurance_steps
from escalation.challenges import api, case
from escalation.challenges.models import ChallengeQuerySet, Conflict
from escalation.challenges.queries import projecting
from escalation.challenges.services import stepping
from escalation.challenges.views import auditing, emergency, people, steps
from escalation.forums.models import SittingQuerySet, VignetteQuerySet
from escalation.forums.services import door as doors
from escalation.forums.services import planning as planning_services
from escalation.forums.services import promoting
from escalation.forums.services import topics as topic_services
from escalation.forums.views import door, pledges, promotion, topics
from escalation.forums.views import gate as forum_gate
from escalation.forums.views import planning as planning_forums
from escalation.joining.views import deciding
from escalation.lado.models import Conflict as LadoConflict
from escalation.lado.views import gate
from escalation.lado.views import people as lado_people
from escalation.learning.models import PointQuerySet
from escalation.learning.views import acts as learning_acts
from escalation.reporting.api import ReadsReports
from escalation.reporting.services import facts, planning
from escalation.reporting.views import plans, releases
from escalation.retelling import approving, promising
from escalation.signing_in.views import lost as lost_steps
from escalation.surveys.views import surveys as survey_views
from tests.permissions.asking import asking
from tests.permissions.test_matrix import differences
from tests.permissions.world import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
Patch = pytest.MonkeyPatch


def whoever_asks(request: HttpRequest) -> tuple[Any, Standing]:
    """As the business unit would be, but anybody."""
    return request.user, request_standing(request)


def without_signing_in(patch: Patch) -> None:
    middleware = [each for each in settings.MIDDLEWARE if "LoginRequired" not in each]
    patch.setattr(settings, "MIDDLEWARE", middleware)


REMOVALS: dict[str, tuple[str, str, Callable[[Patch], object]]] = {
    "who may know of a challenge": (
        "stage 1",
        "challenge",
        lambda patch: patch.setattr(ChallengeQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "a conflict of interest keeps out": (
        "conflict",
        "challenge",
        lambda patch: patch.setattr(Conflict, "of", lambda _: Conflict.objects.none().values("challenge")),
    ),
    "heads of service and the unit read from stage 3": (
        "stage 1",
        "challenge",
        lambda patch: patch.setattr(case, "SENIOR_FROM", 1),
    ),
    "a name that is withheld": (
        "withheld",
        "challenge",
        lambda patch: patch.setattr(case, "_on_raising_side", lambda *_: True),
    ),
    "the projection of fields": (
        "stage 1",
        "api challenge",
        lambda patch: patch.setattr(projecting, "fields_for", lambda *_, **__: frozenset(FieldGroup)),
    ),
    "who may take a step": (
        "stage 1",
        "api step",
        lambda patch: [patch.setattr(each, "check", lambda *_: None) for each in (stepping, steps, api)],
    ),
    "signing in": ("stage 1", "list", without_signing_in),
    "whoever has left is out": (
        "stage 1",
        "list",
        lambda patch: patch.setattr(ModelBackend, "user_can_authenticate", lambda *_: True),
    ),
    "the door of the LADO": (
        "stage 1",
        "lado list",
        lambda patch: patch.setattr(gate, "TEAM_KINDS", frozenset(SeatKind.values)),
    ),
    "a conflict of interest keeps out behind the wall": (
        "conflict",
        "lado record",
        lambda patch: patch.setattr(
            LadoConflict, "of", lambda _: LadoConflict.objects.none().values("referral")
        ),
    ),
    "who is kept out of a LADO record is for those who decide": (
        "stage 1",
        "lado people",
        lambda patch: patch.setattr(lado_people, "_deciders_only", lambda _: None),
    ),
    "the audit pages are the auditor's": (
        "stage 1",
        "audit",
        lambda patch: patch.setattr(auditing, "_auditors_only", lambda _: None),
    ),
    "who is in and out is the unit's to see": (
        "stage 1",
        "people",
        lambda patch: patch.setattr(people, "_for_the_unit", people._found),
    ),
    "who may open in an emergency": (
        "stage 1",
        "emergency",
        lambda patch: patch.setattr(emergency, "may_break_glass", lambda _: True),
    ),
    "releases are made by the unit": (
        "stage 1",
        "releases",
        lambda patch: patch.setattr(releases, "for_the_unit", lambda request: (request.user, None)),
    ),
    "true counts are the unit's to see": (
        "stage 1",
        "releases",
        lambda patch: patch.setattr(plans, "for_the_unit", whoever_asks),
    ),
    "plans and what is public elsewhere are the unit's": (
        "stage 1",
        "a release's steps",
        lambda patch: patch.setattr(plans, "for_the_unit", whoever_asks),
    ),
    "a second person is of the unit": (
        "stage 1",
        "a second person's word",
        lambda patch: [
            patch.setattr(plans, "for_the_unit", whoever_asks),
            *(patch.setattr(each, "unit_only", lambda _: None) for each in (planning, facts)),
        ],
    ),
    "a release is taken back by the unit": (
        "stage 1",
        "take a release back",
        lambda patch: patch.setattr(releases, "for_the_unit", whoever_asks),
    ),
    "who reads published pages signs in": ("stage 1", "published figures", without_signing_in),
    "who reads a quarter signs in": ("stage 1", "published figures of a quarter", without_signing_in),
    "who reads a quarter over the API signs in": (
        "stage 1",
        "published figures of a quarter",
        lambda patch: patch.setattr(IsAuthenticated, "has_permission", lambda *_: True),
    ),
    "keys of systems are the administrator's": (
        "stage 1",
        "keys of systems",
        lambda patch: patch.setattr(accounts, "is_administrator", lambda _: True),
    ),
    "giving a key is the administrator's": (
        "stage 1",
        "giving keys",
        lambda patch: (
            patch.setattr(accounts, "is_administrator", lambda _: True),
            patch.setattr(account_services, "check_administrator", lambda _: None),
        ),
    ),
    "who joins is a lead's to say, for their own service": (
        "stage 1",
        "deciding who joins",
        lambda patch: patch.setattr(deciding, "may_keep", lambda *_: True),
    ),
    "a forum is for whoever is invited": (
        "stage 1",
        "a forum",
        lambda patch: patch.setattr(SittingQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "the host's door": (
        "stage 1",
        "the door of a forum",
        lambda patch: [patch.setattr(each, "keeps_the_door", lambda *_: True) for each in (door, doors)],
    ),
    "a topic is its writer's and the unit's": (
        "stage 1",
        "a topic",
        lambda patch: patch.setattr(VignetteQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "forums are planned by the unit": (
        "stage 1",
        "planning forums",
        lambda patch: [
            *(patch.setattr(each, "unit", forum_gate.acting) for each in (planning_forums, topics, pledges)),
            *(
                patch.setattr(each, "unit_only", lambda _: None)
                for each in (planning_services, topic_services)
            ),
        ],
    ),
    "what came of a pledge is theirs to say": (
        "stage 1",
        "what came of a pledge",
        lambda patch: [patch.setattr(each, "may_end", lambda *_: True) for each in (pledges, promising)],
    ),
    "a learning point is its writer's and the unit's": (
        "stage 1",
        "a learning point",
        lambda patch: patch.setattr(PointQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "a sub-group is minuted by the unit": (
        "stage 1",
        "minuting a sub-group",
        lambda patch: [
            patch.setattr(PointQuerySet, "visible_to", lambda rows, _: rows.all()),
            patch.setattr(learning_acts, "unit", forum_gate.acting),
            patch.setattr(approving, "unit_only", lambda _: None),
        ],
    ),
    "what came of an action is theirs to say": (
        "stage 1",
        "what came of a learning action",
        lambda patch: [
            patch.setattr(each, "may_end", lambda *_: True) for each in (learning_acts, promising)
        ],
    ),
    "an organisation's word on the policy is its own": (
        "stage 1",
        "confirming a promotion",
        lambda patch: [
            patch.setattr(each, "confirms", lambda _: list(Organisation.objects.all()))
            for each in (promotion, promoting)
        ],
    ),
    "who has people may ask for their lost second step": (
        "stage 1",
        "lost second steps",
        lambda patch: patch.setattr(lost_steps, "may_ask", lambda _: True),
    ),
    "a second person decides on a lost second step": (
        "stage 1",
        "deciding on a lost second step",
        lambda patch: [
            patch.setattr(lost_steps, "may_decide_any", lambda _: True),
            patch.setattr(lost_steps, "may_decide", lambda *_: True),
        ],
    ),
    "totals are the unit's and its systems'": (
        "stage 1",
        "api totals",
        lambda patch: patch.setattr(ReadsReports, "has_permission", lambda *_: True),
    ),
    "a request is for whom it concerns": (
        "stage 1",
        "an assurance request",
        lambda patch: patch.setattr(AssuranceRequestQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "the organisation answers": (
        "stage 1",
        "answering an assurance request",
        lambda patch: patch.setattr(assurance_steps, "asked_of", assurance_gate.request_of),
    ),
    "the unit asks": (
        "stage 1",
        "asking for assurance",
        lambda patch: patch.setattr(assurance_pages, "unit", assurance_gate.acting),
    ),
    "the unit reviews": (
        "stage 1",
        "reviewing an assurance request",
        lambda patch: [
            patch.setattr(assurance_steps, "unit", assurance_gate.acting),
            patch.setattr(AssuranceRequest, "parts", lambda *_: frozenset({"unit", "organisation"})),
        ],
    ),
    "who has pages of assurance": (
        "stage 1",
        "assurance",
        lambda patch: patch.setattr(assurance_gate, "has_pages", lambda _: True),
    ),
    "a pack is the unit's until it is signed": (
        "stage 1",
        "an evidence pack",
        lambda patch: patch.setattr(EvidencePackQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "who reads packs": (
        "stage 1",
        "evidence packs",
        lambda patch: [patch.setattr(each, "reads_packs", lambda _: True) for each in (packs, assurance_api)],
    ),
    "a dip sample is its readers' and the unit's": (
        "stage 1",
        "a dip sample",
        lambda patch: patch.setattr(DipSampleQuerySet, "visible_to", lambda rows, _: rows.all()),
    ),
    "who reads answers": (
        "stage 1",
        "reading for a dip sample",
        lambda patch: patch.setattr(assurance_samples, "_reader_only", lambda found, _: found),
    ),
    "the unit draws": (
        "stage 1",
        "drawing a dip sample",
        lambda patch: patch.setattr(assurance_samples, "unit", assurance_gate.acting),
    ),
    "findings are for whoever reads packs": (
        "stage 1",
        "what dip samples found",
        lambda patch: patch.setattr(assurance_samples, "reads_packs", lambda _: True),
    ),
    "an organisation rates itself": (
        "stage 1",
        "rating one’s own organisation",
        lambda patch: patch.setattr(assurance_ratings, "answering_for", lambda _: Organisation.objects.all()),
    ),
    "surveys are opened by the unit": (
        "stage 1",
        "opening a staff survey",
        lambda patch: patch.setattr(Acting, "unit_alone", lambda by: by),
    ),
    "who has the page of surveys": (
        "stage 1",
        "staff surveys",
        lambda patch: patch.setattr(survey_views, "passes_on", lambda _: True),
    ),
    "the unit makes packs": (
        "stage 1",
        "making evidence packs",
        lambda patch: [
            patch.setattr(packs, "maker", packs.reader),
            patch.setattr(EvidencePackQuerySet, "visible_to", lambda rows, _: rows.all()),
        ],
    ),
}
"""What is taken away: where the matrix finds it (a situation and a rule), and how it is taken away."""


@pytest.mark.parametrize("what", REMOVALS)
def test_the_matrix_finds_that_it_is_gone(
    what: str, travel: Callable[[datetime], None], monkeypatch: Patch
) -> None:
    travel(NOW)
    situation, rule, take_away = REMOVALS[what]
    world = World(situation)

    def there(address: Address, _: Line) -> bool:
        return address.rule == rule

    assert differences(situation, asking(world), world, there) == []
    take_away(monkeypatch)
    assert differences(situation, asking(world), world, there) != []
