# SPDX-License-Identifier: Apache-2.0
"""What is owed of an account with a key names the key, too: two names in one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_terminals_leave")]

    operations = [
        migrations.AlterField("account", "key", models.CharField(blank=True, max_length=64)),
        migrations.AlterField("spendingright", "key", models.CharField(blank=True, max_length=64)),
    ]
