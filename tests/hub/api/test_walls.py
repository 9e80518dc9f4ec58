# SPDX-License-Identifier: Apache-2.0
"""A token never sees another merchant: for it, what is theirs is not there."""

from dataclasses import dataclass

import pytest

from hub.ledger import audit, listings
from hub.ledger.acts import NewCustomer, create_gift_card, register_customers
from hub.ledger.booking import book
from hub.ledger.models import Customer, JournalEntry
from hub.merchants.models import Shop
from hub.programmes.publish import keep_category, keep_product, publish, published
from tests.hub.api.conftest import Program
from tests.hub.api.test_appointments import MONDAY
from tests.hub.till import NOON


@dataclass(frozen=True)
class Place:
    """A merchant's shop with one of everything."""

    shop: Shop
    customer: str
    card: str
    gift: str
    service: str
    appointment: str
    sale: str = ""
    """Empty: nothing was sold yet."""


def furnished(shop: Shop) -> Place:
    if published(shop.merchant_id) is None:
        publish(shop.merchant_id)
    (customer,) = register_customers(shop, [NewCustomer(first_name="Secrète", phone="0692000000")])
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    gift = create_gift_card(shop, cents=4000, **given)
    category = keep_category(shop.merchant_id, name="Soins")
    service = keep_product(
        shop.merchant_id, category=category, name="Soin", kind="service", cents=1, minutes=45
    )
    appointment = book(shop, customer, service, starts_at=NOON, minutes=45)
    (card,) = customer.cards.all()
    return Place(shop, customer.uuid, card.code, gift.code, service.pk, appointment.uuid)


@pytest.fixture
def ours(shop) -> Place:
    return furnished(shop)


@pytest.fixture
def theirs(stranger) -> Place:
    return furnished(stranger.terminal.shop)


def sale(place: Place, **more: object) -> dict[str, object]:
    lines = [{"label": "Pain", "unit_cents": 2500}]
    return {"shop": place.shop.pk, "receipt": "1", "lines": lines} | more


def test_the_lists_hold_what_is_ours(program, ours, theirs):
    assert [one["id"] for one in program.get("/shops").body] == [ours.shop.pk]
    assert [one["id"] for one in program.get("/customers").body["items"]] == [ours.customer]
    assert [one["id"] for one in program.get("/services").body] == [ours.service]
    made = program.get("/appointments").body["items"]
    assert [one["id"] for one in made] == [ours.appointment]
    for query in ({"card": theirs.card}, {"phone": "0692000000"}):
        assert theirs.customer not in str(program.get("/customers", **query).body)


def test_the_programme_is_ours(program, ours, theirs, program_of):
    publish(ours.shop.merchant_id)
    other = program_of(theirs.shop.merchant)
    assert [one.get("/programme").body["version"] for one in (program, other)] == [2, 1]


def test_nothing_of_theirs_can_be_read(program, ours, theirs):
    for path in (
        f"/customers/{theirs.customer}",
        f"/customers/{theirs.customer}/balance",
        f"/appointments/{theirs.appointment}",
        f"/customers?after={theirs.customer}",
        f"/appointments?after={theirs.appointment}",
    ):
        assert program.get(path).status == 404, path
    told = program.post("/gift-cards/balance", {"code": theirs.gift}, key=None)
    assert (told.status, told.reason) == (404, "gift_unknown")


def refused(program: Program, theirs: Place, ours: Place) -> dict[str, int]:
    """What is answered to each request that names something of theirs."""
    name = {"shop": theirs.shop.pk, "first_name": "Ève"}
    pay = {"shop": ours.shop.pk, "receipt": "1", "code": theirs.gift, "cents": 100}
    meet = {"shop": ours.shop.pk, "customer": ours.customer, "service": ours.service}
    meet |= {"starts_at": MONDAY}
    asked = {
        "customer in their shop": ("/customers", name),
        "sale in their shop": ("/sales", sale(theirs)),
        "sale to their customer": ("/sales", sale(ours, customer=theirs.customer)),
        "sale paid with their card": (
            "/sales",
            sale(ours, gifts=[{"code": theirs.gift, "cents": 100}]),
        ),
        "their card": ("/gift-cards/transact", pay),
        "their shop": ("/gift-cards/transact", pay | {"shop": theirs.shop.pk, "code": ours.gift}),
        "meeting in their shop": ("/appointments", meet | {"shop": theirs.shop.pk}),
        "meeting their customer": ("/appointments", meet | {"customer": theirs.customer}),
        "meeting for their service": ("/appointments", meet | {"service": theirs.service}),
        "moving theirs": (f"/appointments/{theirs.appointment}/move", {"starts_at": MONDAY}),
        "cancelling theirs": (f"/appointments/{theirs.appointment}/cancel", {}),
        "missing theirs": (f"/appointments/{theirs.appointment}/miss", {}),
    }
    return {what: program.post(path, body).status for what, (path, body) in asked.items()}


def test_nothing_of_theirs_can_be_changed(program, ours, theirs):
    entries = JournalEntry.objects.count()
    answers = refused(program, theirs, ours)
    assert set(answers.values()) == {404}, answers
    assert JournalEntry.objects.count() == entries
    assert Customer.objects.count() == 2
    (gift,) = listings.gift_cards(theirs.shop.merchant)
    assert gift.left == 4000
    assert audit.faults(theirs.shop.merchant_id) == []
