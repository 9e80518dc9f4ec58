# SPDX-License-Identifier: Apache-2.0
"""Credit what appointments promised, some hours after their end; late, twice or anew: once (C17)."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from hub.ledger.appointments import KEPT, Appointment, Change, State
from hub.ledger.models import JournalEntry
from hub.ledger.own import post_own
from hub.ledger.people import note_seen
from hub.merchants import each, feed
from hub.programmes.models import LoyaltyProgramme
from loyalty.account import Movement, points_of
from loyalty.entry import Adjusted, Cause

_CREDITS: Final = uuid.UUID("0b4f1c52-6f1c-4e0e-9a53-7d1f0c2b8e64")
"""Under which the ids of credits are derived, so that a hub that was restored makes the same."""


def credit_due(*, now: datetime | None = None) -> int:
    """Settle every appointment that is over for long enough; gives how many."""
    now = now or timezone.now()
    begun = Appointment.objects.filter(state__in=KEPT, starts_at__lte=now, merchant__closed_at=None)
    done = 0
    for row in list(begun.select_related("merchant").order_by("starts_at", "pk")):
        if _due_at(row) <= now:
            with each.apart(row.merchant_id):
                done += _credit(row.pk, row.merchant_id, now)
    return done


def entry_of(appointment: Appointment) -> str:
    """The id of the entry that credits an appointment."""
    return uuid.uuid5(_CREDITS, appointment.uuid).hex


def _due_at(row: Appointment) -> datetime:
    return row.ends_at + timedelta(minutes=row.merchant.credit_after_min)


def _credit(pk: int, merchant_id: str, now: datetime) -> bool:
    with feed.writing(merchant_id) as out:
        # somebody may have moved, cancelled or credited it meanwhile
        found = Appointment.objects.select_for_update(of=("self",)).select_related(
            "merchant", "customer", "shop"
        )
        row = found.filter(pk=pk, state__in=KEPT).first()
        if row is None or _due_at(row) > now:
            return False
        entry = entry_of(row)
        earns = row.points > 0 and row.customer.member  # who joins later earns later (SPEC C15)
        if earns and not JournalEntry.objects.filter(event_id=entry).exists():
            versions = LoyaltyProgramme.objects.filter(
                merchant_id=merchant_id, published_at__lte=row.ends_at
            )
            facts = Adjusted(
                cause=Cause.SERVICE,
                moves=(Movement(points_of(row.customer.uuid), row.points),),
                customer=row.customer.uuid,
                about=row.uuid,
                programme=versions.values_list("version", flat=True).first() or 0,
            )
            post_own(out, [(_due_at(row), facts)], shop=row.shop, ids=[entry])
        row.state, row.credited_at = State.DONE, now if earns else None
        row.save(update_fields=["state", "credited_at"])
        note_seen(merchant_id, {row.customer.uuid: row.starts_at}, shop_id=row.shop_id)
        Change.objects.create(
            appointment=row, state=row.state, starts_at=row.starts_at, at=now, person=None
        )
    return True
