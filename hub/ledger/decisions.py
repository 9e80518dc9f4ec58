# SPDX-License-Identifier: Apache-2.0
"""What a person decides about a terminal or a restored hub: done, then written down with why."""

from django.utils import timezone

from hub.ledger import custody, incidents, restored
from hub.ledger.models import Incident
from hub.ledger.rulings import Ruling, Verdict
from hub.merchants.models import Terminal


def freeze(terminal: Terminal, *, reason: str, person_id: int) -> None:
    """Let a terminal earn, and spend nothing."""
    custody.freeze(terminal, frozen=True)
    _rule(terminal, Verdict.FROZEN, reason, person_id)


def thaw(terminal: Terminal, *, reason: str, person_id: int) -> None:
    """Let a frozen terminal spend again."""
    custody.freeze(terminal, frozen=False)
    _rule(terminal, Verdict.THAWED, reason, person_id)


def retire(terminal: Terminal, *, reason: str, person_id: int) -> None:
    """It is dead, lost or stolen: nothing it says is heard any more, its customers are whole."""
    custody.retire(terminal)
    _rule(terminal, Verdict.RETIRED, reason, person_id)


def leave(terminal: Terminal, *, reason: str, person_id: int) -> None:
    """It is alive and leaves: it gives back and sends everything, then nobody hears it any more."""
    custody.leave(terminal, leaving=True)
    _rule(terminal, Verdict.LEAVING, reason, person_id)


def stay(terminal: Terminal, *, reason: str, person_id: int) -> None:
    """It stays after all, unless it has signed off by then."""
    custody.leave(terminal, leaving=False)
    _rule(terminal, Verdict.STAYING, reason, person_id)


def adopt(terminal: Terminal, board: str, *, reason: str, person_id: int) -> None:
    """Its card lives in another machine from now on."""
    custody.adopt(terminal, board)
    _rule(terminal, Verdict.ADOPTED, reason, person_id)


def resume(incident: Incident, *, reason: str, person_id: int) -> None:
    """Grant rights again after a restore, without the terminals that stay silent."""
    if incident.merchant_id:
        restored.accept(incident.merchant_id)
    incidents.close(incident, reason, person_id=person_id, verdict=Verdict.ACCEPTED)


def _rule(terminal: Terminal, verdict: Verdict, reason: str, person_id: int) -> None:
    Ruling.objects.create(
        terminal=terminal, verdict=verdict, reason=reason, person_id=person_id, at=timezone.now()
    )
