# SPDX-License-Identifier: Apache-2.0
"""Which segment may be alive is the ledger's to say."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0005_how_far_tills_may_go'),
        ('ledger', '0009_rights_of_segments'),
    ]

    operations = [
        migrations.RemoveField('terminal', 'segment'),
    ]
