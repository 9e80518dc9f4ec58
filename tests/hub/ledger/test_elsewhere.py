# SPDX-License-Identifier: Apache-2.0
"""What a till is told of sales it did not make, and which of them it may pay back (SPEC F5)."""

import pytest

from hub.broker_bridge.answers import answer_to
from hub.ledger import elsewhere
from hub.merchants import enrolment, feed, registry
from hub.merchants.models import Merchant, Terminal
from loyalty.account import Holding, rest_of
from loyalty.entry import Entry, Sold
from loyalty.refund import refunded
from loyalty.wire import AskSale, FoundSales, decode_down, decode_entry
from tests.hub.till import NOON, Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(merchant: Merchant) -> Till:
    """A till at another shop, which the hub has heard."""
    shop = registry.open_shop(merchant.pk, "Saint-Paul", id="saint-paul")
    found = Till(enrolment.enrol(shop, "saint-paul-1")).opened()
    found.send()
    return found


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere.timezone, "now", lambda: NOON)


def sell(till: Till, cents: int, receipt: str, customer: str | None = None) -> str:
    """A sale that the hub has; its entry's id."""
    raw = till.sells(cents, customer, receipt=receipt)
    till.send()
    return decode_entry(raw).id


def found(terminal: Terminal, **asked: str) -> list[str | None]:
    terminal.refresh_from_db()
    terminal.merchant.refresh_from_db()
    return [entry.receipt for entry in elsewhere.told(terminal, **asked).entries]


def test_a_till_is_told_of_the_newest_sales_of_its_shop_s_other_tills(till, other, away):
    for receipt in ("0001", "0002"):
        sell(other, 500, receipt)
    sell(till, 500, "0003")
    sell(away, 500, "0004")
    assert found(till.terminal) == ["0002", "0001"], "its own it has, and others are not its shop's"


def test_a_text_names_the_receipt_or_the_customer(till, other):
    other.joins("elodie", first_name="Élodie")
    sell(other, 500, "0414", "elodie")
    sell(other, 600, "0415")
    assert found(till.terminal, text="415") == ["0415"]
    assert found(till.terminal, text="elod") == ["0414"]
    assert found(till.terminal, text="9999") == []


def test_an_id_names_its_own_sale_too(till, away):
    own = sell(till, 500, "0001")
    theirs = sell(away, 600, "0002")
    assert found(till.terminal, sale=own) == ["0001"]
    assert found(till.terminal, sale=theirs) == []
    assert found(till.terminal, sale="nobody") == []


@pytest.mark.parametrize("anywhere", [False, True])
def test_another_shop_s_sale_is_told_and_paid_back_only_where_the_merchant_lets_it(
    till, away, anywhere
):
    registry.change_merchant(till.terminal.merchant_id, refunds_anywhere=anywhere)
    till.send()
    sale = sell(away, 1_000, "0001")
    away.releases(Holding(rest_of(sale), 1_000))
    away.send()
    till.terminal.refresh_from_db()
    told = elsewhere.told(till.terminal, text="0001")
    assert ([e.event_id for e in told.entries], told.barred) == ([sale] * anywhere, 1 - anywhere)
    assert till.ask(rest_of(sale), 1_000) == 1_000 * anywhere


def test_what_was_paid_back_follows_its_sale(till, other):
    raw = other.sells(1_000, receipt="0001")
    sold = decode_entry(raw)
    assert isinstance(sold, Entry)
    assert isinstance(sold.facts, Sold)
    for cents, left in ((300, 1_000), (200, 700)):
        part = refunded(sold.facts, sale=sold.id, left=left, cents=cents, receipt=f"R{cents}")
        other.write(part)
    other.send()
    sell(other, 100, "0002")
    assert found(till.terminal) == ["0002", "0001", "R300", "R200"]


def test_the_answer_carries_each_entry_with_its_place(till, other):
    raw = other.sells(1_000, receipt="0001")
    other.send()
    asked = AskSale(terminal="saint-denis-1", gen=1, ask="s-1", text="0001")
    answer = answer_to(till.terminal, asked, ())
    assert answer
    message, lines = decode_down(answer)
    assert isinstance(message, FoundSales)
    assert (message.ask, message.epoch, message.barred) == ("s-1", feed.epoch(), 0)
    (at,) = message.at
    assert (at.shop, at.terminal) == ("Saint-Denis", "saint-denis-2")
    assert at.wall_ms == int(NOON.timestamp() * 1000)
    assert lines == (raw,)


def test_a_stranger_s_sales_are_nobody_else_s(till, stranger):
    sale = sell(stranger, 500, "0001")
    registry.change_merchant(till.terminal.merchant_id, refunds_anywhere=True)
    assert found(till.terminal) == []
    assert found(till.terminal, sale=sale) == []
