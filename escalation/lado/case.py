"""A referral with all that belongs to it, read once, and what a person is to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from escalation.access.exceptions import Exceptions, Granted
from escalation.access.standing import Standing
from escalation.accounts.groups import LADO_KINDS, SeatKind
from escalation.accounts.models import Seat, User
from escalation.lado.facts import Facts
from escalation.lado.models import (
    PARTS,
    Action,
    Allegation,
    Attendee,
    Child,
    Conflict,
    Deadline,
    Employer,
    Grant,
    Letter,
    Meeting,
    Question,
    Referral,
    Strand,
)
from escalation.lado.together import together
from escalation.lado.workflow import EMPLOYMENT, STRAND_STATES, Who
from escalation.policy.lado import LadoPolicy

DECIDES_HERE = frozenset({SeatKind.LADO.value, SeatKind.DEPUTY_LADO.value})
DECIDES = DECIDES_HERE | {SeatKind.NEIGHBOUR_LADO.value}
REFERRER_PARTS = frozenset({str(Who.REFERRER)})
READS_WORDS = "reads_words"
"""The one kind of grant behind the wall: LADO support reads what people said."""


@dataclass(frozen=True)
class Member:
    """Somebody of the LADO team, by their seat; `away`: they are away today."""

    user: User
    kind: str
    away: bool

    @property
    def decides(self) -> bool:
        return self.kind in DECIDES

    @property
    def is_neighbour(self) -> bool:
        return self.kind == SeatKind.NEIGHBOUR_LADO


@dataclass
class Case:
    """The rows of one referral; `team` is everybody of the LADO team `today`, a London day."""

    referral: Referral
    today: date
    team: list[Member]
    children: list[Child]
    employers: list[Employer]
    allegations: list[Allegation]
    strands: list[Strand]
    meetings: list[Meeting]
    attendees: list[Attendee]
    actions: list[Action]
    letters: list[Letter]
    questions: list[Question]
    deadlines: list[Deadline]
    conflicts: list[Conflict]
    grants: list[Grant]

    @property
    def policy(self) -> LadoPolicy:
        return self.referral.policy

    def open_deadlines(self) -> list[Deadline]:
        return [d for d in self.deadlines if d.decided_at is None]

    def kept_out(self) -> list[Conflict]:
        """The conflicts that nobody has lifted."""
        return [conflict for conflict in self.conflicts if conflict.stands]

    def support_reads(self) -> list[Grant]:
        """What lets support read the words today."""
        return [grant for grant in self.grants if grant.is_live(self.today)]

    @property
    def exceptions(self) -> Exceptions:
        """Whom it keeps out and lets in beyond their seats."""
        return Exceptions(
            frozenset(conflict.user_id for conflict in self.kept_out()),
            tuple(Granted(grant.user_id, READS_WORDS) for grant in self.support_reads()),
        )

    def employers_left(self) -> list[Employer]:
        """Those that have no strand yet."""
        having = {s.employer_id for s in self.strands}
        return [employer for employer in self.employers if employer.pk not in having]

    def strands_left(self) -> list[str]:
        """The kinds of strand that can be added."""
        here = {s.kind for s in self.strands if s.employer_id is None}
        return [kind for kind in STRAND_STATES if self._is_left(kind, here)]

    def _is_left(self, kind: str, here: set[str]) -> bool:
        return bool(self.employers_left()) if kind == EMPLOYMENT else kind not in here

    def may_take_it(self) -> list[Member]:
        """Those of the team whom it does not concern; once handed over, of the neighbours."""
        concerned = self.exceptions.conflicted
        abroad = self.referral.handed_over_at is not None
        return [m for m in self.team if m.is_neighbour == abroad and m.user.pk not in concerned]

    def neighbours(self) -> list[Member]:
        """The neighbouring LADOs who have a seat here."""
        return [m for m in self.team if m.is_neighbour]


def team_on(day: date) -> list[Member]:
    """The LADO team on a London day, those who decide first; one statement."""
    return _members(_seats().select_related("user"), day)


def _seats() -> QuerySet[Seat]:
    return Seat.objects.filter(kind__in=LADO_KINDS, user__is_active=True)


def _members(seats: Iterable[Seat], day: date) -> list[Member]:
    members = [Member(seat.user, seat.kind, seat.away_on(day)) for seat in seats]
    return sorted(members, key=lambda m: (LADO_KINDS.index(m.kind), m.user.pk))


def new_case(referral: Referral, team: list[Member], *, today: date) -> Case:
    """A referral that has nothing yet but itself."""
    return Case(referral=referral, today=today, team=team, **{name: [] for name in PARTS})


def read_case(referral: Referral, *, today: date) -> Case:
    """All rows of a referral but its entries, and the LADO team; one statement."""
    parts = {name: model._default_manager.filter(referral=referral) for name, model in PARTS.items()}
    people = User.objects.filter(pk__in=_seats().values("user"))
    rows = together(Referral.objects.filter(pk=referral.pk), {**parts, "seats": _seats(), "people": people})
    by_number = {person.pk: person for person in rows.pop("people")}
    seats: list[Seat] = rows.pop("seats")
    for seat in seats:
        seat.user = by_number[seat.user_id]
    return Case(referral=referral, today=today, team=_members(seats, today), **rows)


def parts_of(standing: Standing) -> frozenset[str]:
    """What a person of the team is to a referral, as they stand within it."""
    lado = {str(Who.LADO)} if standing.roles & DECIDES else set()
    support = {str(Who.SUPPORT)} if SeatKind.LADO_SUPPORT in standing.roles else set()
    return frozenset(lado | support)


def seat_of(standing: Standing) -> str:
    """The seat by which somebody of the team acts."""
    return next((kind for kind in LADO_KINDS if kind in standing.roles), Who.REFERRER.value)


def reads_words(case: Case, standing: Standing) -> bool:
    """The LADO and deputies read all; support only what they were let read, while that lasts."""
    here = standing.within(case.exceptions)
    return bool(here.roles & DECIDES) or READS_WORDS in here.granted


def facts_for(case: Case, *, parts: frozenset[str], user_id: int | None) -> Facts:
    """The referral as its guards see it, for one actor."""
    referral = case.referral
    return Facts(
        status=referral.status,
        limbs=len(referral.limbs),
        about_lado=referral.about_lado,
        handed_over=referral.handed_over_at is not None,
        neighbours=len(case.neighbours()),
        employers=len(case.employers),
        someone_leads=any(e.leads for e in case.employers),
        allegations=len(case.allegations),
        undecided=sum(not a.outcome for a in case.allegations),
        strands=len(case.strands),
        open_strands=sum(s.is_open for s in case.strands),
        strands_left=len(case.strands_left()),
        open_letters=sum(letter.answered_on is None for letter in case.letters),
        open_actions=sum(a.done_on is None for a in case.actions),
        open_questions=sum(q.answered_at is None for q in case.questions),
        news=referral.news,
        duties_needed=referral.duties_needed,
        dbs_answered=bool(referral.dbs_answer),
        regulator_answered=bool(referral.regulator_answer),
        late_unexplained=referral.late_unexplained,
        head_asked=referral.head_asked,
        others=sum(m.decides and m.user.pk != user_id for m in case.may_take_it()),
        kept_out=len(case.kept_out()),
        support_reads=len(case.support_reads()),
        parts=parts,
    )
