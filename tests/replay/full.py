# SPDX-License-Identifier: Apache-2.0
"""`./run replay --rules full`: the whole year under every rule there is, beside a notebook.

Some tills stand for all stores: each reads the whole feed, since a household goes anywhere, and a
feed read by hundreds would be most of the work. Who is served when is `full_turns`' part.
"""

import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

from provisioning.demo.broker import broker
from provisioning.demo.ports import Ports
from tests.replay import compare, full_rules, run, shopping, world
from tests.replay.full_oracle import Books, told
from tests.replay.run import Progress, Result, Watch

TILLS = 6
HOUSEHOLDS = 6
STORES = 3
BASKETS = 800
SAMPLE_S = 0.5
UNHEARD_CENTS = 10_000_00


def choose(*, stores: int | None, baskets: int | None, seed: int) -> shopping.Choice:
    """All of the year; of fewer stores or baskets a few households, and where they shop most."""
    if stores is None and baskets is None:
        return shopping.choose(seed=seed)
    return shopping.choose_households(
        stores=stores or STORES, households=HOUSEHOLDS, baskets=baskets or BASKETS, seed=seed
    )


def tills(choice: shopping.Choice) -> tuple[int, ...]:
    """The busiest stores, whose tills stand for the others, too."""
    return choice.stores[:TILLS]


def baskets_of(choice: shopping.Choice) -> Iterator[shopping.Basket]:
    """In the order of time, each at the till where it is played: stores are dealt out in turn."""
    at = {store: choice.stores[place % TILLS] for place, store in enumerate(choice.stores)}
    for basket in shopping.baskets_of(choice.stores, choice.baskets):
        yield replace(basket, store=at[basket.store])


def replay(choice: shopping.Choice, folder: Path, *, watch: Watch = lambda _: None) -> Result:
    """Play it in a folder that is empty or was made by an earlier replay."""
    run.emptied(folder)
    port = Ports().take(20_000 + os.getpid() % 10_000)
    between = broker(folder / "hub", port, log=folder / "broker.log")
    with run.started(between) as programs:
        world.start_hub(folder / "hub", between)
        settings = _opened(choice, folder, port, between, watch=watch)
        programs.start(run.bridge(folder, between))
        shops = _switched_on(settings)
        began_s, entries = time.monotonic(), world.entries_at_hub()
        samples = _live(choice, shops, watch=watch, check=programs.check)
        seconds = time.monotonic() - began_s
        for shop in shops.values():
            shop.switch_off()
        world.read_lots()
    watch(Progress("compare", 0, 1))
    truth = books(choice)
    hub, states = folder / "hub" / "hub.sqlite3", run.states_of(settings)
    return Result(
        differences=[*differences(truth, hub), *compare.of_any_books(hub, states)],
        seconds=seconds,
        entries=samples[-1][1] - entries,
        first_tenth=run.rate(samples, 0, 0.1),
        last_tenth=run.rate(samples, 0.9, 1),
        caught_up=compare.caught_up(hub, states),
        samples=samples,
        notes=dict(sorted(truth.used.items())),
    )


def books(choice: shopping.Choice) -> Books:
    """What must come out."""
    return told(baskets_of(choice), middle_s=choice.middle_s)


def differences(truth: Books, hub: Path) -> Iterator[str]:
    """Every sentence is something that the hub has and the notebook has not, or the reverse."""
    with closing(compare.opened(hub)) as file:
        yield from _accounts(truth, file)
        yield from _tiers(truth, file)
        yield from _lots(truth, file)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _accounts(truth: Books, hub: sqlite3.Connection) -> Iterator[str]:
    """Every balance there is."""
    expected: dict[tuple[str, str, str], int] = {}
    for household, person in truth.people.items():
        who = world.customer_of(household)
        expected |= {
            ("points", who, ""): max(0, person.points),
            ("owed", who, "points"): max(0, -person.points),
            ("purse", who, ""): max(0, person.purse),
            ("owed", who, "purse"): max(0, -person.purse),
            ("visits", who, ""): person.visits,
            ("stamps", who, "stamps"): person.stamps,
            ("limit", who, "mug"): person.mugs or 0,
        }
        for key, cents in person.carry.items():
            expected["carry", who, key] = cents
        for day, points in person.waiting.items():
            expected["pending", who, day.isoformat()] = points
    expected |= {("gift", card, ""): money for card, money in truth.cards.items()}
    expected["stock", "mug", ""] = truth.mugs
    found = {
        (kind, owner, key): balance
        for kind, owner, key, balance in hub.execute(
            "SELECT kind, owner, key, balance FROM ledger_account"
            " WHERE owner <> 'merchant' AND kind <> 'rest'"
        )
    }
    for account in sorted(expected.keys() | found.keys()):
        have, must = found.get(account, 0), expected.get(account, 0)
        if have != must:
            yield f"{' '.join(account)}: {have} instead of {must}"


def _tiers(truth: Books, hub: sqlite3.Connection) -> Iterator[str]:
    """Which tier everybody was found to have on the last day."""
    found = dict(hub.execute("SELECT uuid, tier FROM ledger_customer"))
    for household, person in truth.people.items():
        have = found[world.customer_of(household)]
        must = full_rules.TIERS[person.tier - 1][0] if person.tier else ""
        if have != must:
            yield f"tier of {household}: {have!r} instead of {must!r}"


def _lots(truth: Books, hub: sqlite3.Connection) -> Iterator[str]:
    """What is left to expire on which day: the hub says what was awarded, the oldest goes first."""
    awarded: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for customer, day, points in hub.execute(
        "SELECT customer, day, points FROM ledger_lot WHERE day > ? ORDER BY day DESC",
        (truth.today.isoformat(),),
    ):
        awarded[customer].append((day, points))
    for household, person in truth.people.items():
        left, have = max(0, person.points), {}
        for day, points in awarded[world.customer_of(household)]:
            if part := min(points, left):
                have[day] = part
                left -= part
        must: dict[str, int] = defaultdict(int)
        for day, points in person.lots:
            must[day.isoformat()] += points
        if have != must or left:
            yield f"points of {household} expire as {have} and {left} never, instead of {must}"


def _opened(choice: shopping.Choice, folder: Path, port: int, between, *, watch: Watch):
    """The merchant with the full rules, and a terminal for each store."""
    from hub.ledger import stock
    from hub.merchants import feed, registry
    from tests.replay.full_shop import programme
    from tests.replay.shop import PIN

    watch(Progress("open", 0, len(tills(choice))))
    world.open_shops(stores=tills(choice), shelves=choice.shelves, pin=PIN)
    # no right rests at a till: what is not spent may expire on its day, whoever sold it
    # and a refund of a whole trolley is within what a till may hand out before the hub has heard
    registry.change_merchant(world.MERCHANT, card_cents=0, unheard_cents=UNHEARD_CENTS)
    world.publish(programme(0), at=datetime(1970, 1, 2, tzinfo=UTC))
    world.add_customers(choice.households)
    with feed.writing(world.MERCHANT) as out:
        stock.count(out, "mug", full_rules.MUG_STOCK, person_id=None)
    progress = Progress("enrol", 0, len(tills(choice)))

    def done() -> None:
        progress.done += 1
        watch(progress)

    ports = dict.fromkeys(tills(choice), port)
    return world.enrol(ports, folder / "terminals", between, done=done)


def _switched_on(settings: dict[int, Path]):
    """Each till up to date with what the hub has to begin with."""
    from tests.replay.full_shop import FullShop

    shops = {store: FullShop(path, follows=True) for store, path in settings.items()}
    for shop in shops.values():
        shop.switch_on(0.0)
        shop.call()
    return shops


def _live(choice: shopping.Choice, shops, *, watch: Watch, check) -> list[tuple[float, int]]:
    """Day by day; before the first basket of one the hub does what is due by that day."""
    from tests.replay.full_shop import programme
    from tests.replay.full_turns import Gifts, Turns

    samples = [(time.monotonic(), world.entries_at_hub())]
    progress = Progress("play", 0, len(choice.baskets), lines=len(shops))

    def look(served: int) -> None:
        if time.monotonic() >= samples[-1][0] + SAMPLE_S:
            check()
            samples.append((time.monotonic(), world.entries_at_hub()))
            progress.done, progress.posted = served, samples[-1][1]
            watch(progress)

    turns, gifts = Turns(shops, position=world.feed_position, look=look), Gifts()
    turns.until(lambda: all(shop.installed for shop in shops.values()))
    for shop in shops.values():  # what was said before the bridge listened is said anew
        shop.hang_up()
        shop.call()
    today, version = date.min, 0
    for (day, half), some in groupby(enumerate(baskets_of(choice)), _stretch_of(choice)):
        if day != today:
            today = day
            world.work_of(today)
        if half > version:
            version = half
            world.publish(programme(1), at=datetime.fromtimestamp(choice.middle_s, UTC))
        turns.settle()
        turns.play(gifts.turn(number, basket) for number, basket in some)
    samples.append((time.monotonic(), world.entries_at_hub()))
    return samples


def _stretch_of(choice: shopping.Choice):
    """Day and half of the year of a numbered basket."""

    def stretch(numbered: tuple[int, shopping.Basket]) -> tuple[date, bool]:
        at_s = numbered[1].at_s
        return datetime.fromtimestamp(at_s, UTC).date(), at_s >= choice.middle_s

    return stretch
