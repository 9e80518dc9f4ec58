# SPDX-License-Identifier: Apache-2.0
"""What rules ask of a customer besides balances, and why something was given or taken."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0017_points_waiting'),
        ('merchants', '0009_credit_delay'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='birthday',
            field=models.CharField(blank=True, max_length=5),
        ),
        migrations.AddField(
            model_name='customer',
            name='member',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='pro',
            field=models.BooleanField(default=False, verbose_name='professionnel'),
        ),
        migrations.AddField(
            model_name='customer',
            name='segment',
            field=models.CharField(blank=True, max_length=40, verbose_name='groupe'),
        ),
        migrations.AddField(
            model_name='customer',
            name='tier',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='journalentry',
            name='cause',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('birthday', ''), _negated=True), fields=['merchant', 'birthday'], name='born'),
        ),
    ]
