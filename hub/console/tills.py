# SPDX-License-Identifier: Apache-2.0
"""Say in words how a terminal is: what works, what must be repaired, when it was last heard."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.console.templatetags.console import when_seen
from hub.merchants.models import Merchant, Shop, Terminal

NEARLY_FULL: Final = 90
"""Percent of its disk at which a terminal lets go of what the hub has."""
NO_SALES: Final = 95
"""Percent at which it takes nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A terminal as people speak of it."""

    terminal: Terminal
    name: str
    dot: str
    """Shape of its mark: filled is fine, `open` is offline, `brick` is to be repaired."""
    state: str
    printer: str
    scanner: str


def tills_of(merchant: Merchant, shop: Shop | None = None) -> list[Terminal]:
    """Give a merchant's terminals, or a shop's, by shop."""
    terminals = merchant.terminals.select_related("shop").order_by("shop__name", "pk")
    return list(terminals.filter(shop=shop) if shop else terminals)


def told(terminals: list[Terminal], *, among: list[Terminal] | None = None) -> list[Till]:
    """Name and describe terminals; the second of a shop is « Saint-Denis 2 ».

    Args:
        terminals: which.
        among: all of their shops, by which they are named; these unless given.
    """
    beside = terminals if among is None else among
    return [
        Till(
            terminal=terminal,
            name=till_name(terminal, beside),
            dot=_dot(terminal),
            state=_state(terminal),
            printer=_printer(terminal.printer),
            scanner=_scanner(terminal.scanner),
        )
        for terminal in terminals
    ]


def together(tills: list[Till]) -> list[Till]:
    """Name the tills of a shop that are alike in one breath: « Saint-Denis 1 et 2 »."""
    groups: dict[tuple[str, str, str], list[Till]] = {}
    for till in tills:
        groups.setdefault((till.terminal.shop_id, till.dot, till.state), []).append(till)
    return [
        replace(some[0], name=_joined([till.name for till in some])) for some in groups.values()
    ]


def till_name(terminal: Terminal, among: list[Terminal]) -> str:
    """Name a terminal by its shop, and by its place where the shop has several."""
    beside = [other.pk for other in among if other.shop_id == terminal.shop_id]
    if len(beside) < 2:  # noqa: PLR2004 - alone
        return terminal.shop.name
    return f"{terminal.shop.name} {beside.index(terminal.pk) + 1}"


def at_risk_cents(merchant: Merchant) -> int:
    """What a till could spend wrongly at most, should its card be stolen, copied or put back."""
    return merchant.terminal_cents + merchant.unheard_cents


def is_fine(terminal: Terminal) -> bool:
    """Whether nobody needs to look at it: heard, free to spend, no part out of order; or retired."""
    if terminal.retired_at:
        return True
    return terminal.online and not terminal.frozen and not faults(terminal)


def faults(terminal: Terminal) -> list[str]:
    """Tell what of an online terminal must be repaired; nothing is known of one that is away."""
    found = []
    if not terminal.kiosk:
        found.append(_("la caisse ne répond plus"))
    if terminal.printer not in ("", "ok"):
        found.append(_printer(terminal.printer))
    if terminal.scanner not in ("", "ok"):
        found.append(_scanner(terminal.scanner))
    if terminal.disk >= NO_SALES:
        found.append(_("la carte mémoire est pleine, plus de ventes"))
    elif terminal.disk >= NEARLY_FULL:
        found.append(_("la carte mémoire est presque pleine"))
    return found


def _joined(names: list[str]) -> str:
    *first, last = names
    if not first:
        return last
    return _("%(first)s et %(last)s") % {
        "first": ", ".join(first),
        "last": last.rsplit(" ", 1)[-1],
    }


def _dot(terminal: Terminal) -> str:
    if terminal.retired_at or not terminal.online:
        return "open"
    return "brick" if faults(terminal) else ""


def _state(terminal: Terminal) -> str:
    if terminal.signed_off_at:
        return _("sortie de service")
    if terminal.retired_at:
        return _("retirée")
    if terminal.leaving:
        return _("sort de service")
    if terminal.frozen:
        return _("gelée, elle ne dépense rien")
    if not terminal.online:
        return _away(terminal.last_contact)
    if wrong := faults(terminal):
        return ", ".join(wrong)
    if terminal.waiting:
        count = terminal.waiting
        return ngettext("%(n)s vente en route", "%(n)s ventes en route", count) % {"n": count}
    return _("à jour")


def _away(last_contact: datetime | None) -> str:
    if last_contact is None:
        return _("jamais connectée")
    return _("hors ligne, vue %(when)s") % {"when": when_seen(last_contact)}


def _printer(state: str) -> str:
    match _plain(state):
        case "":
            return _("sans imprimante")
        case "ok":
            return _("prête")
        case "paperout":
            return _("plus de papier")
        case "coveropen":
            return _("capot ouvert")
        case _:
            return _("l’imprimante ne répond pas")


def _scanner(state: str) -> str:
    match _plain(state):
        case "":
            return _("sans lecteur")
        case "ok":
            return _("prêt")
        case _:
            return _("le lecteur est débranché")


def _plain(fault: str) -> str:
    """Read « PaperOut » and « paper_out » alike: terminals of every age say it their way."""
    return fault.replace("_", "").lower()
