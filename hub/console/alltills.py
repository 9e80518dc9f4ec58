# SPDX-License-Identifier: Apache-2.0
"""Find terminals across all merchants, those that need somebody first; in the same few queries."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from hub.console.filters import LONGEST_QUERY
from hub.console.templatetags.console import figure
from hub.console.tills import NEARLY_FULL, NO_SALES, Till, told
from hub.ledger.models import Segment
from hub.merchants.models import Claim, Merchant, Shop, Terminal
from loyalty.wire import MOST_ENTRIES

MOST_CLAIMS: Final = 25
"""Codes that are shown; each lasts a quarter of an hour."""
SILENT, LATE, FAULT, DISK, CLOCK = "silent", "late", "fault", "disk", "clock"
NEW, FINE, GONE = "new", "fine", "gone"

_GONE: Final = Q(retired_at__isnull=False) | Q(signed_off_at__isnull=False)
_NEW: Final = Q(last_contact=None) & ~_GONE
_SILENT: Final = Q(online=False, last_contact__isnull=False) & ~_GONE
_LATE: Final = ~_GONE & ((_SILENT & Q(waiting__gt=0)) | Q(waiting__gt=MOST_ENTRIES) | Q(waits=True))
_DISK: Final = Q(disk__gte=NEARLY_FULL) & ~_GONE
_CLOCK: Final = Q(unsure=True) & ~_GONE
_STOPPED: Final = Q(online=True) & (Q(kiosk=False) | Q(disk__gte=NO_SALES)) & ~_GONE
_FAULT: Final = (
    Q(online=True)
    & (Q(kiosk=False) | ~Q(printer__in=("", "ok")) | ~Q(scanner__in=("", "ok")))
    & ~_GONE
)
_STATES: Final = {
    SILENT: _SILENT,
    LATE: _LATE,
    FAULT: _FAULT,
    DISK: _DISK,
    CLOCK: _CLOCK,
    NEW: _NEW,
    GONE: _GONE,
}
"""What terminals are looked for by; one may be several of them at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is narrowed to."""

    q: str
    merchant: str
    shop: str
    state: str

    @property
    def any(self) -> bool:
        """Whether something is narrowed."""
        return bool(self.q or self.merchant or self.shop or self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A terminal as the list shows it."""

    till: Till
    merchant: Merchant
    silent: str
    """How long nothing was heard of it: « 3 heures »; empty: it is there, or never was."""
    dated: bool | None
    """Whether a trusted clock dates what it writes; None: it writes nothing."""


def asked_of(request: HttpRequest) -> Asked:
    """Read the address; what makes no sense narrows nothing."""
    given = request.GET
    state = given.get("state", "")
    merchant = given.get("merchant", "")[:LONGEST_QUERY]
    return Asked(
        q=" ".join(given.get("q", "").replace("\0", "").split())[:LONGEST_QUERY],
        merchant=merchant.replace("\0", ""),
        shop=given.get("shop", "")[:LONGEST_QUERY].replace("\0", "") if merchant else "",
        state=state if state in {*_STATES, FINE} else "",
    )


def found(asked: Asked) -> QuerySet[Terminal]:
    """Those that are asked for: who can't sell first, then who is silent for longest."""
    rows = _in_state(_narrowed(asked), asked.state)
    rank = Case(
        When(_GONE, then=8),
        When(_STOPPED, then=0),
        When(_LATE, then=1),
        When(_SILENT, then=2),
        When(_FAULT | _DISK, then=3),
        When(_CLOCK, then=4),
        When(_NEW, then=5),
        When(Q(frozen=True) | Q(leaving=True), then=6),
        default=7,
        output_field=IntegerField(),
    )
    by = (rank, F("last_contact").asc(nulls_last=True), "merchant__name", "shop__name", "pk")
    return rows.select_related("shop", "merchant").order_by(*by)


def counts(asked: Asked) -> dict[str, int]:
    """How many there are in each state, whatever state is asked for; `""`: in all."""
    rows = _narrowed(asked)
    states = {**_STATES, FINE: _fine()}
    # a sum must not have the name of a column
    every = {f"in_{name}": Count("pk", filter=state) for name, state in states.items()}
    some: dict[str, int] = rows.order_by().aggregate(in_=Count("pk"), **every)
    return {name.removeprefix("in_"): n for name, n in some.items()}


def lines(rows: list[Terminal]) -> list[Line]:
    """Tell of a page's terminals, each by the name that it has in its shop."""
    shops = {row.shop_id for row in rows}
    beside = Terminal.objects.filter(shop__in=shops).select_related("shop").order_by("pk")
    tills = told(rows, among=list(beside))
    return [
        Line(
            till=till,
            merchant=row.merchant,
            silent=_silence(row),
            dated=_dated(row),
        )
        for till, row in zip(tills, rows, strict=True)
    ]


def claims_open(asked: Asked) -> list[Claim]:
    """Boards that are to become a terminal any minute: codes that were given and not used yet."""
    if asked.state not in ("", NEW):
        return []
    open_ones = Claim.objects.filter(used_by="", expires_at__gt=timezone.now())
    for word in asked.q.split():
        open_ones = open_ones.filter(
            Q(terminal__icontains=word)
            | Q(shop__name__icontains=word)
            | Q(shop__merchant__name__icontains=word)
        )
    if asked.merchant:
        open_ones = open_ones.filter(shop__merchant=asked.merchant)
    if asked.shop:
        open_ones = open_ones.filter(shop=asked.shop)
    return list(open_ones.select_related("shop__merchant").order_by("expires_at")[:MOST_CLAIMS])


def state_choices(many: dict[str, int]) -> list[tuple[str, str]]:
    """Name what the list may be narrowed to, and how many there are of each."""
    named = (
        ("", _("Toutes")),
        (SILENT, _("Silencieuses")),
        (LATE, _("En retard d’envoi")),
        (FAULT, _("À réparer")),
        (DISK, _("Carte mémoire pleine")),
        (CLOCK, _("Heure pas sûre")),
        (NEW, _("À connecter")),
        (FINE, _("En ordre")),
        (GONE, _("Sorties ou retirées")),
    )
    return [(state, f"{words} · {figure(many[state])}") for state, words in named]


def merchant_choices() -> list[tuple[str, str]]:
    """Merchants that have a terminal."""
    have = Merchant.objects.filter(Exists(Terminal.objects.filter(merchant=OuterRef("pk"))))
    rows = have.order_by("name", "pk").values_list("pk", "name")
    return [("", _("Tous les commerces")), *rows]


def shop_choices(asked: Asked) -> list[tuple[str, str]]:
    """The shops of the merchant that was chosen; none where none was."""
    if not asked.merchant:
        return []
    rows = Shop.objects.filter(merchant=asked.merchant).order_by("name", "pk")
    return [("", _("Toutes les boutiques")), *rows.values_list("pk", "name")]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _narrowed(asked: Asked) -> QuerySet[Terminal]:
    """Of the merchant, the shop and the words that were asked for, in any state."""
    undated = Segment.objects.filter(
        terminal=OuterRef("pk"),
        opened_at__isnull=False,
        follower=None,
        dead=False,
        wall_minus_mono_ms=None,
    )
    rows = Terminal.objects.annotate(unsure=Exists(undated))
    if asked.merchant:
        rows = rows.filter(merchant=asked.merchant)
    if asked.shop:
        rows = rows.filter(shop=asked.shop)
    for word in asked.q.split():
        rows = rows.filter(
            Q(pk__icontains=word)
            | Q(shop__name__icontains=word)
            | Q(merchant__name__icontains=word)
        )
    return rows


def _in_state(rows: QuerySet[Terminal], state: str) -> QuerySet[Terminal]:
    if state == FINE:
        return rows.filter(_fine())
    return rows.filter(_STATES[state]) if state else rows


def _fine() -> Q:
    """In service, and nothing of what is looked for."""
    fine = ~_GONE
    for wrong in (_SILENT, _LATE, _FAULT, _DISK, _CLOCK, _NEW):
        fine &= ~wrong
    return fine


def _silence(row: Terminal) -> str:
    away = not (row.online or row.retired_at or row.signed_off_at)
    return timesince(row.last_contact, depth=1) if away and row.last_contact else ""


def _dated(row: Terminal) -> bool | None:
    if row.last_contact is None or row.retired_at or row.signed_off_at:
        return None
    return not row.unsure  # type: ignore[attr-defined]  # annotated in `_narrowed`
