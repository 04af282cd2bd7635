from django.db import migrations

from core.audit.triggers import append_only


class Migration(migrations.Migration):
    """A case keeps the policy it was opened under, so a version can be neither edited nor deleted."""

    dependencies = [("rulebook", "0001_initial")]

    operations = append_only("rulebook_policyversion", key=("key", "version"))
