"""Evidence packs: begun, written, offered to a second person, signed and frozen; and what scrutineers say."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from core.machine import Moved, NotPermitted, Refused
from core.outbox.services import queue
from escalation.access.standing import Standing
from escalation.accounts.groups import SeatKind
from escalation.assurance import events
from escalation.assurance.acting import Acting
from escalation.assurance.models import Comment, EvidencePack, PackFile, PackRelease, PackState
from escalation.assurance.notifications import COMMENTED, OFFERED, others_of_the_unit
from escalation.assurance.pack_files import DOCUMENT, files_of, kept
from escalation.assurance.packs import document_of, figures_of, wrong_in
from escalation.assurance.queries import has_sat_on_a_panel
from escalation.policy.quarters import Quarter
from escalation.policy.section11 import framework_on
from escalation.policy.words import join
from escalation.reporting.models import number_of

MOVED = "Somebody else has changed this pack meanwhile."
FROZEN = "This pack is signed. Nothing of it changes any more."
NOT_YET = "This quarter is not over. Begin its packs once it is."
NO_STANDARD = "There is no such standard in the framework of that quarter."
ONE_AT_A_TIME = "There is a pack of this quarter and standard already. Go on with that one."
NOTHING_WRITTEN = "Write first what you see in these figures and answers."
OWN = "You wrote or offered this pack. Somebody else in the business unit has to sign it."
NOT_OFFERED = "This pack is being written. It can be signed once it is offered to a second person."
ON_ITS_PANEL = (
    "You sat on the panel of a challenge that closed in this quarter. Whoever did does not scrutinise it: "
    "ask the business unit who can."
)
SCRUTINEERS = (SeatKind.SCRUTINEER.value, SeatKind.YOUNG_SCRUTINEER.value)


def strange_words(numbers: list[str]) -> str:
    """What to do about numbers that nobody published."""
    quoted = join([f"“{each}”" for each in numbers])
    return f"{quoted}: no such figure is published. Say it without a number, or use a published one."


def _unit_only(standing: Standing) -> None:
    if not standing.in_business_unit:
        raise NotPermitted("Evidence packs are made by the business unit.")


@transaction.atomic
def begin_pack(quarter: Quarter, standard: int, *, key: UUID, by: Acting) -> EvidencePack:
    """Begin a pack of a quarter that is over. `key` is the form's own: a second click is the same pack."""
    _unit_only(by.standing)
    known = EvidencePack.objects.filter(uuid=key).first()
    if known is not None:
        return known
    if quarter.end >= by.today:
        raise Refused(NOT_YET, field="quarter")
    framework = framework_on(quarter.end)
    found = [each for each in framework.standards if each.number == standard] if framework else []
    if framework is None or not found:
        raise Refused(NO_STANDARD, field="standard")
    earlier = EvidencePack.objects.filter(number=number_of(quarter), standard=standard)
    if any(not (each.is_signed and each.is_withdrawn) for each in earlier.with_releases()):
        raise Refused(ONE_AT_A_TIME)
    pack = EvidencePack.objects.create(
        uuid=key,
        quarter=str(quarter),
        number=number_of(quarter),
        framework=framework.name,
        note=framework.note,
        standard=standard,
        standard_title=found[0].title,
        subject=next(iter(found[0].subjects), ""),
        edition=1 + (earlier.aggregate(last=Max("edition"))["last"] or 0),
        begun_by=by.user,
        begun_at=by.now,
    )
    events.record([pack], "begun", by=by)
    return pack


@transaction.atomic
def write_pack(pack: EvidencePack, *, narrative: str, gaps: str, seen: int, by: Acting) -> EvidencePack:
    """Say what is seen and what is not known. What was offered is a draft again. Raises Moved or Refused."""
    now = _open(pack, by)
    if (now.narrative, now.gaps) == (narrative, gaps):
        return now
    if now.version != seen:
        raise Moved(MOVED)
    now.narrative, now.gaps, now.written_by = narrative, gaps, by.user
    now.state, now.offered_by = PackState.DRAFT, None
    return _changed(now, "written", by)


@transaction.atomic
def offer_pack(pack: EvidencePack, *, by: Acting) -> EvidencePack:
    """Ask a second person to sign it; its numbers have to be published ones."""
    now = _open(pack, by)
    if now.state == PackState.OFFERED:
        return now  # a second click
    _check_words(now)
    now.state, now.offered_by, now.sent_back = PackState.OFFERED, by.user, ""
    _changed(now, "offered", by)
    queue(to=others_of_the_unit(by), kind=OFFERED, path=now.get_absolute_url(), now=by.now)
    return now


@transaction.atomic
def send_pack_back(pack: EvidencePack, *, why: str, by: Acting) -> EvidencePack:
    """The second person does not sign it as it is."""
    now = _open(pack, by)
    if now.state != PackState.OFFERED:
        raise Refused(NOT_OFFERED)
    now.state, now.offered_by, now.sent_back = PackState.DRAFT, None, why
    return _changed(now, "sent_back", by)


@transaction.atomic
def sign_pack(pack: EvidencePack, *, by: Acting) -> EvidencePack:
    """A second person signs: figures, answers and words are frozen as they are at this moment."""
    _unit_only(by.standing)
    now = EvidencePack.objects.select_for_update().get(pk=pack.pk)
    if now.is_signed:
        return now  # a second click
    if now.state != PackState.OFFERED:
        raise Refused(NOT_OFFERED)
    if by.user.pk in (now.offered_by_id, now.written_by_id):
        raise Refused(OWN)
    _check_words(now)
    return _freeze(now, by)


def _freeze(now: EvidencePack, by: Acting) -> EvidencePack:
    figures = figures_of(now)
    first = figures[0].release if figures else None
    now.state, now.signed_by, now.signed_at = PackState.SIGNED, by.user, by.now
    now.release, now.release_edition = first, first.edition if first else None
    files = [kept(now, each) for each in files_of(document_of(now, figures), _whole_seconds(by.now))]
    now.digest = next(each.etag for each in files if each.name == DOCUMENT)
    now.version += 1
    now.save()
    releases = [
        PackRelease.objects.create(pack=now, release=each.release, edition=each.release.edition)
        for each in figures
    ]
    rows = [_stored(each) for each in files]
    events.record([now, *releases, *rows], "signed", by=by)
    return now


def _stored(file: PackFile) -> PackFile:
    file.save()
    return file


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


@transaction.atomic
def comment(pack: EvidencePack, *, text: str, by: Acting) -> Comment:
    """What a scrutineer says of a signed pack; the same words again are the same comment."""
    seats = [each for each in SCRUTINEERS if each in by.standing.roles]
    if not seats:
        raise NotPermitted("Only the scrutineer and the young scrutineer comment on packs.")
    now = EvidencePack.objects.select_for_update().get(pk=pack.pk)
    if not now.is_signed:
        raise NotPermitted("This pack is not signed.")
    if has_sat_on_a_panel(by.user, now):
        raise Refused(ON_ITS_PANEL)
    last = now.comments.filter(by=by.user).first()
    if last is not None and last.text == text:
        return last
    said = Comment.objects.create(pack=now, by=by.user, seat=seats[0], at=by.now, text=text)
    events.record([said], "commented", by=by)
    queue(to=others_of_the_unit(by), kind=COMMENTED, path=now.get_absolute_url(), now=by.now)
    return said


def _open(pack: EvidencePack, by: Acting) -> EvidencePack:
    """The pack as it is now, held until the transaction ends. Raises Refused for a signed one."""
    _unit_only(by.standing)
    now = EvidencePack.objects.select_for_update().get(pk=pack.pk)
    if now.is_signed:
        raise Refused(FROZEN)
    return now


def _changed(now: EvidencePack, act: str, by: Acting) -> EvidencePack:
    now.version += 1
    now.save()
    events.record([now], act, by=by)
    return now


def _check_words(now: EvidencePack) -> None:
    if not now.narrative.strip():
        raise Refused(NOTHING_WRITTEN)
    wrong = wrong_in(now, figures_of(now))
    if wrong:
        raise Refused(strange_words(wrong))
