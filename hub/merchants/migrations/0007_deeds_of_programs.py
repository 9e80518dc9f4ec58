# SPDX-License-Identifier: Apache-2.0
"""What programs do by the interface is in the log, too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0006_mails'),
    ]

    operations = [
        migrations.AddField(
            model_name='deed',
            name='token',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.token'),
        ),
    ]
