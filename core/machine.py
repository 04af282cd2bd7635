"""The engine of a case log: one row per step, and the state machine made from the rows.

A case app writes a table of `Step` rows. From that one table come the machine, the buttons, the
step pages, the API's offers and the documentation. Nothing here knows what a case is about.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from django_fsm import RETURN_VALUE, transition


class CaseFacts(Protocol):
    """What the engine itself asks of a case's facts: its status, and what the actor is to it."""

    @property
    def status(self) -> str: ...

    @property
    def parts(self) -> frozenset[str]: ...


Facts = TypeVar("Facts", bound=CaseFacts)


class StepError(Exception):
    """Why a step was not taken, in words for the person who tried; nothing has changed."""


class NotPermitted(StepError):
    """In sight, but not this person's to do (403)."""


class Refused(StepError):
    """The rules say no, in a sentence that says what can be done (422). `field`: the answer at fault."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Moved(StepError):
    """Somebody else changed the case since this page was opened (409); what was typed must be kept."""


@dataclass(frozen=True)
class Step(Generic[Facts]):
    """One thing somebody can do to a case.

    `target` is the status it leads to, a function of the facts where that depends ("the last one
    has replied"), or None where the status stays. A guard answers None, or the sentence that says
    why not. `asks` names the answers the step's page asks for, `needs` those it cannot do without.
    Nobody gets a notice of what is `quiet`.
    `sure`: what happens, for a page that asks once more before what people cannot undo themselves.
    """

    name: str
    label: str
    past: str
    source: tuple[str, ...]
    target: str | Callable[[Facts], str] | None
    who: frozenset[str]
    banner: str
    why: str
    guards: tuple[Callable[[Facts], str | None], ...] = ()
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    ends_clocks: bool = False
    quiet: bool = False
    audience: str = "all_parties"
    targets: tuple[str, ...] = field(default=())
    sure: tuple[str, ...] = ()

    def refusals(self, facts: Facts) -> dict[Callable[[Facts], str | None], str]:
        """Every guard that says why this step cannot be taken now, with its sentence; in their order."""
        return {guard: no for guard in self.guards if (no := guard(facts)) is not None}

    def refusal(self, facts: Facts) -> str | None:
        """The first guard's sentence that says why this step cannot be taken now, or None."""
        return next((no for guard in self.guards if (no := guard(facts)) is not None), None)

    def is_offered(self, facts: Facts) -> bool:
        """Whether its button is shown: it is this person's, possible from here, and no guard says no."""
        return bool(self.who & facts.parts) and facts.status in self.source and self.refusal(facts) is None

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Every status this step can lead to; empty where the status stays."""
        if self.target is None:
            return ()
        return (self.target,) if isinstance(self.target, str) else self.targets


def method_name(step: Step[Any]) -> str:
    """The machine's method for a step: fsm_<name>, apart from every other attribute of a model."""
    return f"fsm_{step.name}"


def machine(field_name: str, steps: Iterable[Step[Any]]) -> type:
    """A mix-in with one django-fsm transition per row that moves the status.

    Its methods check no permission and save nothing: the service that calls them does both.
    """
    return type(
        "Machine", (), {method_name(s): _transition(field_name, s) for s in steps if s.target is not None}
    )


def _transition(field_name: str, step: Step[Any]) -> Callable[..., Any]:
    def move(self: object, facts: Any) -> str | None:
        return step.target(facts) if callable(step.target) else None

    move.__name__ = method_name(step)
    move.__doc__ = step.why
    target = RETURN_VALUE(*step.targets) if callable(step.target) else step.target
    decorated: Callable[..., Any] = transition(field=field_name, source=list(step.source), target=target)(
        move
    )
    return decorated
