# SPDX-License-Identifier: Apache-2.0
"""Frozen and retired terminals, what a till may do by itself, and the words of the feed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0004_terminal_disk'),
    ]

    operations = [
        migrations.AddField('feeditem', 'word', models.CharField(blank=True, default='', max_length=16), preserve_default=False),
        migrations.AddField('hubepoch', 'grants', models.BigIntegerField(default=0)),
        migrations.AddField('merchant', 'card_cents', models.PositiveIntegerField(default=1000)),
        migrations.AddField('merchant', 'terminal_cents', models.PositiveIntegerField(default=20000)),
        migrations.AddField('merchant', 'unheard_cents', models.PositiveIntegerField(default=20000)),
        migrations.AddField('merchant', 'suspended_at', models.DateTimeField(null=True)),
        migrations.AddField('terminal', 'frozen', models.BooleanField(default=False)),
        migrations.AddField('terminal', 'retired_at', models.DateTimeField(null=True)),
        migrations.AddField('terminal', 'waits', models.BooleanField(default=False)),
        migrations.AddField('terminal', 'retired_gen', models.PositiveIntegerField(default=0)),
    ]
