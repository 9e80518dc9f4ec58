# SPDX-License-Identifier: Apache-2.0
"""What each day of each shop came to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0023_gift_offers'),
        ('merchants', '0013_badges'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountBook',
            fields=[
                ('merchant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='merchants.merchant')),
                ('upto', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('sales', 'Sales'), ('visits', 'Visits'), ('joined', 'Joined'), ('earned', 'Earned'), ('used', 'Used'), ('article', 'Article'), ('reward', 'Reward')], max_length=8)),
                ('day', models.DateField()),
                ('shop', models.CharField(blank=True, max_length=64)),
                ('key', models.CharField(blank=True, max_length=64)),
                ('label', models.CharField(blank=True, max_length=120)),
                ('times', models.BigIntegerField()),
                ('cents', models.BigIntegerField()),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='merchants.merchant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('merchant', 'what', 'day', 'shop', 'key', 'label'), name='counted_once')],
            },
        ),
    ]
