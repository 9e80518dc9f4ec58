# SPDX-License-Identifier: Apache-2.0
"""Never more is held than there is, and hub and terminal count the same (RIGHTS, DESIGN 6)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ledger import audit, custody
from hub.ledger import grant as granting
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Account, Held, Incident
from hub.ledger.post import NotOurs
from hub.ledger.rights import SpendingRight
from hub.ledger.tally import Kept, Tally
from hub.merchants import enrolment, feed, registry
from hub.merchants.models import FeedItem, Merchant, Shop, Terminal
from loyalty.account import MERCHANT, Holding, Kind, gift_of, points_of, purse_of
from loyalty.feed import Elsewhere, Granted
from loyalty.wire import decode_item
from tests.hub.ledger.holds import held
from tests.hub.till import Till, fresh

ANA = points_of("ana")


def test_what_a_till_earned_is_its_own_right_until_it_releases_it(till, other):
    till.joins("ana")
    till.sells(2000, "ana")
    till.send()
    assert (held(till), other.ask(ANA, 20)) == (20, 0)
    till.releases(Holding(ANA, 20))
    till.send()
    assert (held(till), other.ask(ANA, 20), held(other)) == (0, 20, 20)


def test_a_grant_is_never_more_than_what_is_free(earned, other):
    assert earned.ask(ANA, 15) == 15
    assert other.ask(ANA, 15) == 5
    assert other.ask(ANA, 1) == 0


def test_a_grant_is_on_the_feed_of_its_terminal_alone(earned, other):
    earned.ask(ANA, 15, ask="my-ask")
    item = FeedItem.objects.latest("position")
    assert item.audience == feed.to_terminal(earned.terminal.pk)
    assert decode_item(bytes(item.body)) == Granted(
        ask="my-ask", segment=earned.segment, account=ANA, amount=15
    )


def test_nothing_free_is_said_too(other):
    assert other.ask(ANA, 15, ask="my-ask") == 0
    said = decode_item(bytes(FeedItem.objects.latest("position").body))
    assert said == Granted(ask="my-ask", segment=other.segment, account=ANA, amount=0)


def elsewhere() -> Elsewhere | None:
    """Who keeps the rest, in the newest item of the feed."""
    said = decode_item(bytes(FeedItem.objects.latest("position").body))
    assert isinstance(said, Granted)
    return said.elsewhere


def last_heard(till: Till, at: datetime) -> None:
    """The hub heard of a till at that moment for the last time; it is not there any more."""
    Terminal.objects.filter(pk=till.terminal.pk).update(last_contact=at, online=False)


def test_a_grant_of_less_says_who_keeps_the_rest_and_when_that_was_heard(earned, merchant):
    paul = registry.open_shop(merchant.pk, "Saint-Paul")
    there = Till(enrolment.enrol(paul, "saint-paul-1")).opened()
    there.send()
    there.ask(ANA, 12)
    last_heard(there, timezone.now() - timedelta(minutes=27))
    assert earned.ask(ANA, 20) == 8
    said = elsewhere()
    assert said is not None
    assert (said.shop, said.tills) == ("Saint-Paul", 1)
    ago_s = (said.said_ms - said.heard_ms) / 1000
    assert ago_s == pytest.approx(27 * 60, abs=60)


def test_of_several_tills_that_keep_the_rest_the_one_with_most_is_named(earned, shop, merchant):
    paul = registry.open_shop(merchant.pk, "Saint-Paul")
    some, most = (
        Till(enrolment.enrol(where, fresh("terminal-no"))).opened() for where in (shop, paul)
    )
    for there, amount in ((some, 5), (most, 9)):
        there.send()
        there.ask(ANA, amount)
        last_heard(there, timezone.now())
    assert earned.ask(ANA, 20) == 6
    said = elsewhere()
    assert said is not None
    assert (said.shop, said.tills) == ("Saint-Paul", 2)


def test_a_whole_grant_and_one_that_nobody_keeps_name_nobody(earned, other):
    last_heard(other, timezone.now())
    assert earned.ask(ANA, 20) == 20
    assert elsewhere() is None
    assert earned.ask(ANA, 1) == 0
    assert elsewhere() is None, "it is this till itself that holds it"


def test_a_retired_till_keeps_nothing(earned, other):
    other.ask(ANA, 12)
    last_heard(other, timezone.now())
    custody.retire(Terminal.objects.get(pk=other.terminal.pk))
    assert earned.ask(ANA, 20) == 20
    assert elsewhere() is None


def test_asking_again_gets_the_same_grant_once(earned):
    first = earned.ask(ANA, 15, ask="my-ask")
    earned.rights[ANA] -= 15
    before = FeedItem.objects.count()
    assert earned.ask(ANA, 15, ask="my-ask") == first == 15
    assert held(earned) == 15
    assert FeedItem.objects.count() == before


def test_a_redemption_lowers_balance_and_held_together(earned, other):
    earned.ask(ANA, 15)
    earned.sells(50, "ana", uses=15)
    earned.send()
    assert (held(earned), other.ask(ANA, 20)) == (0, 5)


@pytest.mark.parametrize("segment", ["segment-of-nobody", "", "a b"])
def test_there_is_no_right_in_a_segment_that_is_not_current(earned, segment):
    try:
        assert earned.ask(ANA, 5, segment=segment) == 0
    except NotOurs:
        assert segment in {"", "a b"}
    assert held(earned) == 0


def test_there_is_no_right_before_the_header_is_posted(earned):
    earned.reboot()
    assert earned.ask(ANA, 5) == 0
    earned.send()
    assert earned.ask(ANA, 5) == 5


@pytest.mark.parametrize(
    ("account", "amount"),
    [
        (ANA, 0),
        (ANA, -5),
        (points_of(MERCHANT), 5),
        (points_of(""), 5),
        (type(ANA)(Kind.CARRY, "ana", "1/100"), 5),
        (type(ANA)(Kind.POINTS, "ana", "k" * 65), 5),
    ],
)
def test_a_senseless_request_is_not_answered(earned, account, amount):
    with pytest.raises(NotOurs):
        earned.ask(account, amount)
    assert not SpendingRight.objects.exists()


def test_a_closed_generation_is_granted_nothing(earned):
    with pytest.raises(NotOurs):
        earned.ask(ANA, 5, gen=0)


# ── any story ───────────────────────────────────────────────────────────────────────────────────

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["earn", "spend", "ask", "release", "send", "resend", "reboot", "gift", "pay", "cash"]
        ),
        st.integers(0, 2),
        st.integers(1, 30),
    ),
    max_size=40,
)


def play(tills: list[Till], steps) -> None:
    """Live a story; after each step nothing may be wrong."""
    card = gift_of("card")
    for act, who, amount in steps:
        till = tills[who]
        match act:
            case "earn":
                till.sells(amount * 33, "ana", purse=amount)
            case "spend" if till.rights[ANA] >= amount:
                till.sells(100, "ana", uses=amount)
            case "ask":
                till.ask((ANA, card, purse_of("ana"))[amount % 3], amount)
            case "release":
                owned = [Holding(a, min(n, amount)) for a, n in till.rights.items() if n]
                till.releases(*owned)
            case "send":
                till.send(hi=till.acked + amount) if till.acked < len(till.raws) else None
            case "resend":
                till.send(1)
            case "reboot":
                if till.acked < len(till.raws):
                    till.send()
                till.reboot()
            case "gift":
                till.sells_gift("card", amount)
            case "pay" if till.rights[card] >= amount:
                till.sells(amount, gifts=(("card", amount),))
            case "cash" if till.rights[purse_of("ana")] >= amount:
                till.sells(amount, "ana", purse_used=amount)
        assert audit.faults("maison-lucet") == []


def live(tills: list[Till], steps) -> None:
    """Live a story to its end."""
    play(tills, steps)
    settle(tills)


def settle(tills: list[Till]) -> None:
    """Everything arrives; then hub and terminals hold the same."""
    for till in tills:
        if till.acked < len(till.raws):
            till.send()
    assert audit.faults("maison-lucet") == []
    for till in tills:
        counted = {
            (hold.account.kind, hold.account.owner): hold.amount
            for hold in Held.objects.filter(segment__uuid=till.segment).select_related("account")
            if hold.amount
        }
        assert counted == {(a.kind, a.owner): n for a, n in till.rights.items() if n}
    assert not Incident.objects.filter(kind__in=["loss", "overheld", "unsound"]).exists()


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_story_of_honest_tills_holds_or_spends_more_than_there_is(shop: Shop, steps):
    tills = [Till(enrolment.enrol(shop, fresh("terminal-no"))).opened() for _ in range(3)]
    clean(shop.merchant)
    for till in tills:
        till.send()
    live(tills, steps)


def clean(merchant: Merchant) -> None:
    """Forget what the last example left."""
    from hub.ledger import models

    rows = [models.Movement, models.Held, SpendingRight, models.Incident]
    rows += [models.JournalEntry, models.Account, GiftCard, models.CallingIn]
    models.Segment.objects.update(follower=None)
    rows += [models.Segment]
    for table in rows:
        table.objects.all().delete()
    models.Customer.objects.update(own_points=0, own_visits=0)


STORY = [
    ("earn", 0, 30),
    ("send", 0, 30),
    ("release", 0, 30),
    ("send", 0, 30),
    ("ask", 1, 9),
    ("ask", 2, 9),
]


OWN_RIGHT = [("earn", 0, 30), ("send", 0, 30), ("ask", 1, 9), ("spend", 0, 9), ("send", 0, 30)]


@pytest.mark.parametrize(
    ("broken", "story"),
    [("generous", STORY), ("forgetful", STORY), ("own_right", OWN_RIGHT)],
)
def test_a_hub_that_breaks_the_rule_is_seen(shop, monkeypatch, broken, story):
    """Mutants: grants beyond what is free, grants not counted, own right not counted."""
    match broken:
        case "generous":
            monkeypatch.setattr(granting, "grantable", lambda _, *, asked, free, balance: asked)
        case "forgetful":
            monkeypatch.setattr(Kept, "hold", lambda *_: None)
        case "own_right":
            monkeypatch.setattr(Tally, "earn", Tally.move)
    tills = [Till(enrolment.enrol(shop, fresh("terminal-no"))).opened() for _ in range(3)]
    for till in tills:
        till.send()
    with pytest.raises(AssertionError):
        live(tills, story)


@pytest.mark.parametrize(("story", "held_at_the_end"), [(STORY, 9), (OWN_RIGHT, 1)])
def test_the_stories_mutants_are_judged_by_hold_on_the_real_hub(shop, story, held_at_the_end):
    tills = [Till(enrolment.enrol(shop, fresh("terminal-no"))).opened() for _ in range(3)]
    for till in tills:
        till.send()
    live(tills, story)
    assert Account.objects.get(owner="ana", kind="points").held_total == held_at_the_end
