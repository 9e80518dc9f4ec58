# SPDX-License-Identifier: Apache-2.0
"""The few fields of an entry that a person may correct before it is posted."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.console.forms.fields import EurosOrNothing
from hub.console.forms.reasons import ReasonForm
from hub.ledger.corrections import Receipt, receipt_of
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Card, Customer
from hub.ledger.shelf import Shelved
from loyalty.entry import GiftSold, Joined, Visited

MOST_POINTS: Final = 1_000_000
_OF_SALE: Final = ("due", "points", "used_points", "used_purse")


class CorrectionForm(ReasonForm):
    """What the receipt says; only what an entry of this kind has is asked for."""

    card = forms.CharField(
        label=_("Carte du client"),
        max_length=64,
        required=False,
        help_text=_("Son numéro, tel qu’il est imprimé. Vide : vente sans carte."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    due = EurosOrNothing(
        label=_("Montant dû"),
        help_text=_("Après récompenses, avant cartes cadeaux."),
        error_messages={"required": _("Quel montant le ticket dit-il ?")},
    )
    points = forms.IntegerField(
        label=_("Points gagnés"), min_value=0, max_value=MOST_POINTS, required=False
    )
    used_points = forms.IntegerField(
        label=_("Points utilisés"), min_value=0, max_value=MOST_POINTS, required=False
    )
    used_purse = EurosOrNothing(label=_("Cagnotte utilisée"), required=False)

    def __init__(self, data: QueryDict | None = None, *, shelved: Shelved) -> None:
        self.merchant = shelved.row.merchant
        self.facts = shelved.entry.facts if shelved.entry else None
        self.before = receipt_of(self.facts)
        super().__init__(data, initial=self._initial())
        match self.facts:
            case GiftSold():
                asked: tuple[str, ...] = ("due",)
                self.fields["due"].label = _("Montant chargé")
                self.fields["due"].help_text = ""
            case Visited() | Joined():
                asked = ("card",)
            case _:
                asked = ("card", *_OF_SALE)
        for name in {"card", *_OF_SALE} - set(asked):
            del self.fields[name]
        if isinstance(self.facts, Visited):
            self.fields["card"].required = True
        self.gifts = {f"gift_{i}": card for i, card in enumerate(self.before.gifts or {})}
        for name, card in self.gifts.items():
            self.fields[name] = EurosOrNothing(label=self._gift_label(card), required=False)
            self.initial[name] = (self.before.gifts or {})[card]
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    @property
    def amounts(self) -> list[forms.BoundField]:
        """What money there is to tell, each in euros."""
        return [self[name] for name in ("due", "used_purse", *self.gifts) if name in self.fields]

    @property
    def counts(self) -> list[forms.BoundField]:
        """What points there are to tell."""
        return [self[name] for name in ("points", "used_points") if name in self.fields]

    def clean_card(self) -> Card | None:
        """The card, which must be one of the merchant's; any code will do for who joins by it."""
        code = "".join(self.cleaned_data["card"].split())
        if not code or isinstance(self.facts, Joined):
            return Card(code=code) if code else None
        card = Card.objects.select_related("customer").filter(merchant=self.merchant, code=code)
        if not card:
            raise forms.ValidationError(_("Aucun client n’a cette carte : relisez le numéro."))
        return card[0]

    def clean(self) -> dict[str, Any]:
        """Points need a customer, and gift cards pay for no more than is due."""
        given = super().clean() or {}
        if "card" in self.fields and not given.get("card") and not self.errors.get("card"):
            for name in ("points", "used_points", "used_purse"):
                if given.get(name):
                    self.add_error(name, _("Sans carte, il n’y a personne à qui les compter."))
        paid = sum(given.get(name) or 0 for name in self.gifts)
        if self.gifts and paid > (given.get("due") or 0):
            self.add_error(
                next(iter(self.gifts)), _("Les cartes cadeaux paieraient plus que le montant dû.")
            )
        return given

    def receipt(self) -> Receipt:
        """What was typed, once it is valid."""
        given = self.cleaned_data
        card = given.get("card")
        customer = card.customer.uuid if card and card.customer_id else None
        if isinstance(self.facts, Joined):
            customer = self.facts.customer
        return Receipt(
            customer=customer if "card" in self.fields else self.before.customer,
            code=card.code if card else "",
            due_cents=given.get("due") or 0,
            points=given.get("points") or 0,
            used_points=given.get("used_points") or 0,
            used_purse_cents=given.get("used_purse") or 0,
            gifts={card: given.get(name) or 0 for name, card in self.gifts.items()},
        )

    def _initial(self) -> dict[str, object]:
        before = self.before
        return {
            "card": self._code(),
            "due": before.due_cents,
            "points": before.points,
            "used_points": before.used_points,
            "used_purse": before.used_purse_cents,
        }

    def _code(self) -> str:
        """The code that was scanned if it is known, else the customer's first."""
        mine = Card.objects.filter(merchant=self.merchant)
        if isinstance(self.facts, Joined) or mine.filter(code=self.before.code).exists():
            return self.before.code
        customer = Customer.objects.filter(merchant=self.merchant, uuid=self.before.customer or "")
        card = mine.filter(customer__in=customer).order_by("pk").first()
        return card.code if card else ""

    def _gift_label(self, fingerprint: str) -> str:
        card = GiftCard.objects.filter(merchant=self.merchant, fingerprint=fingerprint).first()
        return str(_("Pris sur la carte cadeau %(card)s") % {"card": card or "…"})
