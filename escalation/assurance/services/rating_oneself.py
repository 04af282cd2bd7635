"""An organisation says how it sees itself under a standard, in words that evidence packs can carry."""

from django.db import transaction

from core.machine import NotPermitted, Refused
from escalation.access.organisations import answering_for
from escalation.accounts.models import Organisation
from escalation.assurance import events
from escalation.assurance.acting import Acting
from escalation.assurance.models import SelfRating
from escalation.assurance.queries import framework_now
from escalation.policy.section11 import Framework
from escalation.policy.words import join
from escalation.retelling.narrative import strange_numbers

NOT_YOURS = "Leads, heads of service and partners of an organisation say this."
NOTHING_TO_RATE = "There is no such standard, or no such rating, in the framework of today."
WITHOUT_NUMBERS = (
    "Say it without numbers: these words stand in evidence packs, where every number is published."
)


@transaction.atomic
def rate_oneself(
    organisation: Organisation, standard: int, *, rating: str, words: str, by: Acting
) -> SelfRating:
    """Say it; the same again is no second time. Raises NotPermitted or Refused."""
    if not answering_for(by.standing).filter(pk=organisation.pk).exists():
        raise NotPermitted(NOT_YOURS)
    framework = framework_now(by)
    labels = {each.code: each.label for each in framework.ratings} if framework else {}
    if framework is None or rating not in labels or not _has(framework, standard):
        raise Refused(NOTHING_TO_RATE)
    _check_words(words, framework, standard)
    mine = SelfRating.objects.filter(organisation=organisation, standard=standard, framework=framework.name)
    last = mine.order_by("-pk").first()
    if last is not None and (last.rating, last.words) == (rating, words):
        return last
    row = SelfRating.objects.create(
        organisation=organisation,
        framework=framework.name,
        standard=standard,
        rating=rating,
        rating_words=labels[rating],
        words=words,
        by=by.user,
        at=by.now,
    )
    events.record([row], "self_rated", by=by)
    return row


def _has(framework: Framework, standard: int) -> bool:
    return any(each.number == standard for each in framework.standards)


def _check_words(words: str, framework: Framework, standard: int) -> None:
    named = (f"standard {standard}", framework.name, "section 11")
    found = strange_numbers(words, published=(), named=named)
    if found:
        quoted = join([f"“{each}”" for each in found])
        raise Refused(f"{quoted}: {WITHOUT_NUMBERS}", field="words")
