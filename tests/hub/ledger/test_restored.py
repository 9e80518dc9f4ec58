# SPDX-License-Identifier: Apache-2.0
"""A hub that was restored: whom it believes, and when it goes on (RIGHTS 11, 12)."""

from dataclasses import replace

from hub.ledger import custody, restored
from hub.merchants import feed
from loyalty.account import Holding, loss_of, points_of, short_of, stamps_of
from tests.hub.ledger.holds import held
from tests.hub.ledger.test_post import balance
from tests.hub.till import sale

ANA = points_of("ana")


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
    assert [t.pk for t in restored.unheard("maison-lucet")] == [earned.terminal.pk]


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
