# SPDX-License-Identifier: Apache-2.0
"""Tiers, as the merchant edits them."""

import django.db.models.deletion
import hub.merchants.models
import loyalty.tier
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0009_credit_delay'),
        ('programmes', '0004_editor'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tiering',
            fields=[
                ('merchant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='merchants.merchant')),
                ('criterion', models.CharField(default=loyalty.tier.Criterion['AMOUNT'], max_length=8, verbose_name='critère')),
                ('period', models.CharField(default=loyalty.tier.Period['ALL'], max_length=8, verbose_name='période')),
                ('downgrade', models.CharField(default=loyalty.tier.Downgrade['AT_ONCE'], max_length=8, verbose_name='perte')),
                ('warn_days', models.PositiveSmallIntegerField(default=30, verbose_name='jours d’avertissement')),
            ],
        ),
        migrations.CreateModel(
            name='Tier',
            fields=[
                ('id', models.CharField(default=hub.merchants.models.new_id, max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=30, verbose_name='nom')),
                ('threshold', models.PositiveBigIntegerField(default=0, verbose_name='seuil')),
                ('factor_bp', models.PositiveIntegerField(default=10000, verbose_name='points multipliés par')),
                ('segment', models.CharField(blank=True, max_length=40, verbose_name='groupe')),
                ('colour', models.CharField(default='#1D4A3C', max_length=7, verbose_name='couleur du nom')),
                ('description', models.CharField(blank=True, max_length=400, verbose_name='description')),
                ('image', models.BinaryField(blank=True, default=b'')),
                ('image_type', models.CharField(blank=True, max_length=20)),
                ('rank', models.IntegerField(default=0)),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='merchants.merchant')),
            ],
            options={
                'ordering': ['threshold', 'rank', 'pk'],
            },
        ),
    ]
