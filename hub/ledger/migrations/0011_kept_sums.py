# SPDX-License-Identifier: Apache-2.0
"""Sums of movements by day, whom each shop met, and how many transactions there are by day.

What was counted before is counted again, within minutes: some of it was not counted then.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0010_mails'),
        ('merchants', '0005_retention'),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM ledger_count", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM ledger_countbook", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='SumBook',
            fields=[
                ('merchant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='merchants.merchant')),
                ('upto', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AlterField(
            model_name='count',
            name='what',
            field=models.CharField(choices=[('sales', 'Sales'), ('visits', 'Visits'), ('joined', 'Joined'), ('article', 'Article'), ('reward', 'Reward'), ('written', 'Written'), ('listed', 'Listed')], max_length=8),
        ),
        migrations.CreateModel(
            name='DaySum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('shop', models.CharField(blank=True, max_length=64)),
                ('kind', models.CharField(max_length=8)),
                ('key', models.CharField(blank=True, max_length=64)),
                ('lost', models.BooleanField()),
                ('entry', models.CharField(max_length=24)),
                ('cause', models.CharField(blank=True, max_length=12)),
                ('up', models.BooleanField()),
                ('times', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='merchants.merchant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('merchant', 'kind', 'day', 'shop', 'key', 'lost', 'entry', 'cause', 'up'), name='summed_once')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.CharField(max_length=64)),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.shop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shop', 'customer'), name='met_once')],
            },
        ),
    ]
