"""Why a step was not taken. Each carries what the person can be told; none of them changes anything."""


class StepError(Exception):
    """A step that was not taken; nothing has changed."""


class NotPermitted(StepError):
    """In sight, but not this person's to do (403)."""


class Refused(StepError):
    """The rules say no, in a sentence that says what can be done (422). `field`: the answer at fault."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Moved(StepError):
    """Somebody else changed the challenge since this page was opened (409); what was typed must be kept."""
