"""Field groups: which parts of a record a person may see is decided by the group, never by single fields."""

from enum import StrEnum


class FieldGroup(StrEnum):
    """Rights are relation x action x field group; what is not given is refused."""

    F0 = "F0"
    """Reference, stage, status, dates, settings, coded issue."""
    F1 = "F1"
    """Text: the worry, positions, replies, actions; and the pointers to the child. Reading it is logged."""
    F2 = "F2"
    """Who raised it. Reading it is logged."""
    F3 = "F3"
    """Outcome and learning."""
    F4 = "F4"
    """A LADO record, whole. Reading it is logged."""
    F5 = "F5"
    """The read log."""


LOGGED_WHEN_READ = frozenset({FieldGroup.F1, FieldGroup.F2, FieldGroup.F4})
"""A page that shows one of these writes a line in the read log before it is sent."""
