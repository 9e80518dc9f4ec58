# SPDX-License-Identifier: Apache-2.0
"""Second factors, recovery codes, tries that are counted, open sessions, what was done to whom."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = settings.AUTH_USER_MODEL
ID = models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("merchants", "0015_modules")]
    operations: ClassVar = [
        migrations.AddField("person", "factor", models.CharField(blank=True, max_length=120)),
        migrations.AddField("person", "factor_step", models.BigIntegerField(default=0)),
        migrations.AlterField(
            "link",
            "purpose",
            models.CharField(
                choices=[
                    ("activate", "Activate"),
                    ("password", "Password"),
                    ("address", "Address"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            "AccountAct",
            [
                ("id", ID),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("set", "Second facteur activé"),
                            ("codes", "Codes de secours refaits"),
                            ("used", "Entrée avec un code de secours"),
                            ("removed", "Second facteur retiré"),
                            ("reset", "Second facteur retiré par l’exploitant"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=PERSON,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to=PERSON,
                    ),
                ),
            ],
            {"ordering": ["-at", "-pk"]},
        ),
        migrations.CreateModel(
            "OpenSession",
            [
                ("id", ID),
                ("key", models.CharField(max_length=40, unique=True)),
                ("agent", models.CharField(blank=True, max_length=300)),
                ("address", models.GenericIPAddressField(null=True)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=PERSON,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "RecoveryCode",
            [
                ("id", ID),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=PERSON,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "Try",
            [
                ("id", ID),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            {"indexes": [models.Index(fields=["key", "at"], name="tries_of_key")]},
        ),
    ]
