"""By which way an act came into the log; its event says so."""

from enum import StrEnum


class Channel(StrEnum):
    """`codes["channel"]` of an event. Events from before there were channels have none."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    SYSTEM = "system"
