# SPDX-License-Identifier: Apache-2.0
"""Other programs register customers, find them by what they show, and read what they have."""

import pytest

from hub.api import once
from hub.api.models import Asked
from hub.ledger.acts import NewCustomer, register_customers
from hub.ledger.merging import merge
from hub.ledger.models import Card, Customer
from hub.merchants import feed
from loyalty.feed import CustomerIs
from loyalty.wire import decode_item

ELODIE = {
    "shop": "saint-denis",
    "first_name": "Élodie",
    "last_name": "Marchand",
    "phone": "+262 692 12 34 56",
    "email": "elodie@client.example",
}


def found(program, **query: str) -> list[str]:
    return [one["first_name"] for one in program.get("/customers", **query).body["items"]]


def test_a_customer_is_registered_with_a_number_of_ours(program, merchant, terminal):
    before = feed.position(merchant.pk)
    told = program.post("/customers", ELODIE)
    assert told.status == 201
    assert told.body["cards"] == [Card.objects.get().code]
    assert program.get(f"/customers/{told.body['id']}").body == told.body
    items = [decode_item(line) for line in feed.stretch(terminal, before).lines]
    (known,) = [item for item in items if isinstance(item, CustomerIs)]
    assert (known.id, known.first_name, known.initial) == (told.body["id"], "Élodie", "M")


def test_a_customer_keeps_the_card_that_they_hold(program):
    told = program.post("/customers", ELODIE | {"card": " 3760012345678 "})
    assert told.body["cards"] == ["3760012345678"]
    other = program.post("/customers", ELODIE | {"card": "3760012345678"})
    assert (other.status, other.reason) == (409, "card_taken")
    wrong = program.post("/customers", ELODIE | {"card": "2000000000000"})
    assert (wrong.status, wrong.reason) == (409, "bad_code")


@pytest.mark.parametrize("wrong", [{"phone": "not one"}, {"email": "elodie at client"}])
def test_a_phone_or_e_mail_that_is_none_is_refused(program, wrong):
    assert program.post("/customers", ELODIE | wrong).reason == "bad_contact"
    assert not Customer.objects.exists()


def test_customers_are_found_by_what_they_show(program):
    card = program.post("/customers", ELODIE).body["cards"][0]
    program.post("/customers", ELODIE | {"first_name": "Bruno", "phone": "", "email": ""})
    assert found(program) == ["Élodie", "Bruno"]
    for query in (
        {"card": card},
        {"phone": "0692 12 34 56"},
        {"email": "Elodie@Client.example"},
        {"card": card, "phone": "0692123456"},
    ):
        assert found(program, **query) == ["Élodie"], query
    for query in ({"card": "9"}, {"phone": "elodie"}, {"email": "e"}, {"card": card, "phone": "1"}):
        assert found(program, **query) == [], query


def test_who_was_merged_is_there_once_by_each_of_their_cards(program, shop, owner):
    one, other = register_customers(
        shop, [NewCustomer(first_name="Élodie"), NewCustomer(first_name="Elo")]
    )
    merge(one, other, reason="La même", person_id=owner.pk)
    assert found(program) == ["Élodie"]
    (card,) = other.cards.all()
    assert found(program, card=card.code) == ["Élodie"]
    told = program.get(f"/customers/{other.uuid}").body
    assert told["id"] == one.uuid
    assert len(told["cards"]) == 2


def test_a_long_list_comes_a_page_at_a_time(program, shop):
    names = [f"Client {n}" for n in range(7)]
    register_customers(shop, [NewCustomer(first_name=name) for name in names])
    seen, after = [], ""
    while after is not None:
        page = program.get("/customers", limit=3, after=after).body
        assert len(page["items"]) <= 3
        seen += [one["first_name"] for one in page["items"]]
        after = page["next"]
    assert seen == names


def test_somebody_who_comes_meanwhile_moves_no_page(program, shop):
    register_customers(shop, [NewCustomer(first_name=f"Client {n}") for n in range(4)])
    first = program.get("/customers", limit=2).body
    register_customers(shop, [NewCustomer(first_name="Client 4")])
    rest = program.get("/customers", limit=10, after=first["next"]).body
    assert [one["first_name"] for one in rest["items"]] == ["Client 2", "Client 3", "Client 4"]


def test_a_page_that_begins_nowhere_is_not_found(program):
    assert program.get("/customers", after="nobody").status == 404


def test_a_balance_tells_all_that_a_person_has(program):
    who = program.post("/customers", ELODIE).body["id"]
    assert program.get(f"/customers/{who}/balance").body == {
        "points": 0,
        "points_free": 0,
        "purse_cents": 0,
        "purse_free_cents": 0,
        "visits": 0,
        "pending_points": 0,
    }


def test_a_word_of_the_address_that_means_nothing_narrows_nothing_and_is_refused(program):
    told = program.get("/customers", fone="0692123456")
    assert (told.status, told.reason) == (422, "invalid")
    assert [one["field"] for one in told.body["errors"]] == ["query.fone"]


def test_what_was_answered_of_a_customer_is_forgotten_and_not_done_again(
    program, merchant, stranger
):
    theo = {"shop": "saint-denis", "first_name": "Théo"}
    made = program.post("/customers", ELODIE, key="e-1").body["id"]
    other = program.post("/customers", theo, key="t-1")
    assert once.forget(stranger.terminal.merchant_id, made) == 0
    assert once.forget(merchant.pk, made) == 1
    assert "Élodie" not in str(list(Asked.objects.values_list("answer", flat=True)))
    again = program.post("/customers", ELODIE, key="e-1")
    assert (again.status, again.reason) == (410, "forgotten")
    assert Customer.objects.filter(first_name="Élodie").count() == 1
    assert program.post("/customers", theo, key="t-1").body == other.body
