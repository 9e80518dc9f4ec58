# SPDX-License-Identifier: Apache-2.0
"""The order on the counter and whose it is: what staff have put together, not saved yet."""

from dataclasses import replace

from firmware.store import rights
from firmware.till.desk import Desk
from firmware.till.front import No
from firmware.till.outcome import CustomerSeen, GiftPaid, Refused
from loyalty.basket import GiftUse, Order
from loyalty.feed import CustomerIs, StaffIs
from loyalty.price import Priced, price
from loyalty.programme import LoyaltyProgramme
from loyalty.refusal import Refusal
from loyalty.situation import Situation


class Ticket:
    """One order from the first scan to the save."""

    def __init__(self, desk: Desk, staff: StaffIs) -> None:
        self.desk, self.staff = desk, staff
        self.customer: CustomerIs | None = None
        self.code = ""
        self.order = Order()
        self.photos: tuple[tuple[str, bytes], ...] = ()
        """Small JPEG of each reward that has one, as they were when the customer came."""
        self._last4: dict[str, str] = {}

    def abandon(self) -> None:
        """Drop it unsaved; what was granted for it goes back to the hub."""
        rights.unreserve(self.desk.db)
        self.clear()

    def clear(self) -> None:
        """The next customer; touches no store, for it follows a commit that must not be undone."""
        self.customer, self.code, self.order, self._last4 = None, "", Order(), {}

    def drop_customer(self) -> None:
        """Go on without a customer, and so without rewards."""
        self.drop_rewards()
        self.customer, self.code = None, ""

    def drop_rewards(self) -> None:
        """Take every reward out of the order; what was granted for them goes back."""
        rights.unreserve(self.desk.db)
        self.order = replace(self.order, uses=())

    @property
    def started(self) -> bool:
        """Whether something would be lost by leaving."""
        return bool(self.order.lines or self.order.uses or self.order.gifts)

    @property
    def rows(self) -> int:
        """Lines on the screen: products, rewards and gift cards."""
        return len(self.order.lines) + len(self.order.uses) + len(self.order.gifts)

    @property
    def seen(self) -> CustomerSeen | None:
        """The customer as staff see them."""
        return self.seen_under(None)

    def seen_under(self, rules: LoyaltyProgramme | None) -> CustomerSeen | None:
        """The same, by rules that were just read."""
        return self.desk.seen(self.customer, self.code, rules=rules) if self.customer else None

    @property
    def gifts(self) -> tuple[GiftPaid, ...]:
        """What gift cards pay of it."""
        return tuple(
            GiftPaid(self._last4[gift.fingerprint], gift.cents, gift.fingerprint)
            for gift in self.order.gifts
        )

    def pay(self, fingerprint: str, cents: int, last4: str = "") -> None:
        """Let a gift card pay so much of it; 0 takes the card out."""
        self._last4[fingerprint] = last4
        self.order = self.order.paying(GiftUse(fingerprint, cents))

    def situation(self) -> Situation:
        """What a decision about it is told."""
        gifts = (gift.fingerprint for gift in self.order.gifts)
        return self.desk.situation(self.customer.id if self.customer else None, *gifts)

    def priced(self, order: Order | None = None) -> Priced | Refusal:
        """What it comes to (or would, were it that order)."""
        return price(self.situation(), self.order if order is None else order)

    def no(self, refusal: Refusal, *, code: str = "", drop_rewards: bool = False) -> No:
        """The refusal on the whole screen, for staff."""
        return No(
            self.desk,
            Refused(
                offline=not self.desk.online,
                refusal=refusal,
                customer=self.seen,
                code=code,
                drop_rewards=drop_rewards,
                staff=True,
            ),
        )
