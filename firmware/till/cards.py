# SPDX-License-Identifier: Apache-2.0
"""Giving a customer another card, beside those they have or in place of a lost one (E5, E11)."""

from typing import Final

from firmware.store import replica
from firmware.till.desk import Desk
from firmware.till.form import Form, Step
from firmware.till.outcome import Choice, Question
from loyalty.entry import CardsChanged
from loyalty.feed import CustomerIs
from loyalty.refusal import Refusal

LOST: Final = "lost"
BOTH: Final = "both"


def other_card_form(desk: Desk) -> Form:
    """What becomes of the card that the customer had."""
    options = (Choice(LOST, ""), Choice(BOTH, ""))
    return Form(desk, (Step(name=Question.OTHER_CARD, options=options),))


def give(
    desk: Desk, customer: CustomerIs, code: str, *, lost: bool, staff: str
) -> CustomerIs | Refusal:
    """Give them a code; `lost` blocks all the others, and the account stays as it is.

    Returns:
        The customer as known from now on, or why the code is not given.
    """
    if taken := desk.taken(code):
        return taken
    others = customer.codes if lost else ()
    desk.write(CardsChanged(customer=customer.id, code=code, lost=others), staff=staff)
    return replica.customer(desk.db, customer.id) or customer
