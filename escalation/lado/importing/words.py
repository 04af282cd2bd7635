"""The words we know, each with the spellings that mean it: the LADO policy's, and those of old logs."""

from collections.abc import Mapping

from escalation.lado.workflow import Status
from escalation.policy.lado import LadoPolicy
from escalation.sheets import Terms

OPEN, CLOSED = "open", "closed"
MET, CONTACT = "threshold_met", "contact_only"

LEGACY_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "substantiated": ("founded", "upheld", "proven", "proved", "partially substantiated"),
    "unsubstantiated": ("inconclusive", "not proven", "unproven"),
    "unfounded": ("no case to answer", "without foundation"),
    "false": ("deliberately false", "untrue"),
    "malicious": ("deliberately invented",),
}
"""Words that the guidance no longer has, and logs of those years do."""
STATUS_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    OPEN: ("ongoing", "on going", "live", "active", "pending", "in progress", "not concluded", "awaiting outcome"),
    CLOSED: ("concluded", "complete", "completed", "ended", "finished"),
    Status.ADVICE_GIVEN: ("advice", "advice only", "advice given", "consultation", "enquiry", "information only"),
    Status.BELOW_THRESHOLD: (
        "below threshold", "threshold not met", "did not meet threshold", "nfa", "no further action",
    ),
    Status.TRANSFERRED: ("transferred", "transferred out", "other lado", "other authority", "out of area"),
    Status.NO_FURTHER_ROLE: ("no lado role", "no further lado role", "no role"),
}  # fmt: skip
STATUSES: Mapping[str, Status] = {
    CLOSED: Status.CLOSED,
    **{
        s: s
        for s in (Status.ADVICE_GIVEN, Status.BELOW_THRESHOLD, Status.TRANSFERRED, Status.NO_FURTHER_ROLE)
    },
}
"""Where one that has ended stands, by our word; one that is open stands where its work goes on."""
LEVEL_SPELLINGS = {
    MET: (
        "threshold met",
        "met",
        "met threshold",
        "referral",
        "allegation",
        "yes",
        "y",
        "asv",
        "strategy meeting",
    ),
    CONTACT: (
        "contact",
        "advice",
        "advice only",
        "consultation",
        "enquiry",
        "no",
        "n",
        "threshold not met",
        "not met",
    ),
}
YES_NO = {"yes": ("y", "true", "1"), "no": ("n", "false", "0", "not")}
DBS = {"referred": ("yes", "y", "referral made"), "not_required": ("no", "n", "not applicable")}
REGULATOR = {"told": ("yes", "y", "informed", "referred"), "not_required": ("no", "n", "not applicable")}
VOCABULARIES = {"source": "source", "sector": "sector", "role": "role", "nature": "kind of allegation"}


def known_words(policy: LadoPolicy) -> dict[str, Terms]:
    """By vocabulary. An outcome may also be a word for where it stands: "ongoing" often stands among them."""
    states = {str(code): spellings for code, spellings in STATUS_SPELLINGS.items()}
    outcomes = _with(_labels(policy, "outcome"), LEGACY_OUTCOMES)
    return {
        **{name: _terms(policy, name, _labels(policy, name), what) for name, what in VOCABULARIES.items()},
        "outcome": _terms(policy, "outcome", {**outcomes, **states}, "outcome"),
        "status": Terms(states, what="status"),
        "level": Terms(LEVEL_SPELLINGS, what="level"),
        "yes_no": Terms(YES_NO, what="yes or no"),
        "dbs_answer": _terms(
            policy, "dbs_answer", _with(_labels(policy, "dbs_answer"), DBS), "answer about the DBS"
        ),
        "regulator_answer": _terms(
            policy,
            "regulator_answer",
            _with(_labels(policy, "regulator_answer"), REGULATOR),
            "answer about the regulator",
        ),
    }


def _terms(policy: LadoPolicy, name: str, known: Mapping[str, tuple[str, ...]], what: str) -> Terms:
    """The words of a vocabulary of the policy, with what people read for them."""
    labels = {term.code: term.label for term in policy.vocabularies[name]}
    return Terms(known, what=what, labels=labels)


def _labels(policy: LadoPolicy, name: str) -> dict[str, tuple[str, ...]]:
    return {term.code: (term.label,) for term in policy.vocabularies[name]}


def _with(
    labels: Mapping[str, tuple[str, ...]], spellings: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    return {code: (*known, *spellings.get(code, ())) for code, known in labels.items()}
