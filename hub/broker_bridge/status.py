# SPDX-License-Identifier: Apache-2.0
"""What terminals say of themselves, and when they were last heard."""

from datetime import timedelta

from django.utils import timezone

from hub.merchants import bulk
from hub.merchants.models import Terminal
from loyalty.wire import Gone, Health, Hello

SILENT_AFTER = timedelta(minutes=3)
"""Three missed beats."""
LATELY = timedelta(minutes=10)
"""Who spoke since then ought to speak again; not a shop that has closed for the night."""
ENOUGH = timedelta(seconds=10)
"""Between notes that a terminal is there: each one is a commit."""


def heard(terminal: Terminal, message: object) -> None:
    """Note that a terminal spoke, and what it said of itself."""
    now = timezone.now()
    lately = terminal.online and terminal.last_contact and now - terminal.last_contact < ENOUGH
    if lately and not isinstance(message, Hello | Health | Gone):
        return
    terminal.online, terminal.last_contact = not isinstance(message, Gone), now
    fields = ["online", "last_contact"]
    match message:
        case Hello():
            # its board is what its first header said, or who adopted it: a clone greets, too
            terminal.cursor, terminal.software = message.cursor, message.software[:40]
            fields += ["cursor", "software"]
        case Health():
            if terminal.printer != message.printer[:40]:
                terminal.printer, terminal.printer_since = message.printer[:40], now
            terminal.waiting, terminal.cursor = message.waiting, message.cursor
            terminal.scanner, terminal.kiosk = message.scanner[:40], message.kiosk
            terminal.software = message.software[:40]
            fields += ["printer", "printer_since", "waiting", "cursor", "scanner", "kiosk"]
            terminal.disk = min(max(message.disk, 0), 100)
            fields += ["software", "disk"]
        case _:
            pass
    bulk.keep(terminal, *fields)


def mark_silent() -> int:
    """Terminals that were not heard for three minutes are offline, will or no will."""
    late = timezone.now() - SILENT_AFTER
    return Terminal.objects.filter(online=True, last_contact__lt=late).update(online=False)


def heard_lately() -> bool:
    """Whether any terminal spoke in the last minutes: then somebody ought to be heard."""
    return Terminal.objects.filter(last_contact__gt=timezone.now() - LATELY).exists()
