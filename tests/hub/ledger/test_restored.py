# SPDX-License-Identifier: Apache-2.0
"""A hub that was restored: whom it believes, when it goes on, what it charges (RIGHTS 11, 12)."""

from dataclasses import replace

import pytest

from hub.ledger import audit, custody, missing, restored
from hub.merchants import enrolment, feed
from loyalty.account import Holding, loss_of, points_of, rest_of, short_of, stamps_of
from loyalty.refund import refunded
from tests.hub.ledger.holds import held
from tests.hub.ledger.test_post import balance
from tests.hub.till import Till, sale

ANA = points_of("ana")
REST = rest_of("sale")
SOLD = sale(1_000)


def test_what_does_not_follow_is_not_believed_by_a_restored_hub_either(earned):
    """Else the loss reserve would pay for whatever a copied card says."""
    earned.ask(ANA, 15)
    restored.begin("test")
    earned.reboot(hw_id="another board", holds=(Holding(ANA, 999),))
    earned.send()
    assert held(earned) == 0


def test_a_restored_hub_goes_on_after_a_stamp_card_of_which_it_knows_nothing(earned, merchant):
    """Its account has a key: what is short of it names both."""
    restored.begin("test")
    card = stamps_of("ana", "cafe")
    earned.write(replace(sale(300, "ana"), spent=(Holding(card, 10),)))
    earned.send()
    restored.accept(merchant.pk)
    assert (balance(short_of(card)), balance(loss_of(card))) == (0, -10)


def test_a_life_of_the_hub_that_another_process_began_is_known_at_once(earned):
    """A terminal is retired on the web while the bridge has found that the hub was restored."""
    before = feed.epoch()
    restored.begin("test")
    assert feed.epoch() != before
    assert [t.pk for t in missing.unheard("maison-lucet")] == [earned.terminal.pk]


def test_it_goes_on_once_the_last_board_that_it_waited_for_is_adopted(earned, other, merchant):
    """It has said what it holds, as a stranger; nobody else will ever say it for its terminal."""
    restored.begin("test")
    for till, board in (earned, "new board"), (other, "hw"):
        till.reboot(hw_id=board, epoch=feed.epoch())
        till.send()
    merchant.refresh_from_db()
    assert merchant.suspended_at, "the terminal itself has not been heard"
    earned.terminal.refresh_from_db()
    custody.adopt(earned.terminal, "new board")
    merchant.refresh_from_db()
    assert merchant.suspended_at is None


def test_it_waits_for_a_terminal_that_it_never_heard(earned, shop, merchant):
    """Enrolled before the copy was made, started after it: who knows what it was granted since."""
    started_since = Till(enrolment.enrol(shop, "saint-denis-2"))
    restored.begin("test")
    earned.reboot(epoch=feed.epoch())
    earned.send()
    earned.ask(ANA, 15)
    assert held(earned) == 0, "the other one may hold all of it"
    started_since.opened(epoch=feed.epoch(), holds=(Holding(ANA, 15),))
    started_since.send()
    earned.ask(ANA, 15)
    assert (held(started_since), held(earned)) == (15, 5)


# ── the rests of sales ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def granted(other, merchant):
    """Another till holds the rest of a sale; the hub knows neither the sale nor the grant any more.

    It has gone on without the till that made the sale.
    """

    def accept():
        restored.begin("test")
        other.reboot(epoch=feed.epoch(), rests=(Holding(REST, 1_000),))
        other.send()
        restored.accept(merchant.pk)
        assert reserve() == -1_000
        return other

    yield accept
    assert audit.faults(merchant.pk) == []


def reserve() -> int:
    return balance(loss_of(REST))


def test_the_reserve_gets_back_what_it_paid_for_a_sale_that_comes_after_all(till, granted):
    """Its till had let go of it before the other one was granted it: nobody got it twice."""
    granted()
    till.write(SOLD, entry_id="sale")
    till.send()
    assert (balance(REST), reserve()) == (2_000, -1_000), "both could pay it back"
    till.releases(Holding(REST, 1_000))
    till.send()
    assert (balance(REST), reserve()) == (1_000, 0)


def test_a_sale_that_comes_after_it_was_paid_back_is_paid_back_once(till, granted):
    other = granted()
    other.write(refunded(SOLD, sale="sale", left=1_000, cents=1_000, receipt="R"))
    other.send()
    till.write(SOLD, entry_id="sale")
    till.releases(Holding(REST, 1_000))
    till.send()
    assert (balance(REST), reserve()) == (0, 0)


def test_the_reserve_gets_back_what_it_paid_because_two_tills_held_one_sale(till, granted):
    till.write(SOLD, entry_id="sale")
    till.send()
    granted()
    till.releases(Holding(REST, 1_000))
    till.send()
    assert (balance(REST), reserve()) == (1_000, 0)


def test_the_reserve_gets_back_what_it_paid_for_a_right_that_nobody_used(granted):
    other = granted()
    other.releases(Holding(REST, 1_000))
    other.send()
    assert (balance(REST), reserve()) == (0, 0)


def test_the_reserve_has_paid_what_two_tills_paid_back_of_one_sale(till, granted):
    other = granted()
    till.write(SOLD, entry_id="sale")
    for one in (till, other):
        one.write(refunded(SOLD, sale="sale", left=1_000, cents=1_000, receipt="R"))
        one.send()
    assert (balance(REST), reserve()) == (0, -1_000)


def test_the_reserve_gets_it_back_though_the_hub_is_restored_again_meanwhile(till, granted):
    """While it waits for its terminals nothing is free, and nobody touches that sale any more."""
    other = granted()
    till.write(SOLD, entry_id="sale")
    till.rights[REST] = 1_000
    restored.begin("test")
    till.releases(Holding(REST, 1_000))
    for one, rests in ((till, ()), (other, (Holding(REST, 1_000),))):
        one.send()
        one.reboot(epoch=feed.epoch(), rests=rests)
        one.send()
    assert (balance(REST), reserve()) == (1_000, 0)
