# SPDX-License-Identifier: Apache-2.0
"""A snapshot leaves a terminal where the feed would have left it."""

from dataclasses import replace

import pytest

from hub.ledger import acts, gifting, restored, snapshot
from hub.ledger.own import post_own
from hub.ledger.snapshots import Snapshot, SnapshotPart
from hub.merchants import feed, registry
from hub.merchants.models import Terminal
from hub.programmes import publish
from hub.programmes.models import Reward
from loyalty.account import MERCHANT, Holding, Kind, Movement, gift_of, limit_of
from loyalty.entry import Adjusted, Cause
from loyalty.feed import (
    BalanceIs,
    CardNumbers,
    CategoryIs,
    Covered,
    CustomerIs,
    GiftOffersAre,
    Granted,
    Item,
    ProductIs,
    ProgrammeIs,
    SaleSeen,
    ShopIs,
    StaffIs,
)
from loyalty.wire import LARGEST_FRAME, Part, decode_item, encode_frame
from tests.hub.till import sale


def replica(items: list[Item]) -> dict:
    """What a terminal keeps of items, the later ones winning."""
    kept: dict = {}
    sales: dict[str, dict] = {}
    for item in items:
        match item:
            case ShopIs() | ProgrammeIs() | GiftOffersAre():
                kept[type(item)] = item
            case StaffIs() | CategoryIs() | ProductIs() | CustomerIs():
                kept[type(item), item.id] = item
            case BalanceIs(account=account):
                kept[account] = item.balance
            case SaleSeen():
                sales.setdefault(item.customer, {})[item.wall_ms, item.id] = item
            case Covered(segment=segment):
                kept[segment] = item.n
            case CardNumbers():
                kept[item] = True
            case Granted():
                pass
    for customer, seen in sales.items():
        kept["sales", customer] = [seen[key] for key in sorted(seen)[-3:]]
    gone = {k for k, item in kept.items() if getattr(item, "gone", False)}
    return {
        key: item
        for key, item in kept.items()
        if not (_nothing(key, item) or key in gone or _dismissed(item))
    }


def _nothing(key, item) -> bool:
    """A balance of 0 is no account; a used gift card and a limit have to stay known."""
    return item == 0 and getattr(key, "kind", None) not in (Kind.GIFT, Kind.LIMIT)


def _dismissed(item) -> bool:
    return isinstance(item, StaffIs) and not item.pin


def by_feed(terminal: Terminal) -> dict:
    items, after = [], 0
    while after < feed.position(terminal.merchant_id):
        found = feed.stretch(terminal, after)
        items += map(decode_item, found.lines)
        after = found.to
    return replica(items)


def by_snapshot(terminal: Terminal) -> tuple[Snapshot, dict]:
    made = snapshot.make(terminal)
    items = []
    for number in range(1, made.parts + 1):
        _, lines = snapshot.part(terminal, made.pk, number)
        items += map(decode_item, lines)
    return made, replica(items)


@pytest.fixture
def busy(till, other, merchant, shop):
    """Some weeks of a merchant in one minute."""
    registry.dismiss(registry.hire(merchant.pk, "Gone", pin="1111"))
    registry.hire(merchant.pk, "Camille", pin="4821")
    shelf = publish.keep_category(merchant.pk, name="Pains")
    old = publish.keep_category(merchant.pk, name="Old")
    publish.keep_product(merchant.pk, category=shelf, name="Baguette", cents=120)
    publish.keep_category(merchant.pk, id=old.pk, gone=True)
    Reward.objects.create(merchant=merchant, kind="gift", title="Café", cost=10)
    publish.publish(merchant.pk)
    gifting.turn_offer(gifting.offer(merchant.pk, cents=500, points=400))
    gifting.offer(merchant.pk, cents=1000, points=750)
    acts.register_customers(shop, [acts.NewCustomer(first_name="Bob")])
    for n in range(12):
        till.joins(f"c{n}")
        for i in range(n % 5):
            till.sells(150 + i, f"c{n}", uses=min(1, i))
    till.sells_gift("f1", 500)
    till.sells(500, gifts=(("f1", 500),))
    till.send()
    other.sells(4000, "c3")
    other.send()


def test_it_says_what_the_feed_says(busy, till, other):
    for terminal in (till.terminal, other.terminal):
        made, kept = by_snapshot(terminal)
        assert kept == by_feed(terminal)
        assert made.to == feed.position(terminal.merchant_id)


def test_a_used_gift_card_stays_known(busy, till):
    assert by_snapshot(till.terminal)[1][gift_of("f1")] == 0


def test_a_limit_that_is_used_up_stays_known(busy, till, merchant):
    """Of one that nobody has touched all is left: forgotten, it would be promised again."""
    limit = limit_of("c0", "cafe")
    with feed.writing(merchant.pk) as out:
        opened = Adjusted(cause=Cause.LIMIT, moves=(Movement(limit, 1),), customer="c0")
        post_own(out, [(None, opened)], shop=None)
    till.ask(limit, 1)
    till.write(replace(sale(500, "c0"), spent=(Holding(limit, 1),)))
    till.send()
    assert by_snapshot(till.terminal)[1][limit] == 0


def test_one_that_forgets_the_covered_would_be_seen(busy, till, monkeypatch):
    """Mutant (RIGHTS: snapshot_covered)."""
    real = snapshot._items
    monkeypatch.setattr(
        snapshot, "_items", lambda *a: (i for i in real(*a) if not isinstance(i, Covered))
    )
    assert by_snapshot(till.terminal)[1] != by_feed(till.terminal)


def test_parts_fit_into_frames(shop, till, monkeypatch):
    crowd = [acts.NewCustomer(first_name=f"Nr {n}", email=f"{n}@m.re") for n in range(600)]
    acts.register_customers(shop, crowd)
    made = snapshot.make(till.terminal)
    assert made.parts > 1
    for number in range(1, made.parts + 1):
        _, lines = snapshot.part(till.terminal, made.pk, number)
        part = Part(
            epoch="e" * 32, nonce="n" * 32, snapshot=made.pk, part=number, parts=made.parts, to=9
        )
        assert len(encode_frame(part, lines)) < LARGEST_FRAME


def test_a_new_one_replaces_the_last(till, other):
    first = snapshot.make(till.terminal)
    second = snapshot.make(till.terminal)
    with pytest.raises(SnapshotPart.DoesNotExist):
        snapshot.part(till.terminal, first.pk, 1)
    with pytest.raises(SnapshotPart.DoesNotExist):
        snapshot.part(other.terminal, second.pk, 1)
    assert Snapshot.objects.count() == 1


def test_one_of_another_life_of_the_hub_is_not_given_again(till):
    till.joins("ana")
    till.send()
    made = snapshot.make(till.terminal)
    assert snapshot.fresh(till.terminal) == made
    restored.begin("test")
    assert snapshot.fresh(till.terminal) is None


def test_nobody_hears_of_the_merchants_side_or_of_nameless_customers(till):
    till.sells(1000, "stub")
    till.send()
    _, kept = by_snapshot(till.terminal)
    assert not any(getattr(key, "owner", "") == MERCHANT for key in kept)
    assert not any(isinstance(item, CustomerIs) for item in kept.values())
