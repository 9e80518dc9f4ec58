# SPDX-License-Identifier: Apache-2.0
"""The movements of a sale's rest are found by their account too, as those of a gift card are."""

from django.db import migrations, models

RESTS = """
UPDATE ledger_movement SET by_account = true
WHERE account_id IN (SELECT id FROM ledger_account WHERE kind = 'rest')
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_forgetting")]

    operations = [
        migrations.RemoveIndex(model_name="movement", name="movement_of_gift"),
        migrations.RenameField(model_name="movement", old_name="gift", new_name="by_account"),
        migrations.RunSQL(RESTS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(
                fields=["account"],
                name="movement_by_account",
                condition=models.Q(by_account=True),
            ),
        ),
    ]
