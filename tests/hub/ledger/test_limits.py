# SPDX-License-Identifier: Apache-2.0
"""A limit stands at what the rules say until somebody uses it; it is opened once."""

from dataclasses import replace

from hub.ledger.models import Account, JournalEntry
from hub.merchants import feed
from hub.programmes.models import LoyaltyProgramme as Version
from hub.programmes.publish import published
from loyalty.account import limit_of
from loyalty.feed import ProgrammeIs
from loyalty.programme import Options, Reward
from tests.hub.till import NOON, Till

TEA = Reward(id="tea", kind="gift", title="Thé", cost=0, options=Options(per_customer=2))


def limit(merchant) -> None:
    """Publish a reward that each customer may use twice."""
    rules = published(merchant.pk)
    assert rules
    with feed.writing(merchant.pk) as out:
        body = out.say(ProgrammeIs(replace(rules, version=rules.version + 1, rewards=(TEA,))))
        Version.objects.create(
            merchant=merchant, version=rules.version + 1, published_at=NOON, body=body
        )


def test_a_limit_is_opened_when_a_till_first_asks_and_never_again(merchant, till: Till) -> None:
    limit(merchant)
    till.joins("ana")
    till.send()
    assert till.ask(limit_of("ana", "tea"), 1) == 1
    assert till.ask(limit_of("ana", "tea"), 1) == 1
    assert till.ask(limit_of("ana", "tea"), 1) == 0
    assert Account.objects.get(kind="limit", owner="ana").balance == 2
    assert JournalEntry.objects.filter(kind="adjusted").count() == 1


def test_no_limit_is_opened_for_nobody_or_for_what_has_none(merchant, till: Till) -> None:
    limit(merchant)
    till.joins("ana")
    till.send()
    assert till.ask(limit_of("nobody", "tea"), 1) == 0
    assert till.ask(limit_of("ana", "coffee"), 1) == 0
    assert not JournalEntry.objects.filter(kind="adjusted").exists()
