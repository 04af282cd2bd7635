"""Everybody there is, and one challenge and one LADO referral, in each situation of docs/permissions.csv."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.test import Client

from core.chance import drawn_id
from escalation.access.acting import Acting
from escalation.access.standing import standing_of
from escalation.accounts.models import ApiToken, Closure, Seat, User
from escalation.accounts.scopes import SYSTEM_SCOPES
from escalation.accounts.services import issue_token
from escalation.challenges.models import Conflict, Draft, Grant
from escalation.challenges.services import NewGrant, let_in, save_draft, show_draft
from escalation.challenges.services.holding import hold_drafts
from escalation.joining.models import JoinRequest
from escalation.lado.models import Conflict as LadoConflict
from escalation.reporting.models import OutsideFact
from escalation.reporting.services import NewFact, register_fact
from escalation.rulebook.services import propose
from escalation.rulemaking.models import PolicyDraft
from escalation.rulemaking.services import begin
from escalation.signing_in.models import FactorReset
from tests.assurance.asked import asked, begun
from tests.assurance.sampled import being_read
from tests.challenges.cast import FORM, Cast
from tests.challenges.test_refusals import DIFFERS, at_panel, settled, up, with_leads, with_partners
from tests.factories import SENT, away, person, setting
from tests.forums.planned import pledge_made, sitting, topic
from tests.lado.cast import Team
from tests.lado.sampled import being_read as lado_sample
from tests.learning.learnt import acted, approved
from tests.reporting.quarters import Unit
from tests.surveys.held import opened

NOW = SENT + timedelta(hours=1)
PERSONAS = (
    "nobody",  # has not signed in
    "raiser",
    "raising_lead",
    "raising_senior",
    "counterpart",
    "deputy",  # covers for the counterpart, who is away
    "responding_lead",
    "responding_senior",
    "supporting_lead",
    "outsider",  # a practitioner elsewhere
    "unit",
    "partner",
    "chair",  # let in to the panel, at the panel's stage
    "member",  # the same, without the chair
    "emergency",  # a head of service elsewhere, who has opened it in an emergency
    "auditor",
    "scrutineer",
    "young_scrutineer",
    "administrator",
    "service",  # a system with a key
    "lado",
    "deputy_lado",
    "lado_support",
    "neighbour_lado",
    "leaver",  # had the counterpart's seat, and left
)
RAISER = "Zelda Quirke-Ashby"
WORRY = "nobody has rung the grandmother since the clocks went back"
# Each is found nowhere but where that field group is shown: in no guide, example or test of another kind.
MARKS = {
    "F0": ("{}",),
    "F1": (WORRY,),
    "F2": (RAISER,),
    "F3": ("Decision changed", '"outcome":"decision_changed"'),
    "F4": ("Northfield Transport",),
    "F5": ("Read the words",),
}
"""What of each field group shows on a page or in an answer; any of them is enough."""
WORDS = {"worry": WORRY, "heard": "I saw it.", "voice": "He said so.", "want": "a call this week"}


class World:
    """The cast, and who else there is."""

    def __init__(self, situation: str) -> None:
        self.cast = Cast()
        self.cast.words = WORDS
        everybody = self.cast.people
        User.objects.filter(pk=everybody["raiser"].pk).update(full_name=RAISER)
        everybody["raiser"].refresh_from_db()
        SITUATIONS[situation](self.cast)
        everybody["outsider"] = person(
            "Otto Elsewhere", practitioner=setting("Elsewhere Clinic", group="health")
        )
        everybody["deputy"] = person("Del Instead", practitioner=setting("Family Safeguarding Team 9"))
        away(everybody["counterpart"], at=self.cast.care, since=SENT.date(), deputy=everybody["deputy"])
        housing = setting("Housing Options", group="housing")
        everybody["chair"] = person("Miriam Chair", lead=housing)
        everybody["member"] = person("Mo Member", lead=housing)
        everybody["emergency"] = person("Hana Head", senior_lead=setting("Ward 3", group="health"))
        for role in ("scrutineer", "young_scrutineer", "administrator", "service", "neighbour_lado"):
            everybody[role] = person(f"The {role}", role=role)
        everybody["leaver"] = person("Lew Gone", practitioner=self.cast.care)
        self.team = Team()
        for who, role in (("lado", "lado"), ("deputy_lado", "deputy"), ("lado_support", "support")):
            everybody[who] = self.team.people[role]
        self.keys = {who: self._key(who, everybody[who]) for who in PERSONAS if who != "nobody"}
        self.system_key = ApiToken.objects.get(user=everybody["service"])
        User.objects.filter(pk=everybody["leaver"].pk).update(is_active=False)
        self.team.contact(key=UUID(int=1), employer_name="Northfield Transport", sector="transport")
        self.challenge = self.cast.challenge
        self.lado_sample = lado_sample(
            by=everybody["lado"],
            other=everybody["deputy_lado"],
            policy=self.team.referral.policy_version,
            now=NOW,
        )
        self.draft = self._draft(everybody["raiser"])
        self.shown = self._shown()
        others = Unit()
        self.colleague = others.ruth
        self.plan, self.release = others.plan(), others.started()
        self.fact = self._fact(others.ruth)
        self.proposal = propose(
            "closed",
            {"day": "2026-12-24", "name": "offices closed"},
            by=others.ruth,
            now=SENT,
            key=UUID(int=7),
        )
        self.sitting = sitting(
            by=others.ruth,
            host=self.cast.care.organisation,
            invited=[each.organisation for each in (self.cast.school, self.cast.care, self.cast.health)],
            now=NOW,
        )
        self.pulse = self.sitting.pulses.get(wave="before")
        self.pledge = pledge_made(by=others.ruth, of=self.cast.care.organisation, now=NOW)
        self.topic = topic(by=others.ruth, now=NOW)
        self.point = approved(by=others.ruth, other=others.omar, now=NOW)
        self.action = acted(self.point, by=others.ruth, of=self.cast.care.organisation, now=NOW)
        self.lost = FactorReset.objects.create(
            user=everybody["counterpart"], sure="met", asked_by=everybody["responding_lead"], asked_at=SENT
        )
        self.joining = JoinRequest.objects.create(
            email="nia.new@example.org",
            full_name="Nia New",
            job_title="Social worker",
            setting=self.cast.care,
            asked_at=SENT,
        )
        self.pack = begun(by=others.ruth, now=SENT)
        self.survey = opened(by=others.ruth, now=NOW)
        self.sample = being_read(
            by=others.ruth, readers=[everybody["chair"], everybody["emergency"]], now=NOW
        )
        self.assurance = asked(by=others.ruth, of=self.cast.care.organisation, now=SENT)
        self.numbers: dict[str, int] = {}
        self._let_in(situation)
        version = self.challenge.policy_version.version
        self.numbers |= dict.fromkeys(("policy-version", "policy-changes", "policy-file"), version)
        self.numbers |= dict.fromkeys(("policy-stage", "policy-clock"), 1)
        self.policy_draft = self._policy_draft(others.ruth)
        for name in ("confirm-promotion", "rate-oneself"):
            self.numbers[name] = self.cast.care.organisation_id
        self.numbers |= dict.fromkeys(("sample-case", "sample_record"), 1)
        self._somebody_reads()
        if situation == "conflict":
            self._keep_everybody_out()

    def _key(self, who: str, user: User) -> str:
        """A key of their own for the API; a leaver's is from before they left, a system's has its scopes."""
        scopes = " ".join(SYSTEM_SCOPES) if who == "service" else ""
        return issue_token(user=user, name="Their own", days=30, now=SENT, scopes=scopes).plain

    def _draft(self, writer: User) -> Draft:
        """Begun and not sent."""
        draft = Draft(owner=writer, uuid=drawn_id("form"))
        return save_draft(owner=writer, words={"want": "a call"}, now=NOW, draft=draft)

    def _shown(self) -> Draft:
        """Something that a colleague of the raiser has not sent, and shows to their lead."""
        writer = person("Wanda Writer", practitioner=self.cast.school)
        draft = self._draft(writer)
        show_draft(draft, self.cast.people["raising_lead"], asked=(), path="/drafts/", now=NOW)
        return draft

    def _fact(self, by: User) -> OutsideFact:
        """Something that is public elsewhere."""
        new = NewFact("challenges", "at_least", 3, "The annual report", SENT.date())
        return register_fact(new, by=by, standing=standing_of(by, today=SENT.date()), now=SENT)

    def _policy_draft(self, by: User) -> PolicyDraft:
        """A next version of the policy, begun."""
        who = Acting(by, standing_of(by, today=SENT.date()), SENT)
        return begin(self.challenge.policy_version, key=drawn_id("form"), by=who)

    def _let_in(self, situation: str) -> None:
        people, unit = self.cast.people, self.cast.people["unit"]
        if situation == "panel":
            standing = standing_of(unit, today=SENT.date())
            for who in ("chair", "member"):
                let_in(self.challenge, NewGrant(people[who], who), by=unit, standing=standing, now=NOW)
        bystander = person("Bea Standby", practitioner=self.cast.care)
        out = Conflict.objects.create(
            challenge=self.challenge, user=bystander, reason="family", since=NOW, named_by=unit
        )
        cover = Grant.objects.create(
            challenge=self.challenge,
            episode=1,
            user=bystander,
            kind="cover",
            setting=self.cast.care,
            seat="practitioner",
            since=NOW,
            given_by=unit,
        )
        head = people["emergency"]
        opened = Grant.objects.create(
            challenge=self.challenge,
            episode=1,
            user=head,
            kind="break_glass",
            since=NOW,
            until=NOW + timedelta(hours=1),
            review_due=NOW + timedelta(days=5),
            reason="x" * 30,
            given_by=head,
        )
        kept = Seat.objects.get(user=people["counterpart"], setting=self.cast.care)
        shut = Closure.objects.create(
            setting=self.cast.care, name="the holidays", first=NOW.date(), last=NOW.date()
        )
        self.numbers = {"directory-seat": kept.pk, "directory-end-seat": kept.pk}
        self.numbers |= {"directory-end-shut": shut.pk}
        self.numbers |= dict.fromkeys(("leaver", "leaver_stays"), people["counterpart"].pk)
        held = hold_drafts(
            bystander, reason="x" * 30, by=unit, standing=standing_of(unit, today=SENT.date()), now=NOW
        )
        self.numbers |= {"lift_hold": held.pk}
        support = Seat.objects.get(user=people["lado_support"])
        self.numbers |= {"end_seat": support.pk}
        self.numbers |= {"lift_conflict": out.pk, "end_grant": cover.pk, "review_emergency": opened.pk}

    def _somebody_reads(self) -> None:
        reader = Client()
        reader.force_login(self.cast.people["raiser"])
        reader.get(self.challenge.get_absolute_url())

    def _keep_everybody_out(self) -> None:
        for user in self.cast.people.values():
            Conflict.objects.create(
                challenge=self.challenge, user=user, reason="family", since=NOW, named_by=user
            )
        for user in self.team.people.values():
            LadoConflict.objects.create(
                referral=self.team.referral, user=user, reason="family", since=NOW, named_by=user
            )


def at_worker(cast: Cast) -> None:
    cast.raise_it()


def at_worker_withheld(cast: Cast) -> None:
    cast.raise_it(name_withheld=True)


def at_heads(cast: Cast) -> None:
    with_leads(cast)
    cast.take("raising_lead", "complete_form", SENT, **FORM)
    for who in ("responding_lead", "police_lead"):
        cast.take(who, "reply", SENT, **DIFFERS)
    up(cast, "raiser")


def closed(cast: Cast) -> None:
    settled(cast)
    cast.take("raiser", "confirm_settled", SENT)


SITUATIONS: dict[str, Callable[[Cast], object]] = {
    "stage 1": at_worker,
    "withheld": at_worker_withheld,
    "stage 2": with_leads,
    "stage 3": at_heads,
    "panel": at_panel,
    "stage 5": with_partners,
    "closed": closed,
    "conflict": with_partners,
}
"""Where the challenge stands. `conflict`: at stage 5, and everybody has a conflict of interest,
the LADO team with their record too."""
