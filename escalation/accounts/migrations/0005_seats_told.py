"""Seats, closures and departures from before the trail told of them get the event that they lack, once.

Else verify_audit would name each as put in past the log, for ever. The act is "found": it says what stood here
when the log was brought up to date, and not who put it there. Rows that come later without an event are named.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from core.audit.chain import append_many_in_turn
from core.audit.kept import Told

CHAIN, SERVER, FOUND = "seats", "server", "found"
TOLD = {
    "Seat": Told("seat", skip=frozenset({"id", "given_at"}), secret=frozenset({"away_reason"})),
    "Closure": Told("closure", secret=frozenset({"name"})),
    "Departure": Told("departure"),
}
"""As escalation.accounts.events told of them when this was written."""


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    event, now = apps.get_model("accounts", "Event"), timezone.now()
    told_of = set(event.objects.filter(chain=CHAIN).values_list("object", flat=True))
    acts = [
        told.act(row, FOUND, by=None, at=now, seat=SERVER)
        for name, told in TOLD.items()
        for row in apps.get_model("accounts", name).objects.order_by("pk")
        if f"{told.kind}:{row.pk}" not in told_of
    ]
    if acts:
        append_many_in_turn(event, chain=CHAIN, acts=acts)


class Migration(migrations.Migration):
    dependencies = (("accounts", "0004_neighbouring_lado_seat"),)

    operations = (migrations.RunPython(tell, migrations.RunPython.noop),)
