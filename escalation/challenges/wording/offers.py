"""What a reader is offered: steps as buttons and links."""

from core.web.components import Act
from escalation.challenges.queries import CaseView
from escalation.challenges.workflow import STEP


def act(view: CaseView, name: str, words: str = "") -> Act:
    """A step as a button or a link."""
    return Act(words or STEP[name].label, step_url(view, name))


def step_url(view: CaseView, name: str) -> str:
    """The address of a step's page."""
    return f"{view.url}{name}/"


def links(view: CaseView, *names: str) -> list[Act]:
    """Those of these steps that this reader can take now."""
    return [act(view, name) for name in names if view.offers(name)]
