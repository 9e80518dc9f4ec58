# SPDX-License-Identifier: Apache-2.0
"""What is edited is nobody's until it is published; what is published is frozen."""

import pytest

from hub.merchants.models import FeedItem
from hub.programmes import publish
from hub.programmes.models import Category, Product, Reward
from loyalty.feed import CategoryIs, ProductIs, ProgrammeIs
from loyalty.programme import EarnRule
from loyalty.wire import decode_item


def newest():
    return decode_item(bytes(FeedItem.objects.latest("position").body))


@pytest.fixture
def remise(merchant, shop) -> Reward:
    made = Reward.objects.create(
        merchant=merchant, kind="discount", title="Remise de 10 %", cost=200, rate_bp=1000
    )
    made.not_in_shops.add(shop)
    return made


def test_publishing_freezes_the_offer_and_tells_the_tills(merchant, remise, shop):
    version = publish.publish(merchant.pk)
    assert version.version == 2
    assert newest() == ProgrammeIs(version)
    (reward,) = version.rewards
    assert (reward.kind, reward.cost, reward.rate_bp) == ("discount", 200, 1000)
    assert not reward.offered_in(shop.pk)
    assert reward.offered_in("a-future-shop")
    Reward.objects.update(cost=1)
    assert publish.published(merchant.pk) == publish.published(merchant.pk, 2) == version
    assert publish.published(merchant.pk, 1).rewards == ()


def test_what_is_not_published_yet_is_known(merchant, remise):
    assert publish.has_unpublished(merchant.pk)
    publish.publish(merchant.pk)
    assert not publish.has_unpublished(merchant.pk)
    rules = publish.rules_of(merchant.pk)
    rules.earn_per_cents = 500
    rules.save()
    assert publish.has_unpublished(merchant.pk)
    assert publish.publish(merchant.pk).earn == EarnRule(1, 500)
    remise.archived = True
    remise.save()
    assert publish.has_unpublished(merchant.pk)
    assert publish.publish(merchant.pk).rewards == ()


def test_an_unpublished_merchant_has_something_to_publish_once_it_offers_something(stranger):
    assert publish.published("payet") is None
    assert not publish.has_unpublished("payet")
    Reward.objects.create(merchant_id="payet", kind="gift", title="Café", cost=10)
    assert publish.has_unpublished("payet")


def test_rewards_come_in_the_merchants_order(merchant):
    for rank, title in [(2, "b"), (1, "c"), (2, "a")]:
        Reward.objects.create(merchant=merchant, kind="gift", title=title, cost=1, rank=rank)
    assert [r.title for r in publish.draft(merchant.pk, version=1).rewards] == ["c", "a", "b"]


def test_the_catalogue_is_told_as_it_changes(merchant):
    shelf = publish.keep_category(merchant.pk, name="Pains", rank=1)
    assert newest() == CategoryIs(id=shelf.pk, name="Pains", rank=1)
    bread = publish.keep_product(merchant.pk, category=shelf, name="Baguette", cents=120)
    assert newest() == ProductIs(id=bread.pk, category=shelf.pk, name="Baguette", cents=120)
    publish.keep_product(merchant.pk, id=bread.pk, gone=True)
    assert newest().gone
    assert Product.objects.count() == Category.objects.count() == 1
