# SPDX-License-Identifier: Apache-2.0
"""Modules can be closed by the operator and switched off by the merchant."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("merchants", "0014_themes")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="merchant",
            name="modules_closed",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="merchant",
            name="modules_off",
            field=models.CharField(blank=True, max_length=80),
        ),
    ]
