# SPDX-License-Identifier: Apache-2.0
"""Whoever speaks in a name that is not theirs: nothing is done for them, and a person is told."""

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from hub.ledger import incidents
from hub.ledger.models import IncidentKind
from hub.merchants.models import Terminal
from loyalty.wire import FromTerminal, Gone, Hello

PAUSE_S: Final = 60.0
"""Between two notes of one name: who speaks without end must not keep the hub writing."""
MOST_NAMES: Final = 1000
BOOTS: Final = 8


@dataclass(slots=True)
class Strangers:
    """What was noted lately, and which boots of each terminal have greeted."""

    _noted: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _boots: dict[str, deque[str]] = field(default_factory=dict)

    def spoke(self, name: str, message: FromTerminal, *, terminal: Terminal | None) -> None:
        """Somebody who may not speak did.

        Args:
            name: whose certificate it was.
            message: what they said.
            terminal: the one of that name, if there is one.
        """
        if not isinstance(message, Gone):  # said by the broker when an old connection is closed
            self._note(name, terminal, claims=message.terminal[:64], gen=message.gen)

    def greeted(self, terminal: Terminal, message: FromTerminal) -> None:
        """A terminal spoke: a boot that comes back after another is one of two boards that live."""
        if not isinstance(message, Hello):
            return
        boots = self._boots.setdefault(terminal.pk, deque(maxlen=BOOTS))
        if boots and boots[-1] == message.boot_id:
            return
        if message.boot_id in boots:
            boots.remove(message.boot_id)
            self._note(terminal.pk, terminal, claims=terminal.pk, gen=message.gen, boards=2)
        boots.append(message.boot_id)

    def _note(self, name: str, terminal: Terminal | None, **facts: object) -> None:
        now_s = time.monotonic()
        if now_s < self._noted.get(name, 0.0):
            return
        self._noted[name] = now_s + PAUSE_S
        self._noted.move_to_end(name)
        if len(self._noted) > MOST_NAMES:
            self._noted.popitem(last=False)
        incidents.note(
            IncidentKind.INTRUDER,
            at=timezone.now(),
            merchant_id=terminal.merchant_id if terminal else None,
            terminal_id=terminal.pk if terminal else None,
            subject=name[:64],
            **facts,
        )
