"""Challenges for programs that act for a person: exactly what that person may see and do on the pages.

A system's own key (a seat of kind "service" and no other) reads reports only: here it is told so, 403,
whatever it asks for, so that nothing can be learned from the answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.conditions import (
    IF_MATCH,
    IF_NONE_MATCH,
    PreconditionFailed,
    PreconditionRequired,
    entity_tag,
    is_unchanged,
    tags_seen,
    version_in,
)
from core.api.idempotency import (
    KEY,
    KEY_SHAPE,
    MISSING,
    NO_UUID,
    OTHER_WORDS,
    UsedMeanwhile,
    key_sent,
    once,
    used_before,
)
from core.api.pagination import Pages
from core.api.problems import Conflict, Unprocessable
from core.api.schema import problems
from core.audit.channel import Channel
from core.machine import Moved, NotPermitted, Refused, Step
from core.web.numbered import request_id
from escalation.access.standing import Standing, request_standing
from escalation.accounts.authentication import KeyOpens
from escalation.accounts.models import User
from escalation.accounts.scopes import Scope
from escalation.challenges import api_examples
from escalation.challenges.facts import Facts
from escalation.challenges.filters import WorkFilter
from escalation.challenges.from_json import choices_of_step, new_challenge, step_answers
from escalation.challenges.models import Challenge
from escalation.challenges.queries import CaseView, find, view_case
from escalation.challenges.rows import row
from escalation.challenges.serializers import (
    CaseSerializer,
    RaiseSerializer,
    RowPageSerializer,
    RowSerializer,
    SettingSerializer,
    StepSerializer,
    case_url,
)
from escalation.challenges.services import check, note_reading, raise_challenge, take_step
from escalation.challenges.workflow import STEP, Status
from escalation.challenges.worklist import (
    SHOWS,
    Words,
    annotated,
    days,
    ordered,
    policies_in_use,
    settings_of,
)
from escalation.directory.queries import all_settings
from escalation.rulebook.queries import current_policy

SHOWN = "any"
"""What a program gets that does not say what to show; the pages show what is open."""


class ActsForPerson(BasePermission):
    """People with a seat of their own, or none; not systems."""

    message = "This key is a system's. It reads reports, and no challenges."

    def has_permission(self, request: Request, view: APIView) -> bool:
        standing = request_standing(request)
        return standing.roles != {"service"} or bool(standing.settings)


class CaseAPI(APIView):
    """What the views of challenges share: who asks, and what of the log they may see."""

    permission_classes = [IsAuthenticated, ActsForPerson, KeyOpens]

    @property
    def standing(self) -> Standing:
        return request_standing(self.request)

    @property
    def user(self) -> User:
        """Who is signed in; IsAuthenticated has made sure that somebody is."""
        if not isinstance(self.request.user, User):
            raise Http404
        return self.request.user

    def find(self, uuid: UUID) -> Challenge:
        """404 for what is hidden as for what is not there."""
        try:
            return find(uuid, self.standing)
        except Challenge.DoesNotExist:
            raise Http404 from None

    def read(self, challenge: Challenge) -> CaseView:
        return view_case(challenge, self.standing, now=timezone.now())

    def log_reading(self, view: CaseView) -> None:
        """Before the answer that shows it."""
        note_reading(view, by=self.user, request_id=request_id(self.request), channel=Channel.API)

    def told(self, challenge: Challenge, status: int = 200) -> Response:
        """The whole challenge as this person may read it after what they did; its address and its tag."""
        view = self.read(self.find(challenge.uuid))
        shown = as_json(view)
        headers = {"ETag": entity_tag(view.version, shown), "Content-Location": case_url(view)}
        self.log_reading(view)
        return Response(shown, status=status, headers=headers)


def as_json(view: CaseView) -> Any:
    asked = {step.name: choices_of_step(step, view) for step in view.steps}
    return CaseSerializer(view, context={"view": view, "asked": asked}).data


FROM_1 = {"type": "integer", "minimum": 1}
TEXT = {"type": "string", "minLength": 1}


def _filters() -> list[OpenApiParameter]:
    """The same as on the page, and `status`; days are told as a program writes them."""
    return [
        _filter("show", "What to show; any if not given."),
        OpenApiParameter("status", str, enum=Status.values, description="Only this status."),
        OpenApiParameter("stage", FROM_1, description="Only at this stage, by its number."),
        OpenApiParameter("setting", UUID, description="Only where this setting has a place."),
        OpenApiParameter(
            "about",
            TEXT,
            description="`about:` and what the raiser chose, or `issue:` and what a lead made of it, such as "
            "about:plan_not_moving.",
        ),
        _filter("side", "Only what your side raised, or was asked. Not for those without a side."),
        _filter("fast", "Only on the fast track, or only not."),
        _filter("need", "Only those in which this is needed. For the business unit alone."),
        OpenApiParameter("due_from", date, description="Due on this day in London, or later."),
        OpenApiParameter("due_by", date, description="Due on this day in London, or sooner."),
        OpenApiParameter("reference", TEXT, description="A reference, or how it begins: K7M."),
        _filter("sort", "The order; due if not given."),
        OpenApiParameter("page", FROM_1, description="From 1; 25 on each."),
    ]


def _filter(name: str, words: str) -> OpenApiParameter:
    choices = WorkFilter.base_filters[name].extra["choices"]
    return OpenApiParameter(name, str, enum=list(_codes(choices)), description=words)


def _codes(choices: Any) -> Iterator[str]:
    """Those of groups of choices too."""
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from _codes(label)
        else:
            yield str(code)


def _header(name: str, words: str, *statuses: int) -> OpenApiParameter:
    """A header of the answers with these statuses."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, response=list(statuses), description=words)


WHICH = OpenApiParameter(
    "uuid", UUID, OpenApiParameter.PATH, examples=[OpenApiExample("A challenge", value=api_examples.UUID)]
)
ETAG_WORDS = "Stands for exactly what you are shown."
PLACE_WORDS = "Where what you are shown is."


class Challenges(CaseAPI):
    """GET and POST /api/v1/challenges/"""

    @extend_schema(
        operation_id="challenges_list",
        summary="Challenges that you may see",
        description="25 on a page, with the filters and the orders of the work list. "
        "A filter that does not exist, or cannot be read, is a mistake.",
        parameters=_filters(),
        responses={200: RowPageSerializer, **problems(400, 404)},
        tags=["Challenges"],
    )
    def get(self, request: Request) -> Response:
        standing, on = self.standing, days(timezone.now())
        visible = annotated(Challenge.objects.visible_to(standing), standing, on)
        policies = policies_in_use()
        settings = settings_of(visible, standing) if "setting" in request.query_params else []
        chosen = self._chosen(
            WorkFilter(self._query(), visible, standing=standing, settings=settings, policies=policies, on=on)
        )
        found = ordered(chosen.qs.filter(SHOWS[chosen.showing].condition), chosen.order)
        if status := self._status():
            found = found.filter(status=status)
        pages = Pages()
        words = Words(standing, on, policies, grouped=False)
        rows = [row(each, words) for each in pages.paginate_queryset(found, request, view=self) or []]
        return pages.get_paginated_response(RowSerializer(rows, many=True).data)

    def _query(self) -> Any:
        query = self.request.query_params.copy()
        query.setdefault("show", SHOWN)
        return query

    def _status(self) -> str:
        status = self.request.query_params.get("status", "")
        if status and status not in Status.values:
            raise ValidationError(
                {"status": [f"There is no such status. There are {', '.join(Status.values)}."]}
            )
        return status

    def _chosen(self, chosen: WorkFilter) -> WorkFilter:
        """What cannot be read is a mistake here: a program would take the longer list for the right one."""
        asked = self.request.query_params
        unknown = set(asked) - set(chosen.filters) - {"status", "page"}
        wrong = dict.fromkeys(unknown, "There is no such filter.")
        wrong |= dict.fromkeys((name for name in asked if not asked[name]), "This is empty. Leave it out.")
        if wrong:
            raise ValidationError({name: [words] for name, words in sorted(wrong.items())})
        if chosen.form.errors:
            raise ValidationError({name: list(words) for name, words in chosen.form.errors.items()})
        return chosen

    @extend_schema(
        operation_id="challenges_raise",
        summary="Raise a challenge",
        description="Sends it at once: there are no drafts here. The same key again, by the same person, "
        "makes no second challenge: the same answer comes back. With another body it is refused, 422. Later "
        "only the challenge itself is still known: it comes back with 200. Ask first: is a child in danger "
        "right now? Then call 999; this log does not send help.",
        parameters=[
            OpenApiParameter(
                KEY,
                KEY_SHAPE,
                OpenApiParameter.HEADER,
                required=True,
                description="A UUID of your own, new for each challenge.",
            ),
            _header("Location", "Where it is.", 201),
            _header("ETag", ETAG_WORDS, 200, 201),
            _header("Content-Location", PLACE_WORDS, 200, 201),
        ],
        request=RaiseSerializer,
        responses={200: CaseSerializer, 201: CaseSerializer, **problems(400, 413, 415, 422)},
        tags=["Challenges"],
    )
    def post(self, request: Request) -> Response:
        key, now = self._key(), timezone.now()
        # In this order: both are written at once, so what is here by now has its key.
        first = Challenge.objects.filter(key=key).first()
        if used_before(request, key, now=now):
            return self._raised(first or Challenge.objects.get(key=key))
        # Once a key is forgotten, its challenge still is not sent a second time.
        if first:
            return self._first(first)
        try:
            return self._raised(self._raise(request, key, now))
        except UsedMeanwhile:
            return self._raised(Challenge.objects.get(key=key))
        except (NotPermitted, Refused) as error:
            raise _problem(error) from error

    def _key(self) -> UUID:
        """Raises ValidationError, that tells what is wrong with the body too, where there is no key."""
        try:
            key = key_sent(self.request)
        except ValidationError:
            raise ValidationError({KEY: [NO_UUID], **self._wrong_body()}) from None
        if key is None:
            raise ValidationError({KEY: [MISSING], **self._wrong_body()})
        return key

    def _wrong_body(self) -> Mapping[str, Any]:
        sent = RaiseSerializer(data=self.request.data)
        sent.is_valid()
        return sent.errors

    def _raise(self, request: Request, key: UUID, now: datetime) -> Challenge:
        sent = RaiseSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        policy = current_policy(timezone.localdate(now))
        new = new_challenge(
            sent.validated_data, by=self.user, standing=self.standing, policy=policy.policy, now=now
        )
        with once(request, key, now=now):
            return raise_challenge(
                new,
                by=self.user,
                standing=self.standing,
                key=key,
                policy=policy,
                now=now,
                request_id=request_id(request),
                channel=Channel.API,
            )

    def _raised(self, challenge: Challenge) -> Response:
        response = self.told(challenge, status=HTTPStatus.CREATED)
        response["Location"] = response["Content-Location"]
        return response

    def _first(self, first: Challenge) -> Response:
        """What was sent with this key long ago; somebody else's key is none of theirs."""
        if first.raised_by_id != self.user.pk:
            raise Unprocessable(OTHER_WORDS, KEY)
        return self.told(first)


def _problem(error: NotPermitted | Refused) -> PermissionDenied | Unprocessable:
    if isinstance(error, Refused):
        return Unprocessable(error.sentence, error.field)
    return PermissionDenied(str(error))


class OneChallenge(CaseAPI):
    """GET /api/v1/challenges/{uuid}/"""

    @extend_schema(
        operation_id="challenges_read",
        summary="One challenge",
        description="All of it that you may read: whose turn, the clocks in words, both sides, the "
        "chronology, and the steps that you can take now with what each asks. Its ETag stands for exactly "
        "what you are shown; keep it for the step that you take.",
        parameters=[
            WHICH,
            OpenApiParameter(
                IF_NONE_MATCH,
                str,
                OpenApiParameter.HEADER,
                description="The ETag that you have: if nothing of it has changed, the answer is 304, empty.",
            ),
            _header("ETag", ETAG_WORDS, 200, 304),
        ],
        responses={
            200: CaseSerializer,
            304: OpenApiResponse(description="It is still what you have."),
            **problems(404),
        },
        tags=["Challenges"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        view = self.read(self.find(uuid))
        shown = as_json(view)
        headers = {"ETag": entity_tag(view.version, shown)}
        if is_unchanged(request, headers["ETag"]):
            return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        self.log_reading(view)
        return Response(shown, headers=headers)


@dataclass(frozen=True)
class Seen:
    """What a caller saw before they took a step: the version, and the tags where they sent those."""

    version: int
    tags: tuple[str, ...] = ()

    def fits(self, view: CaseView) -> bool:
        """Whether this is what they saw, as far as they said."""
        return not self.tags or entity_tag(view.version, as_json(view)) in self.tags


class OneStep(CaseAPI):
    """POST /api/v1/challenges/{uuid}/steps/{name}/"""

    @extend_schema(
        operation_id="challenges_take_step",
        summary="Take a step",
        description="One of the `steps` that the challenge offers you. Say what you saw, so that nobody is "
        "overtaken unseen: its ETag as If-Match, or its `version` in the body. If it is not that any more, "
        "nothing is done: 412 for If-Match, 409 for `version`. The same step with the same words sent again "
        "is no mistake: the challenge comes back as it is.",
        parameters=[
            WHICH,
            OpenApiParameter(
                "name",
                str,
                OpenApiParameter.PATH,
                enum=sorted(STEP),
                description="The step.",
                examples=[OpenApiExample("Something new", value=api_examples.STEP_NAME)],
            ),
            OpenApiParameter(
                IF_MATCH,
                str,
                OpenApiParameter.HEADER,
                description="The ETag that the challenge had when you read it. Without it, send `version`.",
            ),
            OpenApiParameter(
                KEY,
                KEY_SHAPE,
                OpenApiParameter.HEADER,
                description="A UUID of your own, so that the step can be sent again when the line drops.",
            ),
            _header("ETag", ETAG_WORDS, 200),
            _header("Content-Location", PLACE_WORDS, 200),
        ],
        request=StepSerializer,
        responses={
            200: CaseSerializer,
            **problems(400, 404, 409, 412, 413, 415, 422, 428),
        },
        tags=["Challenges"],
    )
    def post(self, request: Request, uuid: UUID, name: str) -> Response:
        challenge = self.find(uuid)
        step = STEP.get(name)
        if step is None:
            raise Http404
        key, now = key_sent(request), timezone.now()
        if key is None or not used_before(request, key, now=now):
            self._take(request, challenge, step, key, now)
        return self.told(challenge)

    def _take(
        self, request: Request, challenge: Challenge, step: Step[Facts], key: UUID | None, now: datetime
    ) -> None:
        sent = StepSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        seen = self._seen(sent.validated_data, challenge)
        try:
            answers = self._answers(challenge, step, seen, sent.validated_data["answers"])
            with once(request, key, now=now):
                take_step(
                    challenge,
                    step,
                    by=self.user,
                    standing=self.standing,
                    expected=seen.version,
                    now=now,
                    answers=answers,
                    request_id=request_id(request),
                    channel=Channel.API,
                )
        except UsedMeanwhile:
            return
        except (NotPermitted, Refused) as error:
            raise _problem(error) from error
        except Moved as error:
            raise self._moved(challenge.uuid, seen) from error

    def _seen(self, sent: dict[str, Any], challenge: Challenge) -> Seen:
        """What the caller says they saw: of several tags the one that can match, else the first of ours."""
        tags, version = tags_seen(self.request), sent.get("version")
        if not tags:
            if version is None:
                raise PreconditionRequired(SAY_WHAT_YOU_SAW)
            return Seen(version)
        versions = [found for tag in tags if (found := version_in(tag)) is not None]
        if version is not None and version not in versions:
            raise ValidationError({"version": ["If-Match names another version. Send one of the two."]})
        if not versions:
            raise self._moved(challenge.uuid, Seen(0, tuple(tags)))
        return Seen(challenge.version if challenge.version in versions else versions[0], tuple(tags))

    def _answers(
        self, challenge: Challenge, step: Step[Facts], seen: Seen, sent: dict[str, Any]
    ) -> dict[str, Any]:
        """Whether it is theirs to do comes first; what was answered is read only then.

        From an older version it may be their own second click: take_step knows, and says it moved if not.
        """
        view = self.read(challenge)
        if view.version == seen.version:
            if not seen.fits(view):
                raise Moved
            try:
                check(step, view.facts)
                return step_answers(step, view, sent)
            except (NotPermitted, Refused, Unprocessable):
                # Somebody may have changed it while it was read: then `view` is half old, half new.
                view = self.read(self.find(challenge.uuid))
                if view.version == seen.version:
                    raise
        try:
            return step_answers(step, view, sent, lenient=True)
        except Unprocessable:
            raise Moved from None

    def _moved(self, uuid: UUID, seen: Seen) -> Conflict | PreconditionFailed:
        """Read afresh: it may have gone out of sight meanwhile."""
        now = self.find(uuid)
        if seen.tags:
            return PreconditionFailed(NOT_WHAT_YOU_SAW, version=now.version)
        return Conflict(SOMEBODY_WAS_FIRST, version=now.version)


SAY_WHAT_YOU_SAW = (
    "Say what you saw, so that nobody is overtaken unseen: read the challenge, and send its ETag with the "
    "step as If-Match, or its version in the body."
)
NOT_WHAT_YOU_SAW = (
    "This is not what you saw any more. Nothing of yours was done: read it again, decide, and send the step "
    "with the new ETag."
)
SOMEBODY_WAS_FIRST = (
    "Somebody else changed this first. Nothing of yours was done: read it again, then decide."
)


class Settings(APIView):
    """GET /api/v1/settings/"""

    scope = Scope.DIRECTORY

    @extend_schema(
        operation_id="settings_list",
        summary="The directory of settings",
        description="Every setting, by its group; no person is in it.",
        responses={200: SettingSerializer(many=True), **problems()},
        tags=["Directory"],
    )
    def get(self, request: Request) -> Response:
        return Response([SettingSerializer(each).data for each in all_settings()])
