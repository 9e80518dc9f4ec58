# SPDX-License-Identifier: Apache-2.0
"""What the evaluation of tiers found, how far it came, and who is reminded of what."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0019_changes_by_tokens'),
        ('merchants', '0009_credit_delay'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evaluation',
            fields=[
                ('merchant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='merchants.merchant')),
                ('day', models.DateField()),
                ('version', models.PositiveIntegerField()),
                ('upto', models.BigIntegerField(default=0)),
                ('again', models.BooleanField(default=False)),
                ('done', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddField(
            model_name='customer',
            name='figure',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='customer',
            name='losing_on',
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('expiry', 'Expiry'), ('tier', 'Tier')], max_length=8)),
                ('day', models.DateField()),
                ('amount', models.BigIntegerField(default=0)),
                ('name', models.CharField(blank=True, max_length=40)),
                ('made_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='ledger.customer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['made_at'], name='unreminded')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'about', 'day'), name='reminded_once')],
            },
        ),
    ]
