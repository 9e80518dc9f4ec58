# SPDX-License-Identifier: Apache-2.0
"""Note what a person should look at, once for as long as it stays open; close it with a word."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Incident, IncidentKind
from hub.ledger.rulings import LONGEST_REASON, Ruling, Verdict


def note(
    kind: IncidentKind,
    *,
    at: datetime,
    merchant_id: str | None = None,
    terminal_id: str | None = None,
    subject: str = "",
    **facts: Any,  # noqa: ANN401 (whatever JSON holds)
) -> None:
    """Open an incident, or count one more in the open one of the same subject."""
    same = Incident.objects.filter(
        kind=kind,
        merchant_id=merchant_id,
        terminal_id=terminal_id,
        subject=subject,
        closed_at=None,
    )
    if same.update(count=F("count") + 1, last_at=at):
        return
    Incident.objects.create(
        kind=kind,
        merchant_id=merchant_id,
        terminal_id=terminal_id,
        subject=subject,
        facts=facts,
        opened_at=at,
        last_at=at,
    )


def close(
    incident: Incident,
    note: str,
    *,
    person_id: int | None,
    at: datetime | None = None,
    verdict: Verdict = Verdict.CLOSED,
) -> bool:
    """Close an incident; False: it was closed already, and stays as it was.

    Args:
        incident: what was looked at.
        note: what was found and done.
        person_id: who looked; None: the hub, which could settle it after all.
        at: when; now unless given.
        verdict: what was decided with it.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if not Incident.objects.filter(pk=incident.pk, closed_at=None).update(closed_at=at):
            return False
        Ruling.objects.create(
            incident=incident,
            verdict=verdict,
            reason=note[:LONGEST_REASON],
            person_id=person_id,
            at=at,
        )
        if incident.kind == IncidentKind.GIFT_UNTOLD:
            # somebody has seen to the address, or wants to know again
            GiftCard.objects.filter(
                merchant=incident.merchant_id, fingerprint=incident.subject
            ).update(given_up=False)
        return True


def close_all(
    kind: IncidentKind,
    subject: str,
    *,
    merchant_id: str,
    note: str,
    person_id: int | None,
    at: datetime,
) -> None:
    """Close what is open about a subject, which was settled elsewhere."""
    about = Incident.objects.filter(
        kind=kind, subject=subject, merchant_id=merchant_id, closed_at=None
    )
    for incident in about:
        close(incident, note, person_id=person_id, at=at)


def of(merchant_id: str | None) -> QuerySet[Incident]:
    """A merchant's incidents; None: of all, and those that are nobody's, newest first."""
    mine = Q() if merchant_id is None else Q(merchant_id=merchant_id)
    related = ("merchant", "terminal__shop", "ruling__person")
    return Incident.objects.filter(mine).select_related(*related).order_by("-last_at", "-pk")


def still_open(merchant_id: str | None) -> QuerySet[Incident]:
    """Those that a person should still look at."""
    return of(merchant_id).filter(closed_at=None)
