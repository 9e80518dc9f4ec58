# SPDX-License-Identifier: Apache-2.0
"""What a customer's own accounts hold stands with the customer: lists are sorted and summed by it."""

from django.db import migrations, models


def balance(kind: str, key: str = "") -> str:
    return (
        "coalesce((SELECT balance FROM ledger_account AS held"
        " WHERE held.merchant_id = ledger_customer.merchant_id"
        f" AND held.owner = ledger_customer.uuid AND held.kind = '{kind}' AND held.key = '{key}'), 0)"
    )


STAND = f"""
UPDATE ledger_customer SET
own_points = {balance("points")} - {balance("owed", "points")}, own_visits = {balance("visits")}
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_kept_sums")]

    operations = [
        migrations.AddField(
            model_name="customer", name="own_points", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="customer", name="own_visits", field=models.BigIntegerField(default=0)
        ),
        migrations.RunSQL(STAND, migrations.RunSQL.noop),
    ]
