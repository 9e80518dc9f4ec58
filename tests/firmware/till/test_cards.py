# SPDX-License-Identifier: Apache-2.0
"""A card changes hands at the till: given to who is served, lost, blocked, and never given twice."""

from dataclasses import replace

from firmware.store import cards, replica
from firmware.till import tap
from firmware.till.outcome import AskingHub, AtTill, ChoiceAsked, Question, Refused, TextAsked
from loyalty.entry import CardsChanged
from loyalty.refusal import Reason
from tests.firmware.till.conftest import ELODIE, Bakery

CARD = ELODIE.codes[0]
BLANK = "BLANK-CARD-7"


def given(bakery: Bakery, answer: str) -> CardsChanged:
    """Serve Élodie, scan a card that is nobody's and give it to her."""
    bakery.unlock()
    bakery.scan(CARD)
    assert isinstance(bakery.scan(BLANK), AskingHub)
    refused = bakery.hears()
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.CARD_UNKNOWN
    asked = bakery.do(tap.GiveCard())
    assert isinstance(asked, ChoiceAsked)
    assert asked.question is Question.OTHER_CARD
    shown = bakery.do(tap.Pick(answer))
    assert isinstance(shown, AtTill)
    assert shown.customer
    assert shown.customer.code_end == BLANK[-4:]
    (facts,) = bakery.facts(CardsChanged)
    return facts


def test_a_card_of_nobodys_becomes_a_second_one(bakery: Bakery) -> None:
    assert given(bakery, "both") == CardsChanged(customer=ELODIE.id, code=BLANK)
    for code in (CARD, BLANK):
        found = replica.customer_by_code(bakery.db, code)
        assert found
        assert found.id == ELODIE.id


def test_a_lost_card_leads_nowhere_and_says_so(bakery: Bakery) -> None:
    assert given(bakery, "lost") == CardsChanged(customer=ELODIE.id, code=BLANK, lost=ELODIE.codes)
    assert replica.customer_by_code(bakery.db, CARD) is None
    bakery.do(tap.DropCustomer())
    refused = bakery.scan(CARD)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.CARD_BLOCKED
    assert refused.refusal.facts == {"whose": "É. M."}


def test_the_customer_alone_hears_that_their_card_was_lost(bakery: Bakery) -> None:
    bakery.hub_says(replace(ELODIE, codes=("OTHER",), blocked=(CARD,)))
    refused = bakery.scan(CARD)
    assert isinstance(refused, Refused)
    assert refused.refusal.reason is Reason.CARD_BLOCKED
    assert not refused.refusal.facts, "whose it was is for staff"


def test_a_lost_card_is_given_to_nobody_else(bakery: Bakery) -> None:
    bakery.hub_says(replace(ELODIE, codes=("OTHER",), blocked=(CARD,)))
    bakery.unlock()
    bakery.do(tap.Join())
    for text in ("Zoé", "", "", ""):
        bakery.answer(text)
    taken = bakery.scan(CARD)
    assert isinstance(taken, TextAsked)
    assert taken.wrong
    assert taken.wrong.reason is Reason.CARD_TAKEN
    assert taken.wrong.facts == {"whose": "É. M."}


def test_a_card_found_again_serves_again(bakery: Bakery) -> None:
    bakery.hub_says(replace(ELODIE, codes=("OTHER",), blocked=(CARD,)))
    assert cards.lost_card(bakery.db, CARD)
    bakery.hub_says(ELODIE)
    assert cards.lost_card(bakery.db, CARD) is None
    assert replica.customer_by_code(bakery.db, CARD)
