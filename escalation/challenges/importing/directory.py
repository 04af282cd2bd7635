"""Who is where, as an import needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from escalation.accounts.models import Seat, Setting, User, plain_email
from escalation.challenges.importing.words import place_names
from escalation.sheets import plain


@dataclass(frozen=True)
class Directory:
    """Who is where, as the import needs it; two statements."""

    settings: Mapping[str, Setting]
    seats: Sequence[Seat]

    @classmethod
    def read(cls) -> "Directory":
        settings = Setting.objects.select_related("organisation")
        seats = Seat.objects.filter(setting__isnull=False, user__is_active=True)
        return cls(place_names(settings), list(seats.select_related("user").order_by("pk")))

    @cached_property
    def _people(self) -> dict[tuple[str, int], list[User]]:
        """By address or plain name, and setting."""
        found: dict[tuple[str, int], list[User]] = {}
        for seat in self.seats:
            for name in (seat.user.email, plain(seat.user.full_name)):
                people = found.setdefault((name, seat.setting_id or 0), [])
                if seat.user not in people:
                    people.append(seat.user)
        return found

    @cached_property
    def _leads(self) -> dict[tuple[int, str], list[User]]:
        found: dict[tuple[int, str], list[User]] = {}
        for seat in self.seats:
            found.setdefault((seat.setting_id or 0, seat.kind), []).append(seat.user)
        return found

    def person(self, said: str, setting: Setting) -> User | None:
        """Somebody who works in a setting, by address or by name; None for nobody, or for two."""
        for name in (plain_email(said), plain(said)):
            people = self._people.get((name, setting.pk), [])
            if len(people) == 1:
                return people[0]
        return None

    def holders(self, setting: Setting, kind: str) -> list[User]:
        return self._leads.get((setting.pk, kind), [])
