# SPDX-License-Identifier: Apache-2.0
"""`./run replay --rules full`: a few households' whole year under every rule there is.

Every basket is settled before the next one comes, so that a notebook can tell what must come out.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from provisioning.demo.broker import broker
from provisioning.demo.ports import Ports
from tests.replay import compare, full_rules, run, shopping, world
from tests.replay.full_oracle import Books, told
from tests.replay.run import Progress, Result, Watch

HOUSEHOLDS = 6
STORES = 3
BASKETS = 800
TURN_S = 0.002
PATIENCE_S = 60.0


def choose(*, stores: int | None, baskets: int | None, seed: int) -> shopping.Choice:
    """A few households, and where they shop most."""
    return shopping.choose_households(
        stores=stores or STORES, households=HOUSEHOLDS, baskets=baskets or BASKETS, seed=seed
    )


def replay(choice: shopping.Choice, folder: Path, *, watch: Watch = lambda _: None) -> Result:
    """Play it in a folder that is empty or was made by an earlier replay."""
    run.emptied(folder)
    port = Ports().take(20_000 + os.getpid() % 10_000)
    between = broker(folder / "hub", port, log=folder / "broker.log")
    with run.started(between) as programs:
        world.start_hub(folder / "hub", between)
        settings = _opened(choice, folder, port, between, watch=watch)
        programs.start(run.bridge(folder, between))
        shops = _switched_on(choice, settings)
        began_s, entries = time.monotonic(), world.entries_at_hub()
        samples = _live(choice, shops, watch=watch, check=programs.check)
        seconds = time.monotonic() - began_s
        for shop in shops.values():
            shop.switch_off()
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
    baskets = shopping.baskets_of(choice.stores, choice.baskets)
    return told(baskets, middle_s=choice.middle_s)


def differences(truth: Books, hub: Path) -> Iterator[str]:
    """Every sentence is something that the hub has and the notebook has not, or the reverse."""
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
    with closing(compare.opened(hub)) as file:
        found = {
            (kind, owner, key): balance
            for kind, owner, key, balance in file.execute(
                "SELECT kind, owner, key, balance FROM ledger_account"
                " WHERE owner <> 'merchant' AND kind <> 'rest'"
            )
        }
    for account in sorted(expected.keys() | found.keys()):
        have, must = found.get(account, 0), expected.get(account, 0)
        if have != must:
            yield f"{' '.join(account)}: {have} instead of {must}"


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _opened(choice: shopping.Choice, folder: Path, port: int, between, *, watch: Watch):
    """The merchant with the full rules, and a terminal for each store."""
    from hub.ledger import stock
    from hub.merchants import feed, registry
    from tests.replay.full_shop import programme
    from tests.replay.shop import PIN

    watch(Progress("open", 0, len(choice.stores)))
    world.open_shops(stores=choice.stores, shelves=choice.shelves, pin=PIN)
    # no right rests at a till: what is not spent may expire on its day, whoever sold it
    registry.change_merchant(world.MERCHANT, card_cents=0)
    world.publish(programme(0), at=datetime(1970, 1, 2, tzinfo=UTC))
    world.add_customers(choice.households)
    with feed.writing(world.MERCHANT) as out:
        stock.count(out, "mug", full_rules.MUG_STOCK, person_id=None)
    progress = Progress("enrol", 0, len(choice.stores))

    def done() -> None:
        progress.done += 1
        watch(progress)

    ports = dict.fromkeys(choice.stores, port)
    return world.enrol(ports, folder / "terminals", between, done=done)


def _switched_on(choice: shopping.Choice, settings: dict[int, Path]):
    from tests.replay.full_shop import FullShop

    shops = {store: FullShop(settings[store], follows=True) for store in choice.stores}
    for shop in shops.values():
        shop.switch_on(0.0)
        shop.call()
    _until(shops.values(), lambda shop: shop.installed)
    return shops


def _live(choice: shopping.Choice, shops, *, watch: Watch, check) -> list[tuple[float, int]]:
    """Basket by basket; before the first of a day the hub does what is due by the day."""
    from tests.replay.full_shop import programme

    cards: list[str] = []
    samples = [(time.monotonic(), world.entries_at_hub())]
    progress = Progress("play", 0, len(choice.baskets))
    today, version = date.min, 0
    baskets = shopping.baskets_of(choice.stores, choice.baskets)
    for number, basket in enumerate(baskets):
        at = datetime.fromtimestamp(basket.at_s, UTC)
        if at.date() != today:
            today = at.date()
            world.work_of(today)
            _settle(shops.values())
        if basket.at_s >= choice.middle_s and not version:
            version = 1
            world.publish(programme(1), at=datetime.fromtimestamp(choice.middle_s, UTC))
            _settle(shops.values())
        shops[basket.store].serve(number, basket, cards)
        if full_rules.wish(number).sells_card:
            cards.append(full_rules.card_name(number))
        _settle(shops.values())
        check()
        samples.append((time.monotonic(), world.entries_at_hub()))
        progress.done, progress.posted = number + 1, samples[-1][1]
        progress.lines = len(shops)
        watch(progress)
    return samples


def _settle(shops) -> None:
    """Everybody has sent everything, given back every right and read the whole feed."""
    latest = world.feed_position()
    while True:
        _until(shops, lambda shop: shop.settled and shop.cursor >= latest)
        if latest == (latest := world.feed_position()):
            return


def _until(shops: Sequence, holds) -> None:
    late_s = time.monotonic() + PATIENCE_S
    while not all(holds(shop) for shop in shops):
        for shop in shops:
            shop.step()
        if time.monotonic() > late_s:
            raise TimeoutError("the shops do not settle")
        time.sleep(TURN_S)
