# SPDX-License-Identifier: Apache-2.0
"""An order as it is put together on the web: kept between two pages, so that nothing is lost."""

from dataclasses import asdict
from typing import ClassVar

from django.conf import settings
from django.db import models

from hub.merchants.models import ID_LENGTH, Merchant, Shop, new_id
from loyalty.basket import GiftUse, Line, Order, Use
from loyalty.card import LONGEST_CODE


class OpenOrder(models.Model):
    """An order at a shop's till on the web; sold, its id is its entry's and the row is gone."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="open_orders")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    """Who began it."""
    customer = models.CharField(max_length=ID_LENGTH, blank=True)
    """Uuid of whom they are served as; empty: nobody showed a card."""
    code = models.CharField(max_length=LONGEST_CODE, blank=True)
    """Of the card that was shown."""
    content = models.JSONField(default=dict)
    """What is bought, used and paid by gift cards: the fields of an `Order`."""
    last4 = models.JSONField(default=dict)
    """How gift cards are called, by fingerprint: the numbers themselves are not here."""
    turn = models.PositiveIntegerField(default=0)
    """How often it was changed: a page says which it shows."""
    pressed = models.CharField(max_length=64, blank=True)
    """Digest of the last change: the same from the same page is a double click."""
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-changed_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["shop", "changed_at"])]

    @property
    def order(self) -> Order:
        """What was put together."""
        said = self.content
        return Order(
            lines=tuple(Line(**line) for line in said.get("lines", ())),
            uses=tuple(Use(**use) for use in said.get("uses", ())),
            gifts=tuple(GiftUse(**gift) for gift in said.get("gifts", ())),
        )

    @order.setter
    def order(self, order: Order) -> None:
        self.content = asdict(order)

    @property
    def started(self) -> bool:
        """Whether something would be lost by leaving it."""
        return any(self.content.values())
