# SPDX-License-Identifier: Apache-2.0
"""Merchants are closed and opened again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0003_deeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="merchant",
            name="closed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
