"""The words we know, each with the spellings that mean it: the policy's, the directory's, and old logs'."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from escalation.accounts.models import Organisation, Setting
from escalation.challenges.services.earlier import OPEN
from escalation.challenges.workflow import Status
from escalation.policy.document import Policy
from escalation.policy.words import NUMBERS
from escalation.sheets import Terms, plain

BEFORE_A_NUMBER = ("", "stage", "stg", "st", "s", "step", "level", "lvl", "l")

VOCABULARIES = {
    "about": "plain word for what it is about",
    "issue": "kind of issue",
    "age_band": "age",
    "scope": "scope",
    "child_status": "kind of help",
    "answer": "answer",
    "outcome": "outcome",
    "impact": "impact",
    "withdrawal_reason": "reason for withdrawing",
    "void_reason": "reason why it is void",
}
"""Those of the policy, and what one of their words is called."""

STATUS_SPELLINGS = {
    "open": ("ongoing", "live", "active", "pending", "in progress", "awaiting response", "on hold"),
    "closed": ("resolved", "complete", "completed", "concluded", "ended", "settled"),
    "withdrawn": ("no longer needed", "not pursued"),
    "transferred": ("moved area", "transferred out"),
    "void": ("duplicate", "entered in error", "error"),
}
STATUSES: dict[str, Status] = {
    "open": OPEN,
    "closed": Status.CLOSED,
    "withdrawn": Status.WITHDRAWN,
    "transferred": Status.TRANSFERRED,
    "void": Status.VOID,
}
NOT_IN_DIRECTORY = (
    "Is it a service that the directory lacks? Add it to the directory's file, and load that first: "
    "manage.py load_directory FILE."
)
YEARS = ("", "y", "yr", "yrs", "years", "yo")
AGES = {
    "unborn": ("pre birth", "prebirth", "ub"),
    "not_known": ("unknown", "nk", "not recorded"),
}


def known_words(policy: Policy, settings: Sequence[Setting]) -> dict[str, Terms]:
    """By vocabulary; "setting" holds the names of `place_names`."""
    terms = {
        name: Terms(_of_policy(policy, name), what=what, labels=_labels(policy, name))
        for name, what in VOCABULARIES.items()
        if name in policy.vocabularies
    }
    terms["age_band"] = terms["age_band"].with_spellings(_ages(policy))
    return {
        **terms,
        "stage": Terms(
            _stages(policy), what="stage", labels={str(stage.number): stage.name for stage in policy.stages}
        ),
        "status": Terms(STATUS_SPELLINGS, what="status"),
        "yes_no": Terms({"yes": ("y", "true", "1"), "no": ("n", "false", "0")}, what="yes or no"),
        "setting": Terms(_places(settings), what="service of the directory", lacking=NOT_IN_DIRECTORY),
    }


def _labels(policy: Policy, name: str) -> dict[str, str]:
    return {term.code: term.label for term in policy.terms(name)}


def _of_policy(policy: Policy, name: str) -> dict[str, tuple[str, ...]]:
    """A group's name is not a spelling of what is in it."""
    return {term.code: (term.label, term.short) for term in policy.terms(name)}


def _ages(policy: Policy) -> dict[str, tuple[str, ...]]:
    """ "7" and "7 years" fall in the band that holds them, by the codes of the bands: age_5_9."""
    found: dict[str, tuple[str, ...]] = dict(AGES)
    for term in policy.terms("age_band"):
        ends = [int(part) for part in term.code.split("_") if part.isdecimal()]
        if len(ends) == 2:
            ages = range(ends[0], ends[1] + 1)
            years = (f"{age}{unit}" for age in ages for unit in YEARS)
            found[term.code] = (f"{ends[0]}-{ends[1]}", *years)
    known = {term.code for term in policy.terms("age_band")}
    return {code: spellings for code, spellings in found.items() if code in known}


def _stages(policy: Policy) -> dict[str, tuple[str, ...]]:
    """ "2" is also "S2", "Stage two", "stg 2", and the stage's own name."""
    return {
        str(stage.number): (
            stage.name,
            stage.long_name,
            *_numbered(stage.number),
        )
        for stage in policy.stages
    }


def _numbered(number: int) -> Iterable[str]:
    return (f"{word}{said}" for word in BEFORE_A_NUMBER for said in (number, NUMBERS[number]))


def place_names(settings: Iterable[Setting]) -> Mapping[str, Setting]:
    """What each setting is called in a mapping: its name, with its organisation where two share it."""
    settings = list(settings)
    shared = Counter(plain(setting.name) for setting in settings)
    return {
        setting.name if shared[plain(setting.name)] == 1 else _whole_name(setting): setting
        for setting in settings
    }


def _places(settings: Sequence[Setting]) -> dict[str, tuple[str, ...]]:
    """By its name, with or without its organisation; an organisation of one setting is that setting."""
    alone = Counter(setting.organisation_id for setting in settings)
    return {
        name: (
            _whole_name(setting),
            *(_names(setting.organisation) if alone[setting.organisation_id] == 1 else ()),
        )
        for name, setting in place_names(settings).items()
    }


def _whole_name(setting: Setting) -> str:
    return f"{setting.name}, {setting.organisation.name}"


def _names(organisation: Organisation) -> tuple[str, ...]:
    return (organisation.name, organisation.short_name)
