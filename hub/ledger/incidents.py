# SPDX-License-Identifier: Apache-2.0
"""Note what a person should look at, once for as long as it stays open."""

from datetime import datetime
from typing import Any

from django.db.models import F

from hub.ledger.models import Incident, IncidentKind


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
