# SPDX-License-Identifier: Apache-2.0
"""Whether a sale may be paid back at another shop than its own."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("merchants", "0010_tokens")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="merchant",
            name="refunds_anywhere",
            field=models.BooleanField(default=False),
        ),
    ]
