# SPDX-License-Identifier: Apache-2.0
"""Finding a customer by whatever they say, and making a new one (SPEC E1, E2, E6)."""

from firmware.drivers.base import Reading
from firmware.store import cursors, replica, rights
from firmware.store.cards import take_card_number
from firmware.till import tap
from firmware.till.desk import Desk
from firmware.till.flow import End, Event, Flow, Move, Stay, Tick
from firmware.till.form import Answers, Form, Step
from firmware.till.outcome import Field, FoundSome, Outcome
from loyalty import card, contact
from loyalty.details import PersonDetails
from loyalty.entry import Joined
from loyalty.feed import CustomerIs
from loyalty.refusal import Reason, Refusal

ASK_S = 2.0
MOST_FOUND = 20


def search_form(desk: Desk) -> Form:
    """The one entry bar, typed."""
    return Form(desk, (Step(name=Field.SEARCH, scans=True),))


class Found(Flow):
    """Whom a text names: those known here at once, then those the hub knows by full name.

    Ends with a CustomerIs, a `tap.Join` for a new one, or None.
    """

    def __init__(self, desk: Desk, text: str) -> None:
        self.desk, self.text = desk, text
        self.found = list(desk.search(text)[:MOST_FOUND])
        self.ask = rights.ask_find(desk.db, text, new_id=desk.new_id) if desk.online else None
        self.wish = cursors.catch_up(desk.db, new_id=desk.new_id) if desk.online else ""
        self.until_s = desk.clock.monotonic_s() + ASK_S

    def show(self) -> Outcome:
        return FoundSome(
            offline=not self.desk.online,
            text=self.text,
            customers=tuple(self.desk.seen(customer) for customer in self.found),
            asking=self.ask is not None,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                self._look()
            case tap.PickCustomer(id=chosen):
                return End(next((c for c in self.found if c.id == chosen), None))
            case tap.Join():
                return End(tap.Join(self.text))
            case tap.Back():
                return End()
            case tap.Search() | Reading():
                return End(event=event)
            case _:
                pass
        return Stay()

    def _look(self) -> None:
        if self.ask is None:
            return
        ids = rights.answer_find(self.desk.db, self.ask)
        # whom the hub names may be new to this till
        answered = ids is not None and cursors.caught_up(self.desk.db, self.wish)
        if not answered and self.desk.clock.monotonic_s() < self.until_s:
            return
        known = {customer.id for customer in self.found}
        more = replica.customers_by_id(self.desk.db, ids or ())
        self.found = [*self.found, *(c for c in more if c.id not in known)][:MOST_FOUND]
        self.ask = None


def join_form(desk: Desk, name: str = "") -> Form:
    """A new customer: names, a phone or an e-mail, and the card in hand if there is one."""

    def unheard(code: str) -> bool:
        return desk.taken(code) is None

    def good_phone(text: str) -> Refusal | None:
        return None if contact.phone(text) else Refusal(Reason.BAD_CONTACT, {"field": "phone"})

    def good_email(text: str) -> Refusal | None:
        return None if contact.email(text) else Refusal(Reason.BAD_CONTACT, {"field": "email"})

    first, _, last = name.strip().partition(" ")
    given: dict[str, str] = (
        {Field.FIRST_NAME: first, Field.LAST_NAME: last} if first.isalpha() else {}
    )
    return Form(
        desk,
        (
            Step(name=Field.FIRST_NAME),
            Step(name=Field.LAST_NAME, optional=True),
            Step(name=Field.PHONE, optional=True, check=good_phone),
            Step(name=Field.EMAIL, optional=True, check=good_email),
            Step(name=Field.CARD, optional=True, check=desk.taken, unheard=unheard, scans=True),
        ),
        given=given,
    )


def join(desk: Desk, answers: Answers, *, staff: str = "") -> CustomerIs | Refusal:
    """Write a new customer into the journal; known here at once, at the hub with the next frame.

    Without a card in hand the next number of this terminal's block is given (SPEC E2).
    """
    with desk.db.atomic():
        return _join(desk, answers, staff)


def _join(desk: Desk, answers: Answers, staff: str) -> CustomerIs | Refusal:
    code = answers.get(Field.CARD, "")
    if code:
        read = card.read(code)
        code = read.text if isinstance(read, card.CardCode) else ""
    else:
        code = take_card_number(desk.db) or ""
    if not code:
        return Refusal(Reason.NO_CARD_NUMBERS)
    phone = contact.phone(answers.get(Field.PHONE, ""))
    email = contact.email(answers.get(Field.EMAIL, ""))
    last_name = answers.get(Field.LAST_NAME, "")
    joined = Joined(
        customer=desk.new_id(),
        code=code,
        first_name=answers[Field.FIRST_NAME],
        initial=last_name[:1].upper(),
        sealed=desk.seal(PersonDetails(last_name=last_name, phone=phone, email=email)),
        hashes=tuple(desk.secret_name(text) for text in (phone, email) if text),
        welcome=1,
    )
    desk.write(joined, staff=staff)
    return CustomerIs(
        id=joined.customer,
        first_name=joined.first_name,
        initial=joined.initial,
        codes=(code,),
        hashes=joined.hashes,
    )
