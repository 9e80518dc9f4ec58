# SPDX-License-Identifier: Apache-2.0
"""The mails of all merchants that did not go out: why, and trying one again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.console import allmails
from hub.console.access import operators_only
from hub.console.lists import page_of, spoken
from hub.console.pages import outer_page
from hub.ledger import incidents, running
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import IncidentKind
from hub.merchants import outgoing
from hub.merchants.deeds import Did
from hub.merchants.doing import doing


@require_http_methods(["GET", "POST"])
@operators_only
def listing(request: HttpRequest) -> HttpResponse:
    """List what has still to go out, the newest first; try one again."""
    if request.method == "POST":
        return _try_again(request)
    asked = allmails.asked_of(request)
    rows = page_of(allmails.Found(asked), request.GET.get("page"))
    many = allmails.counts(now=timezone.now())
    context = {
        "page": rows,
        "mails": allmails.mails(rows.rows),
        "many": many,
        "count": spoken(rows, _("e-mail"), _("e-mails")),
        "asked": asked,
        "kinds": allmails.kind_choices(),
        "states": allmails.state_choices(many),
        "merchants": allmails.merchant_choices(),
        "nothing": _nothing(narrowed=asked.any),
    }
    return outer_page(request, "mails/list.html", section="mails", context=context)


def _try_again(request: HttpRequest) -> HttpResponse:
    found, by = allmails.one(request.POST.get("mail", "")), request.user
    if found is None:
        raise Http404
    kind, row, merchant = found
    if merchant and merchant.closed_at:
        messages.info(request, _("Ce commerce est fermé : ses e-mails attendent qu’il rouvre."))
        return redirect("console:mails")
    person: Any = by
    with doing(Did.MAIL_RETRIED, by=person, merchant=merchant, about=row) as deed:
        deed.done = outgoing.try_again(row)
        if isinstance(row, GiftCard):
            incidents.close_all(
                IncidentKind.GIFT_UNTOLD,
                row.fingerprint,
                merchant_id=row.merchant_id,
                note=_("L’exploitant du hub réessaie l’e-mail."),
                person_id=person.pk,
                at=timezone.now(),
            )
        running.ask(kind.job)
    messages.success(request, _("L’e-mail repart dans les secondes qui viennent."))
    return redirect("console:mails")


def _nothing(*, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return (_("Aucun e-mail trouvé"), _("Élargissez les filtres pour les voir tous."))
    return (_("Rien n’attend"), _("Tous les e-mails de ce hub sont partis."))
