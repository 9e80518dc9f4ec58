# SPDX-License-Identifier: Apache-2.0
"""How long the tiers of 100,000 customers take to work out, all of whom get another one (issue 5)."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.figure import Figure, timed_ms
from tests.bench.scene import database_name

CUSTOMERS = 100_000
SALES = 3
"""Of each."""
MOST_S = 20.0
NOW = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)
CHUNK = 5_000


def measure(folder: Path) -> list[Figure]:
    """Evaluate once where everybody's tier changes; adding up the same sales is the floor."""
    os.environ |= {"HUB_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from hub.ledger import tiering
    from loyalty.tier import Criterion, Period, Tier, TierPlan
    from tests.hub.rules import rules

    merchant = _merchant()
    plan = TierPlan(criterion=Criterion.AMOUNT, period=Period.ROLLING)
    tiers = (
        Tier(id="silver", name="Argent", threshold=40_00),
        Tier(id="gold", name="Or", threshold=90_00),
    )
    rules(merchant.pk, tiers=tiers, tiering=plan)
    today = NOW.date()
    floor_s = timed_ms(lambda: tiering.figures_of(merchant, plan, today)) / 1000
    whole_s = timed_ms(lambda: tiering.evaluate(merchant, now=NOW)) / 1000
    again_s = timed_ms(lambda: tiering.evaluate(merchant, now=NOW + timedelta(days=1))) / 1000
    return [
        Figure(
            name=f"tiers of {CUSTOMERS:,} customers, {what}, {database_name()}",
            value=seconds,
            unit="s",
            floor=floor_s,
            beside=f"adding up their {CUSTOMERS * SALES:,} sales twice",
            goal=f"≤ {MOST_S:g} s",
            held=seconds <= MOST_S,
        )
        for what, seconds in (("all changed", whole_s), ("the next night", again_s))
    ]


def _merchant():
    from hub.ledger.dating import hour_of
    from hub.ledger.models import Card, Customer, JournalEntry
    from hub.merchants.registry import open_merchant

    merchant = open_merchant("bench", "Bench", card_prefix="29")
    for first in range(0, CUSTOMERS, CHUNK):
        people = Customer.objects.bulk_create(
            Customer(merchant=merchant, uuid=f"c{n}", first_name=f"C{n}", joined_at=NOW)
            for n in range(first, first + CHUNK)
        )
        Card.objects.bulk_create(
            Card(merchant=merchant, customer=one, code=f"29{one.uuid}") for one in people
        )
        JournalEntry.objects.bulk_create(
            JournalEntry(
                merchant=merchant,
                event_id=f"{one.uuid}-{sale}",
                kind="sold",
                at=NOW - timedelta(days=30 * sale + 1),
                hour=hour_of(NOW - timedelta(days=30 * sale + 1)),
                posted_at=NOW,
                customer=one.uuid,
                cents=15_00 + one.pk % 30 * 100,
                raw=b"",
                hash=f"{one.uuid}-{sale}",
                outcome="posted",
            )
            for one in people
            for sale in range(SALES)
        )
    return merchant
