# SPDX-License-Identifier: Apache-2.0
"""One log of what people did, in place of that of accounts alone; operators stay for a while."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WORDS = {
    "set": "account.factor",
    "codes": "account.codes",
    "used": "account.recovered",
    "removed": "account.plain",
    "reset": "account.reset",
}


def take_over(apps, schema_editor):
    """What was noted of accounts is in the log of everything."""
    deeds = apps.get_model("merchants", "Deed")
    for act in apps.get_model("merchants", "AccountAct").objects.select_related("person"):
        deeds.objects.create(
            merchant_id=act.person.merchant_id,
            person_id=act.by_id,
            did=WORDS[act.deed],
            about=f"person:{act.person_id}",
            reason=act.reason,
            at=act.at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0002_web_receipts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("did", models.CharField(max_length=24)),
                ("about", models.CharField(blank=True, max_length=100)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="merchants.merchant",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "entered",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stay",
                        to="merchants.deed",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["merchant", "at"], name="deeds_of_merchant"),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["person", "at"], name="deeds_of_person"),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["about", "at"], name="deeds_about"),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["at"], name="deeds_at"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("left_at", None)), fields=["until"], name="stays_open"
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="AccountAct",
        ),
    ]
