# SPDX-License-Identifier: Apache-2.0
"""The database keeps the lines of the log as they are."""

from django.db import migrations

from hub.merchants import kept


def keep(apps, schema_editor):
    kept.keep(schema_editor.connection)


def lift(apps, schema_editor):
    kept.lift(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0007_deeds_of_programs"),
    ]

    operations = [migrations.RunPython(keep, lift)]
