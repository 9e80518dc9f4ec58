# SPDX-License-Identifier: Apache-2.0
"""Staff have badges beside their PINs."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("merchants", "0012_links")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="staff", name="badge", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.AddField(
            model_name="staff", name="badge_last4", field=models.CharField(blank=True, max_length=4)
        ),
    ]
