# SPDX-License-Identifier: Apache-2.0
"""Who is served when: all tills at once, and nobody before what they did elsewhere is known there.

A notebook can tell what must come out only where each customer finds all that came before. People
are in one place at a time: everybody else goes on while one of them waits for the hub.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.replay import full_rules, world
from tests.replay.full_shop import FullShop
from tests.replay.shopping import Basket

TURN_S = 0.002
PATIENCE_S = 300.0
MUG = "mug"
"""Who owns its stock."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One basket, and whose accounts it may touch."""

    number: int
    basket: Basket
    cards: tuple[str, ...]
    """Gift cards that the household was given, oldest first."""

    @property
    def owners(self) -> set[str]:
        """Of accounts: they are touched in the order of the baskets, each when all is settled."""
        wish, found = full_rules.wish(self.number), {world.customer_of(self.basket.household)}
        if wish.reward == MUG:
            found.add(MUG)
        if wish.sells_card:
            found.add(full_rules.card_name(self.number))
        if wish.pays_by_card:
            found.update(self.cards)
        return found


class Gifts:
    """Who holds which gift card: each is bought for whoever comes next."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[str, ...]] = defaultdict(tuple)
        self._bought = ""

    def turn(self, number: int, basket: Basket) -> Turn:
        """The household comes, and is given the card that was bought just before."""
        if self._bought:
            self._held[basket.household] += (self._bought,)
        self._bought = full_rules.card_name(number) if full_rules.wish(number).sells_card else ""
        return Turn(number, basket, self._held[basket.household])


class Turns:
    """The tills of one merchant at work."""

    def __init__(
        self,
        shops: Mapping[int, FullShop],
        *,
        position: Callable[[], int],
        look: Callable[[int], None],
    ) -> None:
        """Tills that are switched on.

        Args:
            shops: by the store that each stands for.
            position: of the newest item of the hub's feed.
            look: told at each turn how many baskets were served.
        """
        self._shops = shops
        self._position = position
        self._look = look
        self._served = 0
        self._lines: dict[int, deque[Turn]] = {store: deque() for store in shops}
        self._serving: dict[int, tuple[Turn, Iterator[None]]] = {}
        self._order: dict[str, deque[int]] = defaultdict(deque)
        """Of each owner, the numbers of the baskets to come."""
        self._moving: dict[str, tuple[FullShop, int | None]] = {}
        """Owners whose till has still to be heard: and of which of its entries, once it is known."""
        self._known_at: dict[str, int] = {}
        """Where on the feed all stands that an owner did."""

    def play(self, turns: Iterable[Turn]) -> None:
        """Serve them, up to the last one's last word."""
        for turn in turns:
            self._lines[turn.basket.store].append(turn)
            for owner in turn.owners:
                self._order[owner].append(turn.number)
        late_s, served = time.monotonic() + PATIENCE_S, self._served
        while any(self._lines.values()) or self._serving:
            for store, shop in self._shops.items():
                self._serve(store, shop)
                shop.step()
            self._settle_owners()
            self._look(self._served)
            if served != self._served:
                late_s, served = time.monotonic() + PATIENCE_S, self._served
            elif time.monotonic() > late_s:
                raise TimeoutError("nobody is served any more")
            else:
                time.sleep(TURN_S)
        self._order.clear()
        self.settle()

    def settle(self) -> None:
        """Everybody has sent everything, given back every right and read the whole feed."""
        shops, latest = list(self._shops.values()), self._position()
        while True:
            self.until(lambda: all(shop.settled and shop.cursor >= latest for shop in shops))
            if latest == (latest := self._position()):
                break
        self._moving.clear()
        self._known_at.clear()

    def until(self, holds: Callable[[], bool]) -> None:
        """Let every line move on until it holds; TimeoutError: it does not."""
        late_s = time.monotonic() + PATIENCE_S
        while not holds():
            for shop in self._shops.values():
                shop.step()
            if time.monotonic() > late_s:
                raise TimeoutError("the shops do not settle")
            time.sleep(TURN_S)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    def _serve(self, store: int, shop: FullShop) -> None:
        """Go on with whom this till serves, or call the next one."""
        line = self._lines[store]
        if store not in self._serving:
            if not line or not self._may(line[0], shop):
                return
            turn = line.popleft()
            served = shop.serve(turn.number, turn.basket, turn.cards)
            self._serving[store] = (turn, served)
        turn, served = self._serving[store]
        for _ in served:
            return
        del self._serving[store]
        self._served += 1
        moving = shop.moving
        for owner in turn.owners:
            self._order[owner].popleft()
            if owner in moving:
                self._moving[owner] = (shop, None)

    def _may(self, turn: Turn, shop: FullShop) -> bool:
        """Whether everybody before them was served, and this till has heard of all of it."""
        owners = turn.owners
        first = all(self._order[owner][0] == turn.number for owner in owners)
        if not first or not shop.desk.online or not owners.isdisjoint(self._moving):
            return False
        wanted = max(self._known_at.get(owner, 0) for owner in owners)
        return not wanted or shop.cursor >= wanted

    def _settle_owners(self) -> None:
        """See which owners' till the hub has heard to the end."""
        moving: dict[FullShop, set[str]] = {}
        for owner, (shop, upto) in list(self._moving.items()):
            if shop not in moving:
                moving[shop] = shop.moving
            if upto is None:
                if owner not in moving[shop]:  # the right that went back is among these entries
                    self._moving[owner] = (shop, shop.written)
            elif shop.acknowledged >= upto:
                del self._moving[owner]
                self._known_at[owner] = self._position()
