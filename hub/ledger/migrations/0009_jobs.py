# SPDX-License-Identifier: Apache-2.0
"""What the jobs did last is written down, and at which merchant one broke."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0008_last_seen'),
        ('merchants', '0005_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='JobRun',
            fields=[
                ('job', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('lasted_ms', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('wanted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='JobFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=20)),
                ('since', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('error', models.CharField(max_length=60)),
                ('place', models.CharField(max_length=80)),
                ('message', models.CharField(blank=True, max_length=200)),
                ('merchant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.merchant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('job', 'merchant'), name='job_fails_once_at_each'), models.UniqueConstraint(condition=models.Q(('merchant', None)), fields=('job',), name='job_fails_once_whole')],
            },
        ),
    ]
