# SPDX-License-Identifier: Apache-2.0
"""Cards that were lost."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("ledger", "0024_counts")]

    operations = [
        migrations.AddField(
            model_name="card", name="blocked_at", field=models.DateTimeField(null=True)
        ),
    ]
