# SPDX-License-Identifier: Apache-2.0
"""What was awarded to expire on which day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0020_evaluations'),
        ('merchants', '0010_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='LotBook',
            fields=[
                ('merchant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='merchants.merchant')),
                ('upto', models.BigIntegerField(default=0)),
                ('day', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.CharField(max_length=64)),
                ('day', models.DateField(null=True)),
                ('points', models.BigIntegerField()),
                ('merchant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='merchants.merchant')),
            ],
            options={
                'indexes': [models.Index(fields=['merchant', 'customer'], name='lots_of_customer'), models.Index(condition=models.Q(('day__isnull', False)), fields=['merchant', 'day'], name='lots_by_day')],
            },
        ),
    ]
