# SPDX-License-Identifier: Apache-2.0
"""Opening and switching modules is a version of the rules: told to tills, never retroactive."""

from hub.merchants import feed
from hub.merchants.models import Merchant, Terminal
from hub.programmes.models import Reward
from hub.programmes.modules import open_to, switch_on
from hub.programmes.publish import has_unpublished, publish, published
from hub.programmes.tiers import Tier
from loyalty.feed import ProgrammeIs
from loyalty.module import Module
from loyalty.wire import decode_item

EVERY = frozenset(Module)


def offer(merchant: Merchant) -> Reward:
    """A coffee for 60 points, published."""
    reward = Reward.objects.create(
        merchant=merchant, kind="gift", title="Café", cost=60, gift_title="Café"
    )
    publish(merchant.pk)
    return reward


def test_a_switched_off_module_is_told_to_tills_and_comes_back_as_it_was(
    merchant: Merchant, terminal: Terminal
) -> None:
    offer(merchant)
    before = published(merchant.pk)
    told = feed.position(merchant.pk)
    switch_on(merchant.pk, EVERY - {Module.LOYALTY})
    lines = feed.stretch(terminal, told).lines
    (said,) = [item for item in map(decode_item, lines) if isinstance(item, ProgrammeIs)]
    assert said.programme.rewards == ()
    assert said.programme.earn.points == 0
    assert not said.programme.has(Module.LOYALTY)
    switch_on(merchant.pk, EVERY)
    after = published(merchant.pk)
    assert before is not None
    assert after is not None
    assert (after.version, after.rewards) == (before.version + 2, before.rewards)
    assert after.earn == before.earn


def test_switching_publishes_nothing_that_is_still_edited(merchant: Merchant) -> None:
    reward = offer(merchant)
    Reward.objects.filter(pk=reward.pk).update(title="Thé")
    switch_on(merchant.pk, EVERY - {Module.BOOKINGS})
    switch_on(merchant.pk, EVERY)
    programme = published(merchant.pk)
    assert programme is not None
    assert [one.title for one in programme.rewards] == ["Café"]
    assert has_unpublished(merchant.pk)


def test_what_is_published_meanwhile_is_whole_when_the_module_is_back(merchant: Merchant) -> None:
    offer(merchant)
    Tier.objects.create(merchant=merchant, name="Or", threshold=100)
    publish(merchant.pk)
    switch_on(merchant.pk, EVERY - {Module.TIERS})
    Reward.objects.update(title="Thé")
    publish(merchant.pk)
    switch_on(merchant.pk, EVERY)
    programme = published(merchant.pk)
    assert programme is not None
    assert [one.title for one in programme.rewards] == ["Thé"]
    assert [one.name for one in programme.tiers] == ["Or"]
    assert not has_unpublished(merchant.pk)


def test_the_merchants_own_choice_survives_a_closing_by_the_operator(merchant: Merchant) -> None:
    switch_on(merchant.pk, EVERY - {Module.TIERS})
    open_to(merchant.pk, {Module.LOYALTY})
    switch_on(merchant.pk, {Module.LOYALTY})
    open_to(merchant.pk, EVERY)
    merchant.refresh_from_db()
    assert merchant.without == {Module.TIERS}


def test_what_is_closed_can_not_be_switched_on(merchant: Merchant) -> None:
    open_to(merchant.pk, EVERY - {Module.CAMPAIGNS})
    switch_on(merchant.pk, EVERY)
    merchant.refresh_from_db()
    assert merchant.without == {Module.CAMPAIGNS}


def test_before_anything_is_published_nothing_is_said(merchant: Merchant) -> None:
    merchant.programmes.all().delete()
    switch_on(merchant.pk, ())
    assert published(merchant.pk) is None
    programme = publish(merchant.pk)
    assert not programme.has(Module.TIERS)


def test_a_version_says_nothing_new_where_the_same_is_ticked_again(merchant: Merchant) -> None:
    offer(merchant)
    before = published(merchant.pk)
    switch_on(merchant.pk, EVERY)
    assert published(merchant.pk) == before
