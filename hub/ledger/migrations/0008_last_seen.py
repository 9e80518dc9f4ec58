# SPDX-License-Identifier: Apache-2.0
"""Who came for a refund, a gift card or an appointment was last seen then."""

from django.db import migrations
from django.db.models import Max, Q


def backfill(apps, _schema_editor):
    """What was written from now on is written as it is posted; this is what came before."""
    names = ("Customer", "JournalEntry", "Appointment")
    customers, entries, appointments = (
        apps.get_model("ledger", name).objects for name in names
    )
    came = (
        entries.filter(kind__in=("gift_sold", "refunded"), outcome="posted")
        .exclude(customer="")
        .values_list("merchant", "customer", "shop")
        .annotate(last=Max("at"))
    )
    served = (
        appointments.filter(state="done")
        .values_list("merchant", "customer__uuid", "shop")
        .annotate(last=Max("starts_at"))
    )
    for found in (came, served):
        for merchant, uuid, shop, last in found.order_by().iterator(1000):
            earlier = Q(seen_at=None) | Q(seen_at__lt=last)
            customers.filter(earlier, merchant=merchant, uuid=uuid).update(
                seen_at=last, seen_shop=shop
            )


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_consents_asked'),
    ]

    operations = [
        migrations.RunPython(backfill, migrations.RunPython.noop),
    ]
