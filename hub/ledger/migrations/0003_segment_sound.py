# SPDX-License-Identifier: Apache-2.0
from django.db import migrations, models
from django.db.models import F


def mark_current(apps, _editor):
    segments = apps.get_model("ledger", "Segment").objects
    segments.filter(uuid=F("terminal__segment")).update(sound=True)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_snapshot_gen'),
    ]

    operations = [
        migrations.AddField(
            model_name='segment',
            name='sound',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_current, migrations.RunPython.noop),
    ]
