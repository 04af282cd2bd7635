"""Challenges as JSON: rows of a list, and the whole of a `CaseView`. What a view does not hold is not here.

A code is told with its label, in the words of the policy that the challenge was opened under.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core.api.exact import ExactSerializer
from core.machine import Step
from escalation.accounts.models import Setting
from escalation.challenges.api_examples import ONE, RAISED, ROWS, SETTING, STEP_TAKEN
from escalation.challenges.asks import ASKS, Ask, Kind, label_of
from escalation.challenges.facts import Facts
from escalation.challenges.models import Deadline
from escalation.challenges.queries import ActionView, CaseView, EntryView, PartyView
from escalation.challenges.reference import spoken
from escalation.challenges.wording.names import label, owing, whose_turn
from escalation.challenges.workflow import NOT_STEPS, STEP, Status
from escalation.challenges.worklist import LIVE
from escalation.policy.clock import Reckoning

# Declared fields are kept aside from the attributes of a serializer, so one may be called `label` or
# `required`; the types of the library do not know that, hence the comments beside those.
MOST_VERSIONS = 2**31 - 1
Json = dict[str, Any]


def _object(name: str, **properties: str) -> Json:
    """A JSON object of strings, for the description of the API."""
    fields = {field: {"type": "string", "description": words} for field, words in properties.items()}
    return {"type": "object", "title": name, "properties": fields, "required": list(properties)}


class CodedSerializer(serializers.Serializer[Any]):
    """A code of a vocabulary, and what people read for it."""

    code = serializers.CharField(help_text="As it is stored.")
    label = serializers.CharField(help_text="As people read it.")  # type: ignore[assignment]  # see above


@extend_schema_field(CodedSerializer)
class TermField(serializers.Field[Any, Any, Any, Any]):
    """A code of a vocabulary with its label; null where nothing was chosen, or not for this reader."""

    def __init__(self, vocabulary: str = "", **options: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **options)
        self.vocabulary = vocabulary

    def get_attribute(self, instance: CaseView) -> Any:
        code = getattr(instance, str(self.source))
        return (instance.policy, code) if code else None

    def to_representation(self, value: Any) -> Json:
        policy, code = value
        return {"code": code, "label": label(policy, self.vocabulary or str(self.source), code)}


class PlaceSerializer(serializers.Serializer[Setting]):
    """A setting, as others name it."""

    uuid = serializers.UUIDField()
    name = serializers.CharField()
    group = serializers.CharField(help_text="A code, such as education.")


@extend_schema_serializer(examples=[SETTING])
class SettingSerializer(PlaceSerializer):
    """A setting of the directory: what a challenge is raised for, or put to."""

    organisation = serializers.CharField(source="organisation.name")
    group_label = serializers.CharField(source="get_group_display")
    outside = serializers.BooleanField(
        help_text="Outside the log: the business unit calls them and records their answers."
    )


class RowTurnSerializer(serializers.Serializer[Any]):
    """Whose turn it is, as this reader would say it."""

    ours = serializers.BooleanField(help_text="It is the turn of your side.")
    words = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    """A challenge in a list: no free text but the short name that you gave one of your own."""

    uuid = serializers.UUIDField()
    url = serializers.CharField(help_text="Where the whole of it is.")
    reference = serializers.CharField(help_text="As it is said: K7M 4QX9.")
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Status.choices)
    status_label = serializers.CharField()
    stage = serializers.IntegerField()
    fast = serializers.BooleanField(help_text="On the fast track.")
    about = serializers.CharField(help_text="A code: what the raiser chose.")
    issue = serializers.CharField(help_text='A code: what a lead made of it; "" until then.')
    words = serializers.CharField(help_text="What it is about, for people.")
    raising = PlaceSerializer()
    responding = PlaceSerializer(many=True)
    turn = RowTurnSerializer()
    due = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    label = serializers.CharField(allow_null=True, help_text="Your own short name for it; null for others.")  # type: ignore[assignment]  # see above


@extend_schema_serializer(examples=[ROWS])
class RowPageSerializer(serializers.Serializer[Any]):
    """25 challenges of a list, and where the others are."""

    count = serializers.IntegerField(help_text="Of the whole list.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RowSerializer(many=True)


class PersonSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    job = serializers.CharField()
    phone = serializers.CharField()
    best_times = serializers.CharField()


class ClockSerializer(serializers.Serializer[Deadline]):
    """Something that is owed by a time, and how that time was counted."""

    name = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # see above
    owed_by = serializers.CharField()
    party = serializers.IntegerField(source="party_id", allow_null=True, help_text="The party that owes it.")
    stage = serializers.IntegerField()
    started = serializers.DateTimeField()
    due = serializers.DateTimeField()
    overdue_from = serializers.DateTimeField(help_text="What is due at once is late from 5pm on.")
    overdue = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField(help_text="The due time and how it was counted, in a sentence.")

    def get_label(self, deadline: Deadline) -> str:
        try:
            return self._view.policy.milestone(deadline.stage, deadline.name).label
        except LookupError:
            return deadline.name

    def get_overdue(self, deadline: Deadline) -> bool:
        return deadline.overdue_from < self._view.now

    def get_words(self, deadline: Deadline) -> str:
        return Reckoning.from_basis(deadline.basis).words(self._view.now)

    @property
    def _view(self) -> CaseView:
        view: CaseView = self.context["view"]
        return view


class PartySerializer(serializers.Serializer[PartyView]):
    """A setting's place in a challenge. `id` names it in answers such as `party` and `still_asking`."""

    id = serializers.IntegerField()
    setting = serializers.CharField()
    short = serializers.CharField(help_text="As in a sentence: the school.")
    phone = serializers.CharField()
    group = serializers.CharField()
    role = serializers.CharField(help_text="raising, responding or supporting.")
    is_mine = serializers.BooleanField(help_text="You act for it.")
    owes = serializers.BooleanField(help_text="It is its turn.")
    answer = serializers.CharField(help_text='acted, differs, or "" while there is none.')
    answered_at = serializers.DateTimeField(allow_null=True)
    matched_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when both agree which child it is."
    )
    question_open = serializers.BooleanField()
    recommendation_answer = serializers.CharField()
    agreed_earlier = serializers.BooleanField()
    on_record = serializers.DateField(allow_null=True, help_text="Put on the child's own record on.")
    pointer = serializers.CharField(
        allow_null=True, help_text="The child's number there; null if not for you."
    )
    person = PersonSerializer(allow_null=True, help_text="Who is asked there by name.")


class EntrySerializer(serializers.Serializer[EntryView]):
    """A line of the chronology, as you may read it."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    stage = serializers.IntegerField()
    step = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # see above
    seat = serializers.CharField(help_text="How they acted then, such as raiser or responding.")
    setting = serializers.CharField()
    who = serializers.CharField(help_text='"" where it is not for you to know.')
    occurred_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    audience = serializers.CharField()
    codes = serializers.DictField()
    words = serializers.DictField(child=serializers.CharField())
    corrects = serializers.IntegerField(allow_null=True)

    def get_label(self, entry: EntryView) -> str:
        return STEP[entry.step].past if entry.step in STEP else NOT_STEPS[entry.step]


class ActionSerializer(serializers.Serializer[ActionView]):
    id = serializers.IntegerField()
    what = serializers.CharField()
    owner = serializers.CharField()
    due = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)
    late = serializers.BooleanField()
    is_review = serializers.BooleanField()


class HoldSerializer(serializers.Serializer[Any]):
    started = serializers.DateTimeField()
    limit = serializers.DateTimeField(help_text="It ends by itself then.")
    by_unit = serializers.BooleanField()


@extend_schema_field(CodedSerializer)
class ChoiceField(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: Any) -> Json:
        code, words = value
        return {"code": str(code), "label": words}


class AskSerializer(serializers.Serializer[Any]):
    """One answer that a step asks for."""

    name = serializers.CharField(help_text="Its name among `answers`.")
    label = serializers.CharField()  # type: ignore[assignment]  # see above
    hint = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    vocabulary = serializers.CharField(help_text='Of the policy; "" where it is none.')
    required = serializers.BooleanField(help_text="Others may still be needed by some answers.")  # type: ignore[assignment]  # see above
    choices = serializers.ListField(
        child=ChoiceField(), allow_null=True, help_text="null where it is not a choice from a short list."
    )


class OfferSerializer(serializers.Serializer[Any]):
    """A step that you can take now."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # see above
    why = serializers.CharField(help_text="The policy's reason for it.")
    url = serializers.CharField(help_text="POST the answers here.")
    asks = AskSerializer(many=True)


class TurnSerializer(serializers.Serializer[Any]):
    """Whose turn it is, and by when."""

    words = serializers.CharField(help_text='A sentence, or "" where it is nobody\'s.')
    mine = serializers.BooleanField(help_text="It is the turn of the side you act for.")
    parties = serializers.ListField(child=serializers.IntegerField(), help_text="The parties that owe.")
    business_unit = serializers.BooleanField()
    partners = serializers.BooleanField()
    due = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField()


POLICY = _object("Policy", key="Such as mscp.", title="Its name.") | {
    "description": "The policy it was opened under."
}


@extend_schema_serializer(examples=[ONE])
class CaseSerializer(serializers.Serializer[CaseView]):
    """One challenge as you may read it now. What is not for you is null, empty or left out of a list."""

    # Context: `view`, the same view; `asked`, by the name of each step, what its form asks.

    uuid = serializers.UUIDField()
    url = serializers.SerializerMethodField(help_text="This address.")
    reference = serializers.SerializerMethodField(help_text="As it is said: K7M 4QX9.")
    version = serializers.IntegerField(help_text="Send it with a step, so that nobody is overtaken unseen.")
    policy = serializers.SerializerMethodField()
    field_groups = serializers.SerializerMethodField(help_text="What you may read: F0, F1, F2, F3, F5.")
    status = serializers.ChoiceField(choices=Status.choices)
    status_label = serializers.SerializerMethodField()
    stage = serializers.IntegerField()
    stage_name = serializers.SerializerMethodField()
    stage_reached = serializers.IntegerField()
    episode = serializers.IntegerField(help_text="More than 1 once it was reopened.")
    fast = serializers.BooleanField(help_text="On the fast track.")
    pending = serializers.CharField(help_text="What is proposed: hold, return, transfer or nothing.")
    pending_until = serializers.DateTimeField(allow_null=True)
    pending_stage = serializers.IntegerField(allow_null=True)
    about = TermField()
    issue = TermField()
    age_band = TermField()
    child_status = TermField()
    scope = TermField()
    no_single_child = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    imported_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was brought in from an earlier log; null: it was raised here."
    )
    needed_by = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    confirmed = serializers.BooleanField(
        allow_null=True, help_text="Whether the side that asked said the child is safe."
    )
    duplicate_of = serializers.CharField(allow_null=True)
    recurrence_of = serializers.CharField(allow_null=True)
    void_reason = TermField()
    turn = serializers.SerializerMethodField()
    clocks = ClockSerializer(many=True, source="deadlines", help_text="Those that run.")
    missed = ClockSerializer(many=True, source="passed", help_text="Those whose time went by.")
    hold = HoldSerializer(allow_null=True)
    raising = PartySerializer()
    responding = PartySerializer(many=True)
    supporting = PartySerializer(many=True)
    raiser = PersonSerializer(allow_null=True)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # see above
    our_pointer = serializers.CharField(allow_null=True, help_text="The child's number on the raising side.")
    words = serializers.DictField(
        child=serializers.CharField(), allow_null=True, help_text="The raiser's own, by name: worry, voice..."
    )
    outcome = TermField()
    impact = TermField()
    actions = ActionSerializer(many=True)
    entries = EntrySerializer(many=True, help_text="The chronology, newest first.")
    steps = serializers.SerializerMethodField(help_text="What you can do now.")

    def get_url(self, view: CaseView) -> str:
        return case_url(view)

    def get_reference(self, view: CaseView) -> str:
        return spoken(view.reference)

    @extend_schema_field(POLICY)
    def get_policy(self, view: CaseView) -> Json:
        return {"key": view.policy.key, "title": view.policy.title}

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_field_groups(self, view: CaseView) -> list[str]:
        return sorted(group.value for group in view.groups)

    def get_status_label(self, view: CaseView) -> str:
        return str(Status(view.status).label)

    def get_stage_name(self, view: CaseView) -> str:
        return view.policy.stage(view.stage).name

    @extend_schema_field(TurnSerializer)
    def get_turn(self, view: CaseView) -> Json:
        return dict(TurnSerializer(turn(view)).data)

    @extend_schema_field(OfferSerializer(many=True))
    def get_steps(self, view: CaseView) -> list[Json]:
        asked = self.context["asked"]
        return [dict(OfferSerializer(offer(step, view, asked[step.name])).data) for step in view.steps]


def case_url(view: CaseView) -> str:
    return reverse("api-challenge", args=[view.uuid])


def turn(view: CaseView) -> Json:
    """What is owed once it has ended is not told: it would give a withdrawal's reason away (rule 10)."""
    live = view.status in LIVE
    names = owing(view) if live else []
    return {
        "words": f"{whose_turn(names)}." if names else "",
        "mine": live and view.is_my_turn,
        "parties": [party.id for party in view.owing] if live else [],
        "business_unit": live and view.unit_owes,
        "partners": live and view.partners_owe,
        "due": view.next_due if live else None,
        "overdue": live and view.is_overdue,
    }


def offer(step: Step[Facts], view: CaseView, asked: Mapping[str, Any]) -> Json:
    """A step with all that its form asks of this reader: `asked` has what is required, and the choices."""
    address = reverse("api-step", args=[view.uuid, step.name])
    asks = [_ask(step, ASKS[name], answer) for name, answer in asked.items()]
    return {"name": step.name, "label": step.label, "why": step.why, "url": address, "asks": asks}


def _ask(step: Step[Facts], ask: Ask, answer: Mapping[str, Any]) -> Json:
    return {
        "name": ask.name,
        "label": label_of(step.name, ask.name),
        "hint": ask.hint,
        "kind": ask.kind.value,
        "vocabulary": ask.vocabulary,
        **answer,
    }


# What is sent.


class TypedField(serializers.CharField):
    """Text as it was typed. What cannot be kept, the form refuses in its own words."""

    def __init__(self, words: str) -> None:
        super().__init__(required=False, default="", allow_blank=True, trim_whitespace=False, help_text=words)
        self.validators = []


class AskedSerializer(ExactSerializer[Any]):
    setting = serializers.UUIDField()
    counterpart = serializers.EmailField(
        required=False,
        default="",
        allow_blank=True,
        help_text="The work e-mail of who you deal with there; without it their lead is asked.",
    )


class DangerSerializer(ExactSerializer[Any]):
    """Only where a child is in danger now: who is acting. First call 999: this log does not send help."""

    acting = serializers.ChoiceField(
        choices=[
            ("called", "I called"),
            ("checked", "Someone else is acting"),
            ("nobody", "I tried, and nobody is"),
        ],
        help_text="called, checked, or nobody: then it starts with the leads at once.",
    )
    who = TypedField("Their job.")
    when = serializers.DateTimeField(required=False, default=None, allow_null=True)


@extend_schema_serializer(examples=[RAISED])
class RaiseSerializer(ExactSerializer[Any]):
    """A new challenge: what the three pages of the form ask. No names, dates of birth or NHS numbers."""

    raising = serializers.UUIDField(
        required=False, default=None, allow_null=True, help_text="Needed if you work in several settings."
    )
    told_by = TypedField("Who told you, and how, where you raise it for a setting outside the log.")
    asked = AskedSerializer(many=True, help_text="One to five settings.")
    supporting = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)
    about = TypedField("A code of the policy, such as plan_not_moving.")
    decision = TypedField("Which decision, delay or plan.")
    decision_on = serializers.DateField(required=False, default=None, allow_null=True)
    label = TypedField("A short name. Everyone who may read the challenge sees it.")  # type: ignore[assignment]  # see above
    callback = TypedField("On which number they can call you.")
    best_times = TypedField("When it is best to call you.")
    worry = TypedField("I am worried that...")
    heard = TypedField("I have seen or heard...")
    voice = TypedField("What the child has said or shown.")
    want = TypedField("What should happen.")
    want_by = serializers.DateField(required=False, default=None, allow_null=True)
    no_single_child = serializers.BooleanField(required=False, default=False)
    our_pointer = TypedField("The child's number in your own system.")
    age_band = TypedField("A code of the policy, such as age_0_4.")
    spoken_on = serializers.DateField(
        required=False, default=None, allow_null=True, help_text="When you spoke to them."
    )
    not_spoken = TypedField("Why you have not spoken to them yet.")
    needed_by = serializers.DateTimeField(
        required=False, default=None, allow_null=True, help_text="If something happens before the usual time."
    )
    needed_why = TypedField("What happens then.")
    fast = serializers.BooleanField(
        required=False, default=False, help_text="The fast track; it needs a logged call."
    )
    show_name = serializers.BooleanField(
        required=False,
        default=True,
        help_text="false: we will not show your name to the other agency, only your job; a court or the law "
        "may still require it.",
    )
    danger = DangerSerializer(required=False, default=None, allow_null=True)


@extend_schema_serializer(examples=[STEP_TAKEN])
class StepSerializer(ExactSerializer[Any]):
    """A step to take: the version you saw, and the answers by name."""

    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_VERSIONS,
        help_text="The version you saw. Or send the ETag you saw as If-Match.",
    )
    answers = serializers.DictField(required=False, default=dict, help_text="By the names that `asks` gives.")
