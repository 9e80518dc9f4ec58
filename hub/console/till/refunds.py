# SPDX-License-Identifier: Apache-2.0
"""Pay a sale back from a page, whole or in part, with a reason and, in a shop, a manager's PIN.

The page says how much was left when it was shown; whoever presses twice is shown the one refund,
and whoever asks for another amount is told that less is left.
"""

import uuid
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.console.access import Scope, within
from hub.console.forms.fields import EurosField
from hub.console.pages import page
from hub.console.templatetags.console import euros
from hub.console.till import words
from hub.console.till.receipts import FRESH
from hub.ledger import history, listings
from hub.ledger.models import JournalEntry, Outcome
from hub.ledger.receipts import next_receipt, take_receipt
from hub.ledger.refunding import left_of, pay_back
from hub.merchants import feed, tries
from hub.merchants.deeds import Did
from hub.merchants.models import Merchant, Role, Staff
from loyalty import pin
from loyalty.entry import Sold
from loyalty.refund import RefundReason
from loyalty.refusal import Refusal

OTHER: Final = "other"
LONGEST_REASON: Final = 80
_REFUNDS: Final = uuid.UUID("0c6f5b0e-54f0-4d0e-8a2f-3f6f4a5c9b11")
"""Under which the ids of refunds are derived: of so much, with so much left, there is one."""


class RefundForm(forms.Form):
    """How much, why, and who allows it."""

    amount = EurosField(
        label=_("Montant"),
        help_text=_("Du prix avant récompenses : ce qu’elles avaient pris revient en proportion."),
        error_messages={"required": _("Combien rembourser ?")},
    )
    why = forms.ChoiceField(
        label=_("Motif"),
        choices=[
            ("", "–"),
            (RefundReason.CHANGED_MIND.value, _("Le client a changé d’avis")),
            (RefundReason.DEFECT.value, _("Article défectueux")),
            (RefundReason.MISTAKE.value, _("Mal tapé à la caisse")),
            (RefundReason.VOID.value, _("Annulation, avant que le client ne parte")),
            (OTHER, _("Autre")),
        ],
        error_messages={"required": _("Dites pourquoi.")},
    )
    other = forms.CharField(
        label=_("Si c’est un autre, lequel"), required=False, max_length=LONGEST_REASON
    )
    pin = forms.CharField(
        label=_("PIN d’un responsable"),
        max_length=pin.DIGITS,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Un responsable tape son PIN ici.")},
    )

    def __init__(
        self, data: QueryDict | None = None, *, scope: Scope, left: int, why: str = ""
    ) -> None:
        super().__init__(data, initial={"amount": left, "why": why})
        self.scope, self.left = scope, left
        self.approved_by = ""
        if scope.shop is None:
            del self.fields["pin"]

    def clean_amount(self) -> int:
        """No more than is left."""
        cents: int = self.cleaned_data["amount"]
        if cents > self.left:
            raise forms.ValidationError(_("Il en reste %(left)s.") % {"left": euros(self.left)})
        return cents

    def clean_pin(self) -> str:
        """A manager's of this merchant: guessing is slowed down (SPEC F7)."""
        typed: str = self.cleaned_data["pin"]
        try:
            guess = tries.attempt(tries.What.PIN, address="", account=str(self.scope.person.pk))
        except tries.TooMany:
            raise forms.ValidationError(_("Trop d’essais : attendez un quart d’heure.")) from None
        managers = managers_of(self.scope.merchant)
        allowed = next((one for one in managers if pin.matches(typed, one.pin)), None)
        if allowed is None:
            raise forms.ValidationError(_("Ce n’est pas le PIN d’un responsable."))
        guess.succeeded()
        self.approved_by = allowed.pk
        return ""

    def clean(self) -> dict[str, Any]:
        """Another reason is said in words; what is undone at once is undone whole."""
        given = super().clean() or {}
        if given.get("why") == OTHER and not given.get("other"):
            self.add_error("other", _("Dites lequel, en quelques mots."))
        if given.get("why") == RefundReason.VOID and given.get("amount", self.left) != self.left:
            self.add_error("amount", _("Une annulation rend tout ce qui reste."))
        return given

    @property
    def reason(self) -> str:
        """Why, as the entry says it."""
        given = self.cleaned_data
        return given["other"] if given["why"] == OTHER else given["why"]


@require_http_methods(["GET", "POST"])
@never_cache
@within(Role.MERCHANT, Role.SHOP)
def make(request: HttpRequest, scope: Scope, sale: int) -> HttpResponse:
    """Pay a sale back: its points, rewards and gift cards go back to where they were."""
    sales = listings.sales(scope.merchant, scope.shop).filter(kind="sold")
    row = get_object_or_404(sales, pk=sale, event_id__isnull=False)
    refund = _id_of(row, request.POST)
    if request.method == "POST" and (done := _done(scope.merchant, refund)):
        return redirect("console:receipt", sale=done.pk)
    left = left_of(scope.merchant, row.event_id or "")
    if isinstance(left, Refusal):
        messages.warning(request, words.refused(left))
        return redirect("console:sale", sale=row.pk)
    why = request.GET.get("why", "")
    form = RefundForm(request.POST or None, scope=scope, left=left, why=why)
    valid = request.method == "POST" and form.is_valid()
    if valid and (answer := _pay_back(request, scope, row, form, refund=refund)):
        return answer
    facts = history.facts_of(row)
    context = {
        "row": row,
        "form": form,
        "left": left,
        "sold": facts if isinstance(facts, Sold) else None,
        "nobody": scope.shop is not None and not managers_of(scope.merchant),
    }
    return page(request, scope, "till/refund.html", section="sales", context=context)


def managers_of(merchant: Merchant) -> list[Staff]:
    """Who may allow it by their PIN."""
    return list(merchant.staff.filter(manager=True).exclude(pin=""))


def _pay_back(
    request: HttpRequest, scope: Scope, row: JournalEntry, form: RefundForm, *, refund: str
) -> HttpResponse | None:
    """Do it; None: the form says why not."""
    undone = f"sale:{row.pk}"
    with scope.doing(Did.REFUNDED, about=undone) as deed, feed.writing(scope.merchant.pk) as out:
        deed.done = False
        if made := _done(scope.merchant, refund):
            return redirect("console:receipt", sale=made.pk)
        left = left_of(out.merchant, row.event_id or "")
        if not isinstance(left, Refusal) and request.POST.get("left") != str(left):
            said = now("Une partie a été remboursée entre-temps : il en reste %(left)s.")
            form.add_error("amount", said % {"left": euros(left)})
            return None
        shop = row.shop
        done = pay_back(
            out,
            row,
            cents=form.cleaned_data["amount"],
            receipt=next_receipt(shop) if shop else "",
            reason=form.reason,
            at=timezone.now(),
            person_id=scope.person.pk,
            approved_by=form.approved_by,
            entry_id=refund,
        )
        deed.done = not isinstance(done, Refusal)
        if shop and deed.done:
            take_receipt(shop)
    if isinstance(done, Refusal):
        form.add_error(None, words.refused(done))
        return None
    request.session[FRESH] = done.id
    made = JournalEntry.objects.get(merchant=scope.merchant, event_id=done.id)
    return redirect("console:receipt", sale=made.pk)


def _done(merchant: Merchant, refund: str) -> JournalEntry | None:
    """The refund that the same press has made."""
    return JournalEntry.objects.filter(
        merchant=merchant, kind="refunded", outcome=Outcome.POSTED, event_id=refund
    ).first()


def _id_of(row: JournalEntry, posted: QueryDict) -> str:
    told = (row.event_id, posted.get("left", ""), posted.get("amount", ""))
    return uuid.uuid5(_REFUNDS, "/".join(map(str, told))).hex
