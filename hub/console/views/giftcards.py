# SPDX-License-Identifier: Apache-2.0
"""Gift cards: what was sold, what is left, and making one for somebody who asks."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hub.console import sheets
from hub.console.access import Scope, within
from hub.console.filters import read_filters
from hub.console.forms.giftcards import GiftCardForm
from hub.console.forms.reasons import ReasonForm
from hub.console.lists import Column, by_some, heads, page_of, sorted_by, spoken
from hub.console.pages import page
from hub.console.templatetags.console import euros
from hub.ledger import counting, gifting, listings
from hub.ledger.acts import create_gift_card, gift_card_of
from hub.ledger.giftcards import GiftCard
from hub.ledger.listings import CardState
from hub.ledger.models import JournalEntry
from hub.merchants.deeds import Did
from hub.merchants.doing import deeds_about
from hub.merchants.models import Role, new_id

SORTS = {"sold": "sold_at", "amount": "cents", "left": "left", "recipient": "recipient"}
BLOCK: Final = "block"
MADE: Final = "giftcard made"
"""Where the session keeps the card whose number is still to be shown, once."""


@require_GET
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def listing(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """List the gift cards; search, filter, sort and page."""
    filters = read_filters(request, scope)
    found = listings.gift_cards(scope.merchant, filters.shop)
    if filters.q:
        found = listings.gift_cards_named(found, filters.q)
    since, until = filters.moments(scope)
    if since:
        found = found.filter(sold_at__gte=since)
    if until:
        found = found.filter(sold_at__lt=until)
    if filters.kind in list(CardState):
        found = listings.gift_cards_in(found, CardState(filters.kind), timezone.localdate())
    sort, order = sorted_by(request.GET.get("sort"), SORTS, default="-sold")
    found = found.order_by(*order)
    if sheets.asked(request):
        return sheets.answer(
            request, _("cartes-cadeaux"), heads=_heads(), rows=_cells(found), scope=scope
        )
    rows = page_of(found, request.GET.get("page"))
    left = euros(listings.left_of_all(found))
    context = {
        "page": rows,
        "count": f"{spoken(rows, _('carte'), _('cartes'))} · "
        + _("%(amount)s à honorer") % {"amount": left},
        "columns": heads(_columns(), sort),
        "sort": sort,
        "filters": filters,
        "shops": scope.shops,
        "kinds": [("", _("Toutes les cartes")), *_states().items()],
        "today": timezone.localdate(),
        "offers": scope.merchant.gift_offers.filter(on=True).exists(),
        "whole": scope.shop is None,
        "nothing": _nothing(narrowed=filters.any),
        "export": True,
    }
    return page(request, scope, "giftcards/list.html", section="giftcards", context=context)


@require_http_methods(["GET", "POST"])
@within(Role.MERCHANT, Role.SHOP)
def create(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make a gift card that was paid for, once, however often its button is pressed."""
    once = request.POST.get("once", "")
    if made := gift_card_of(scope.merchant, once):
        return redirect("console:giftcard", card=made.pk)
    form = GiftCardForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        shop = scope.shop or get_object_or_404(scope.merchant.shops, pk=given["shop"])
        with scope.doing(Did.GIFT_CARD_MADE) as deed:
            deed.about = card = create_gift_card(
                shop,
                cents=given["amount"],
                buyer=given["buyer"],
                recipient=given["recipient"],
                email=given["email"],
                message=given["message"],
                send_on=given["send_on"],
                code=given["number"],
                person_id=scope.person.pk,
                once=once,
            )
            # the page sent twice makes one card
            deed.done = not deeds_about(card).filter(did=Did.GIFT_CARD_MADE).exists()
        request.session[MADE] = card.pk
        messages.success(request, _("%(name)s sera prévenu par e-mail.") % {"name": card.recipient})
        return redirect("console:giftcard", card=card.pk)
    context = {"form": form, "once": once or new_id()}
    return page(request, scope, "giftcards/form.html", section="giftcards", context=context)


@require_http_methods(["GET", "POST"])
@never_cache
@within(Role.MERCHANT, Role.SHOP, Role.OPERATOR)
def one(request: HttpRequest, scope: Scope, card: int) -> HttpResponse:
    """Show one card with everything that loaded it or paid with it; block it, or let it be used."""
    row = get_object_or_404(listings.gift_cards(scope.merchant, scope.shop), pk=card)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        blocked = request.POST.get("act") == BLOCK
        reason = form.cleaned_data["reason"]
        did = Did.GIFT_CARD_BLOCKED if blocked else Did.GIFT_CARD_FREED
        with scope.doing(did, about=row) as deed:
            deed.done = gifting.turn(row, blocked=blocked, reason=reason, person=scope.person)
        if deed.done:
            done = (
                _("La carte est bloquée : les caisses l’apprennent maintenant.")
                if blocked
                else _("La carte peut de nouveau servir.")
            )
            messages.success(request, done)
        return redirect("console:giftcard", card=row.pk)
    rows = page_of(listings.gift_card_uses(row), request.GET.get("page"))
    new = request.session.get(MADE) == row.pk
    if new:
        del request.session[MADE]
    context = {
        "card": row,
        "code": row.code if new else "",
        "uses": [_use(entry) for entry in rows.rows],
        "turns": row.turns.select_related("person"),
        "last_day": row.expires_on - timedelta(days=1) if row.expires_on else None,
        "today": timezone.localdate(),
        "form": form,
        "page": rows,
        "count": spoken(rows, _("ligne"), _("lignes")),
    }
    return page(request, scope, "giftcards/one.html", section="giftcards", context=context)


def _use(entry: JournalEntry) -> dict[str, object]:
    """What an entry did with the card."""
    words = {
        "sold": _("Payé"),
        "gift_sold": _("Chargée"),
        "refunded": _("Rendu par un remboursement"),
    }
    gone = _("Expirée") if entry.kind == "adjusted" else _("Réglé par le hub")
    return {
        "entry": entry,
        "what": words.get(entry.kind, gone),
        "linked": entry.kind in counting.IN_LIST,
    }


def _states() -> dict[str, str]:
    return {
        CardState.FULL.value: _("Pleines"),
        CardState.BEGUN.value: _("Entamées"),
        CardState.EMPTY.value: _("Épuisées"),
        CardState.BLOCKED.value: _("Bloquées"),
        CardState.EXPIRED.value: _("Expirées"),
    }


def _cells(found: QuerySet[GiftCard]) -> Iterator[tuple[sheets.Cell, ...]]:
    """Without the numbers: a file that gets about must not be money."""
    for some in by_some(found):
        for card in some:
            yield (
                f"…{card.last4}",
                _("virtuelle") if card.virtual else _("physique"),
                card.buyer,
                card.recipient,
                card.email,
                card.sold_at,
                card.shop.name if card.shop else "",
                Decimal(card.cents) / 100,
                Decimal(card.left) / 100,
                card.expires_on,
                _("bloquée") if card.blocked_at else "",
            )


def _heads() -> tuple[str, ...]:
    return (
        *(_("Numéro"), _("Type"), _("Acheteur"), _("Bénéficiaire"), _("E-mail")),
        *(_("Vendue"), _("Boutique"), _("Montant"), _("Reste")),
        *(_("Inutilisable à partir du"), _("État")),
    )


def _columns() -> list[Column]:
    return [
        Column(name=_("Numéro")),
        Column(name=_("Type")),
        Column(name=_("Bénéficiaire"), key="recipient"),
        Column(name=_("Vendue"), key="sold", falls=True),
        Column(name=_("Montant"), key="amount", right=True, falls=True),
        Column(name=_("Reste"), key="left", right=True, falls=True),
        Column(name=_("État")),
    ]


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (
            _("Aucune carte cadeau trouvée"),
            _("Élargissez les dates, ou effacez les filtres pour les voir toutes."),
        )
    return (
        _("Aucune carte cadeau encore"),
        _("Créez-en une ici, ou vendez-la à une caisse."),
    )
