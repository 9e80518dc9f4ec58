# SPDX-License-Identifier: Apache-2.0
"""Why a mail did not go out is kept with it."""

from django.db import migrations, models


def given_up(apps, schema_editor):
    """Gift cards whose mail was known not to arrive are still not tried again."""
    cards = apps.get_model("ledger", "GiftCard")
    untold = apps.get_model("ledger", "Incident").objects.filter(kind="gift_untold", closed_at=None)
    for merchant, subject in untold.values_list("merchant", "subject"):
        cards.objects.filter(merchant=merchant, fingerprint=subject, sent_at=None).update(
            given_up=True
        )


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0009_jobs'),
    ]

    operations = [
        migrations.AddField(
            model_name='giftcard',
            name='error',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='giftcard',
            name='failed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='giftcard',
            name='given_up',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='pointsnotice',
            name='error',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='pointsnotice',
            name='failed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='pointsnotice',
            name='given_up',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='reminder',
            name='error',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='reminder',
            name='failed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='reminder',
            name='given_up',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(given_up, migrations.RunPython.noop),
    ]
