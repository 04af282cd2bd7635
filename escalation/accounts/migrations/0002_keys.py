"""Keys have a public name, an issuer and a trail. One from before has no trail: `verify_audit` names it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import escalation.accounts.models
from core.audit.triggers import append_only


def name_each(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    for key in apps.get_model("accounts", "ApiToken").objects.all():
        key.uuid = escalation.accounts.models.new_key_id()
        key.save(update_fields=["uuid"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="apitoken", options={"ordering": ("-created_at", "-pk")}),
        migrations.AddField(
            model_name="apitoken",
            name="issued_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="apitoken", name="uuid", field=models.UUIDField(null=True, editable=False)
        ),
        migrations.RunPython(name_each, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="apitoken",
            name="uuid",
            field=models.UUIDField(
                default=escalation.accounts.models.new_key_id, editable=False, unique=True
            ),
        ),
        migrations.AlterField(model_name="apitoken", name="created_at", field=models.DateTimeField()),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.CharField(max_length=80)),
                ("seq", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "seat",
                    models.CharField(blank=True, help_text="How they acted then, coded", max_length=80),
                ),
                ("act", models.CharField(max_length=80)),
                ("object", models.CharField(blank=True, max_length=120)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("codes", models.JSONField(blank=True, default=dict)),
                (
                    "digest",
                    models.CharField(
                        blank=True, help_text="Keyed digest of the words kept elsewhere", max_length=64
                    ),
                ),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        help_text="Empty: the system",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["object", "chain"], name="accounts_event_object"),
                    models.Index(fields=["chain", "at"], name="accounts_event_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "seq"), name="accounts_event_chain_seq")
                ],
            },
        ),
        *append_only("accounts_event", key=("chain", "seq")),
    ]
