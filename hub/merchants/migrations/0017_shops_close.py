# SPDX-License-Identifier: Apache-2.0
"""A shop can close; what it sold stays."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("merchants", "0016_safe_sign_in")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="shop", name="closed_at", field=models.DateTimeField(null=True)
        ),
    ]
