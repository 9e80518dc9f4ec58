# SPDX-License-Identifier: Apache-2.0
"""Finding customers by what they say, and making new ones."""

import base64
import json

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from firmware.store import rights
from firmware.till import sealed, tap
from firmware.till.outcome import (
    AskingHub,
    AtTill,
    FoundSome,
    Recognised,
    Refused,
    TextAsked,
)
from loyalty.card import check_digit, issue
from loyalty.entry import Joined
from loyalty.feed import CustomerIs
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery

CARD = ELODIE.codes[0]


def test_a_customer_is_found_by_name_here(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    bakery.do(tap.Search())
    found = bakery.answer("elod")
    assert isinstance(found, FoundSome)
    assert [c.name for c in found.customers] == ["Élodie M."]
    order = bakery.do(tap.PickCustomer("elodie"))
    assert isinstance(order, AtTill)
    assert order.customer


def test_a_full_name_is_looked_up_at_the_hub(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.do(tap.Search())
    found = bakery.answer("Marchand")
    assert isinstance(found, FoundSome)
    assert not found.customers
    assert found.asking
    (asked,) = rights.finds_asked(bakery.db)
    rights.found(bakery.db, asked.id, ["elodie", "nobody-here", "zoe"])
    found = bakery.wait(0.1)
    assert isinstance(found, FoundSome)
    assert found.asking, "whom the hub names may be new to this till"
    found = bakery.hears(CustomerIs(id="zoe", first_name="Zoé", initial="M", codes=()))
    assert isinstance(found, FoundSome)
    assert [c.id for c in found.customers] == ["elodie", "zoe"]
    assert not found.asking


def test_a_search_ends_without_news_after_two_seconds(bakery: Bakery) -> None:
    bakery.unlock()
    bakery.do(tap.Search())
    bakery.answer("Marchand")
    (asked,) = rights.finds_asked(bakery.db)
    rights.found(bakery.db, asked.id, ["elodie", "zoe"])
    found = bakery.wait(2)
    assert isinstance(found, FoundSome)
    assert [c.id for c in found.customers] == ["elodie"]
    assert not found.asking


def test_a_new_customer_gets_a_number_and_their_data_is_sealed(bakery: Bakery) -> None:
    bakery.online(up=False)
    bakery.unlock()
    bakery.do(tap.Join())
    for text in ("Zoé", "Payet", "0692 12 34 56", "zoe@exemple.re"):
        bakery.answer(text)
    order = bakery.do(tap.Enter())
    assert isinstance(order, AtTill)
    assert order.customer
    assert order.customer.name == "Zoé P."
    (joined,) = bakery.facts(Joined)
    assert isinstance(joined, Joined)
    assert joined.code == issue("2000417", 1000)
    assert check_digit(joined.code[:-1]) == int(joined.code[-1])
    raw = bakery.db.rows("SELECT raw FROM entry WHERE kind = 'joined'")[0][0]
    assert b"Payet" not in raw
    assert b"0692123456" not in raw
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    opened = suite.decrypt(base64.b64decode(joined.sealed), bakery.hub_key, info=sealed.INFO)
    assert json.loads(opened) == {
        "last_name": "Payet",
        "phone": "0692123456",
        "email": "zoe@exemple.re",
    }
    bakery.do(tap.Finish(), tap.Search())
    found = bakery.answer("+262 692 12 34 56")
    assert isinstance(found, FoundSome)
    assert [c.name for c in found.customers] == ["Zoé P."]


def test_a_wrong_phone_stays_on_the_question(bakery: Bakery) -> None:
    bakery.do(tap.Join())
    bakery.answer("Zoé")
    bakery.answer("")
    asked = bakery.answer("pas un numéro")
    assert isinstance(asked, TextAsked)
    assert asked.wrong
    assert asked.wrong.reason is Reason.BAD_CONTACT
    assert asked.text == "pas un numéro"


def test_a_card_in_hand_may_become_the_customers(bakery: Bakery) -> None:
    bakery.do(tap.Join())
    for text in ("Zoé", "", "", ""):
        bakery.answer(text)
    taken = bakery.scan(CARD)
    assert isinstance(taken, TextAsked)
    assert taken.wrong
    assert taken.wrong.reason is Reason.CARD_TAKEN
    assert isinstance(bakery.scan("BLANK-CARD-7"), AskingHub)
    shown = bakery.hears()
    assert isinstance(shown, Recognised)
    assert (shown.code, shown.qr) == ("BLANK-CARD-7", True)


def test_a_card_that_another_till_gave_a_moment_ago_is_not_given_again(bakery: Bakery) -> None:
    bakery.do(tap.Join())
    for text in ("Zoé", "", "", ""):
        bakery.answer(text)
    bakery.scan("BLANK-CARD-7")
    taken = bakery.hears(
        CustomerIs(id="ana", first_name="Ana", initial="", codes=("BLANK-CARD-7",))
    )
    assert isinstance(taken, TextAsked)
    assert taken.wrong
    assert taken.wrong.reason is Reason.CARD_TAKEN


def test_when_the_card_numbers_are_used_up_it_says_so(bakery: Bakery) -> None:
    bakery.unlock()
    for name in ("Ana", "Bob", "Zoé"):
        bakery.do(tap.Join())
        bakery.answer(name)
        bakery.do(tap.Enter(), tap.Enter(), tap.Enter(), tap.Enter())
        if name != "Zoé":
            bakery.do(tap.Finish())
    refused = bakery.outcome
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.NO_CARD_NUMBERS
