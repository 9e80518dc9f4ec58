# SPDX-License-Identifier: Apache-2.0
"""Why a mail did not go out is kept with it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0005_retention'),
    ]

    operations = [
        migrations.AddField(
            model_name='link',
            name='error',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='link',
            name='failed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='link',
            name='given_up',
            field=models.BooleanField(default=False),
        ),
    ]
