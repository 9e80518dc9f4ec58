# SPDX-License-Identifier: Apache-2.0
"""What people do on the web: gift cards that are sold and told, customers that are registered."""

from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from hub.ledger import acts, audit, incidents, notices
from hub.ledger.giftcards import GiftCard
from hub.ledger.gifting import BadGiftCard
from hub.ledger.models import Account, Customer, Incident, JournalEntry
from hub.merchants import outgoing, registry
from loyalty import card, giftcard
from loyalty.account import gift_of
from loyalty.feed import BalanceIs, CustomerIs
from tests.hub.ledger.test_post import balance, told
from tests.hub.till import NOON

FOR_EVE = {"buyer": "Bruno", "recipient": "Ève", "email": "eve@mail.re", "message": "Fête !"}


def test_a_gift_card_sold_on_the_web_is_spent_at_any_till(shop, till):
    gift = acts.create_gift_card(shop, cents=4000, **FOR_EVE)
    key = bytes.fromhex(shop.merchant.lookup_key)
    assert giftcard.fingerprint(key, gift.code) == gift.fingerprint
    assert giftcard.plausible(gift.code)
    assert not giftcard.damaged(gift.code)
    assert (gift.virtual, gift.shop, gift.last4) == (True, shop, gift.code[-4:])
    card_account = gift_of(gift.fingerprint)
    assert BalanceIs(card_account, 4000) in told()
    till.send()
    assert till.ask(card_account, 2500) == 2500
    till.sells(2500, gifts=((gift.fingerprint, 2500),))
    till.send()
    assert balance(card_account) == 1500
    assert audit.faults(shop.merchant_id) == []


def test_a_physical_card_keeps_the_number_it_has(shop):
    gift = acts.create_gift_card(shop, cents=100, code="abcd-efgh 2345", **FOR_EVE)
    assert (gift.code, gift.virtual) == ("ABCDEFGH2345", False)


@pytest.mark.parametrize(
    ("cents", "code", "field"),
    [(0, "", "cents"), (-1, "", "cents"), (10_000_000_00, "", "cents"), (100, "short", "code")],
)
def test_a_card_that_can_not_be_is_refused(shop, cents, code, field):
    with pytest.raises(BadGiftCard, match=field):
        acts.create_gift_card(shop, cents=cents, code=code, **FOR_EVE)
    assert not GiftCard.objects.exists()


def test_loading_a_card_again_adds_to_it(shop):
    for _ in range(2):
        gift = acts.create_gift_card(shop, cents=1000, code="ABCDEFGH2345", **FOR_EVE)
    assert gift.cents == balance(gift_of(gift.fingerprint)) == 2000


def test_registered_customers_are_known_at_once(shop):
    people = [
        acts.NewCustomer(first_name="Élodie", last_name="Marchand", email="E@mail.re"),
        acts.NewCustomer(first_name="Théo", code="CARD-7", joined_at=NOON),
    ]
    elodie, theo = acts.register_customers(shop, people)
    (code,) = elodie.cards.values_list("code", flat=True)
    assert card.read(code).in_store
    assert (elodie.last_name, elodie.initial, theo.joined_at) == ("Marchand", "M", NOON)
    key = bytes.fromhex(shop.merchant.lookup_key)
    items = [item for item in told() if isinstance(item, CustomerIs)]
    assert items[0].hashes == (giftcard.fingerprint(key, "e@mail.re"),)
    assert items[1].codes == ("CARD-7",)


def test_a_number_that_somebody_typed_before_its_turn_is_left_to_them(shop, merchant):
    merchant.refresh_from_db()
    first, second = (card.issue("2000", merchant.next_serial + n) for n in range(2))
    acts.register_customers(shop, [acts.NewCustomer(first_name="Léa", code=first)])
    (bob,) = acts.register_customers(shop, [acts.NewCustomer(first_name="Bob")])
    assert bob.cards.get().code == second


def test_a_crowd_is_registered_in_order(shop):
    crowd = [acts.NewCustomer(first_name=f"Nr {n}") for n in range(250)]
    found = acts.register_customers(shop, crowd)
    assert [customer.first_name for customer in found] == [p.first_name for p in crowd]
    assert Customer.objects.count() == 250
    assert JournalEntry.objects.filter(kind="joined", terminal=None).count() == 250


# ── the recipient is told ───────────────────────────────────────────────────────────────────────


def test_the_recipient_is_told_once(shop):
    gift = acts.create_gift_card(shop, cents=4000, **FOR_EVE)
    now = timezone.now() + timedelta(days=1)
    assert (notices.send_due(now=now), notices.send_due(now=now)) == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == ["eve@mail.re"]
    assert "40,00 €" in letter.subject
    for words in ("Ève", "Bruno", "Fête !", giftcard.spaced(gift.code), "Maison Lucet"):
        assert words in letter.body


def test_the_recipient_is_not_told_before_the_day(shop):
    day = timezone.now().date() + timedelta(days=10)
    acts.create_gift_card(shop, cents=4000, send_on=day, **FOR_EVE)
    assert notices.send_due() == 0
    assert notices.send_due(now=timezone.now() + timedelta(days=10)) == 1


@pytest.mark.parametrize(
    ("zone", "morning"),
    [("Pacific/Noumea", "2026-12-23T21:00+00:00"), ("America/Cayenne", "2026-12-24T11:00+00:00")],
)
def test_a_day_begins_where_the_card_was_sold(shop, zone, morning):
    registry.change_merchant(shop.merchant_id, zone=zone)
    acts.create_gift_card(shop, cents=4000, send_on=date(2026, 12, 24), **FOR_EVE)
    eight = datetime.fromisoformat(morning)
    assert notices.send_due(now=eight - timedelta(hours=9)) == 0, "it is the eve"
    assert notices.send_due(now=eight) == 1


def test_a_letter_that_could_not_be_sent_is_tried_again_later(shop, monkeypatch):
    acts.create_gift_card(shop, cents=4000, **FOR_EVE)
    now = timezone.now() + timedelta(days=1)

    def refuse(_):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(notices.EmailMessage, "send", refuse)
        assert notices.send_due(now=now) == 0
    assert notices.send_due(now=now) == 0, "claimed a moment ago"
    assert notices.send_due(now=now + outgoing.CLAIM * 2) == 1


NOBODY = SMTPRecipientsRefused({"eve@mail.re": (550, b"no such user")})
LATER = SMTPRecipientsRefused({"eve@mail.re": (450, b"greylisted")})


@pytest.mark.parametrize(
    ("error", "tried_again"),
    [(ValueError("no address"), False), (NOBODY, False), (LATER, True), (TimeoutError(), True)],
)
def test_a_letter_that_never_arrives_is_an_incident_and_holds_up_nobody(
    shop, monkeypatch, error, tried_again
):
    gift = acts.create_gift_card(shop, cents=4000, **FOR_EVE)
    acts.create_gift_card(shop, cents=100, **(FOR_EVE | {"email": "bob@mail.re"}))
    now = timezone.now() + timedelta(days=1)

    def send(letter: mail.EmailMessage) -> None:
        if letter.to == ["eve@mail.re"]:
            raise error

    with monkeypatch.context() as patched:
        patched.setattr(notices.EmailMessage, "send", send)
        assert notices.send_due(now=now) == 1
    noted = Incident.objects.filter(kind="gift_untold", merchant=shop.merchant)
    assert list(noted.values_list("subject", flat=True)) == [gift.fingerprint] * (not tried_again)
    later = now + outgoing.CLAIM * 2
    assert notices.send_due(now=later) == tried_again
    for incident in noted:
        incidents.close(incident, "bonne adresse", person_id=None, at=later)
    assert notices.send_due(now=later + outgoing.CLAIM * 2) == (not tried_again)


class Postman(EmailBackend):
    """Everything of Django's way to a mail server but the server."""

    def open(self) -> bool:
        self.connection = self
        return True

    def close(self) -> None:
        self.connection = None

    def sendmail(self, _sender: str, to: list[str], _letter: bytes) -> None:
        mail.outbox.append(to)


@pytest.mark.parametrize("address", ["eve@@mail.re", "eve@mail..re", "e,b@mail.re", "eve<@mail.re"])
def test_a_slip_in_an_address_does_not_take_the_bridge_down(shop, settings, address):
    settings.EMAIL_BACKEND = f"{__name__}.Postman"
    gift = acts.create_gift_card(shop, cents=4000, **(FOR_EVE | {"email": address}))
    acts.create_gift_card(shop, cents=100, **FOR_EVE)
    assert notices.send_due(now=timezone.now() + timedelta(days=1)) == 1
    assert mail.outbox == [["eve@mail.re"]]
    assert Incident.objects.get(kind="gift_untold").subject == gift.fingerprint


def test_a_name_can_not_write_headers(shop):
    told_to = FOR_EVE | {"buyer": "B\nBcc: x@y.z", "recipient": "R\r\nX: y"}
    acts.create_gift_card(shop, cents=4000, **told_to)
    assert notices.send_due(now=timezone.now() + timedelta(days=1)) == 1
    assert mail.outbox[0].to == ["eve@mail.re"]
    assert "Bcc" not in mail.outbox[0].message()


def test_who_has_no_address_is_not_told(shop):
    acts.create_gift_card(shop, cents=4000, **(FOR_EVE | {"email": ""}))
    assert notices.send_due(now=timezone.now() + timedelta(days=1)) == 0
    assert Account.objects.filter(kind="gift", balance=4000).exists()
