# SPDX-License-Identifier: Apache-2.0
"""The person behind a counter of the replay: keys each basket once, whatever happens to the till."""

import logging
import time
from collections.abc import Sequence
from http.client import HTTPException
from threading import Event

from tests.hands import Till, Unexpected
from tests.replay.shop import card_of
from tests.replay.shopping import Basket

log = logging.getLogger(__name__)

PATIENCE_S = 120.0
"""For a till to come back and take a basket."""
LOOK_S = 0.1


class Lost(Exception):
    """The till's own list is not what its screen has said."""


class Clerk:
    """Plays a shop's baskets on its till.

    A sale counts when the screen called it saved, or when, after a trouble, it is in the till's
    list of sales under the number that comes next. Else it is keyed again.
    """

    def __init__(self, till: Till, baskets: Sequence[Basket]) -> None:
        self._till = till
        self._baskets = baskets
        self.total = len(baskets)
        self.done = 0
        """Baskets."""
        self.sold = 0
        """Those of them that were sales: the number of the newest receipt."""
        self.again = self.found = 0
        """After a trouble: keyed again, and found in the list."""
        self.keying = False
        """Whether an order is on the screen that is not saved."""

    def work(self, stop: Event) -> None:
        """Serve one household after the other, until all are served or `stop` is set."""
        for basket in self._baskets:
            self._serve(basket, stop)
            if stop.is_set():
                return
            self.done += 1

    def _serve(self, basket: Basket, stop: Event) -> None:
        deadline = time.monotonic() + PATIENCE_S
        troubled = False
        while not stop.is_set():
            try:
                if troubled and self._is_listed(basket):
                    self.found += 1
                else:
                    self.again += troubled
                    self._key(basket)
                break
            except (OSError, HTTPException, Unexpected) as trouble:
                if time.monotonic() > deadline:
                    raise Lost(f"basket {basket.id} can't be keyed: {trouble}") from trouble
                log.info("basket=%s trouble=%r", basket.id, trouble)
                troubled = True
                stop.wait(LOOK_S)
        self.keying = False
        self.sold += bool(basket.items)

    def _key(self, basket: Basket) -> None:
        """Card, amount, save; without an amount only the visit, which the scan has written."""
        till = self._till
        if till.outcome != "Saved":  # there, the next card goes on by itself
            till.open()
        self.keying = True
        till.scan(card_of(basket.household))
        _expect(till, "AtTill")
        if not basket.items:
            till.open()
            return
        till.line(basket.cents)
        till.save()
        _expect(till, "Saved")

    def _is_listed(self, basket: Basket) -> bool:
        """Whether the till has this sale.

        Raises:
            Lost: it has fewer sales than its screen has called saved, or others.
        """
        if not basket.items:
            return False  # looking at a card once more is no second visit
        receipt, words = self._till.latest_sale()
        if receipt == self.sold:
            return False
        wanted = {f"Foyer {basket.household}", _money(basket.cents)}
        if receipt != self.sold + 1 or not wanted <= set(words.split(" | ")):
            raise Lost(f"{self.sold} sales were called saved, the list ends with {words!r}")
        return True


def _expect(till: Till, outcome: str) -> None:
    if till.outcome != outcome:
        raise Unexpected(f"not {outcome}: {till.words}")


def _money(cents: int) -> str:
    """As the screen writes it, but for the width of its spaces."""
    euros = f"{cents // 100:,}".replace(",", " ")
    return f"{euros},{cents % 100:02} €"
