# SPDX-License-Identifier: Apache-2.0
"""Points that wait are found by their day; no other account pays for it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0016_points_notices'),
        ('merchants', '0009_credit_delay'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='account',
            index=models.Index(condition=models.Q(('balance__gt', 0), ('kind', 'pending')), fields=['merchant', 'key'], name='points_waiting'),
        ),
    ]
