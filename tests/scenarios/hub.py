# SPDX-License-Identifier: Apache-2.0
"""The hub as it is built, for a story: facts reach its ledger as frames, grants come from it."""

import base64
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hub.ledger import (
    birthdays,
    expiring,
    gift_expiring,
    gifting,
    maturing,
    merging,
    records,
    stock,
    tiering,
)
from hub.ledger.giftcards import GiftCard
from hub.ledger.merges import Merge
from hub.ledger.models import Account as Row
from hub.ledger.models import Card, Customer, Incident
from hub.ledger.own import post_own
from hub.ledger.people import customer_items
from hub.ledger.post import post
from hub.ledger.records import Record
from hub.merchants import enrolment, feed, registry
from hub.merchants.models import Person, Role
from hub.programmes.models import LoyaltyProgramme as Version
from loyalty.account import MERCHANT, Account, Holding, Kind
from loyalty.entry import Facts, Joined
from loyalty.feed import CustomerIs, Granted, ProgrammeIs
from loyalty.programme import LoyaltyProgramme
from loyalty.wire import Ack, Batch, decode_item, decode_up, encode_frame
from tests.hub.till import Till
from tests.scenarios.books import Hub
from tests.scenarios.people import AT_HOME, code_of


class RealHub(Hub):
    """What `PureHub` does, by `hub.ledger`; needs Django's database."""

    def __init__(self, programme: LoyaltyProgramme, tills: Iterable[str]) -> None:
        super().__init__(programme)
        self._merchant = registry.open_merchant("story", "Story", card_prefix="29", zone="UTC")
        self._somebody = Person.objects.create(
            email="lucet@example.org", name="Lucet", role=Role.MERCHANT, merchant=self._merchant
        )
        self.seal_key = base64.b64decode(self._merchant.hub_key).hex()
        registry.change_merchant(self._merchant.pk, refunds_anywhere=True)
        self.publish(programme)
        for who in AT_HOME:
            joined = Joined(customer=who, code=code_of(who), first_name=who, initial="")
            self.own(joined, at=datetime(2026, 1, 1, tzinfo=UTC))
        self._tills = {}
        for name in tills:
            shop = registry.open_shop(self._merchant.pk, name, id=f"shop-{name.lower()}")
            terminal = enrolment.enrol(shop, f"terminal-{name.lower()}")
            self._tills[name] = Till(terminal).opened()
            self._send(self._tills[name], at=None)

    def publish(self, programme: LoyaltyProgramme) -> None:
        super().publish(programme)
        with feed.writing(self._merchant.pk) as out:
            body = out.say(ProgrammeIs(programme))
            Version.objects.create(
                merchant=self._merchant,
                version=programme.version,
                published_at=datetime(2026, 1, 1, tzinfo=UTC),
                body=body,
            )

    def post(self, till: str, entry_id: str, facts: Facts, *, at: datetime) -> None:
        at = at.replace(tzinfo=UTC)
        self._tills[till].write(facts, entry_id=entry_id, at=at)
        self._send(self._tills[till], at=at)

    def own(self, facts: Facts, *, at: datetime) -> None:
        at = at.replace(tzinfo=UTC)
        with feed.writing(self._merchant.pk) as out:
            post_own(out, [(at, facts)], shop=None)

    def known(self) -> tuple[CustomerIs, ...]:
        return tuple(customer_items(Customer.objects.filter(merchant=self._merchant)))

    def stand(self, who: str, *, pro: bool) -> None:
        one = Customer.objects.get(uuid=who)
        records.change(one, replace(Record.of(one), pro=pro))

    def born(self, who: str, day: str) -> None:
        one = Customer.objects.get(uuid=who)
        records.change(one, replace(Record.of(one), birthday=day))

    def second_card(self, who: str) -> None:
        owner = Customer.objects.get(uuid=who)
        Card.objects.create(merchant=self._merchant, customer=owner, code=code_of(who, 1))

    def merge(self, who: str, other: str) -> None:
        one, two = (Customer.objects.get(uuid=uuid) for uuid in (who, other))
        merging.merge(one, two, reason="", person_id=None)

    def part(self, who: str, other: str) -> None:
        done = Merge.objects.get(into__uuid=who, member__uuid=other, undone_at=None)
        assert merging.undo(done.pk, self._merchant.pk, reason="", person_id=None)

    def block(self, card: str, *, blocked: bool) -> None:
        row = GiftCard.objects.get(fingerprint=card)
        assert gifting.turn(row, blocked=blocked, reason="", person=self._somebody)
        change = frozenset.union if blocked else frozenset.difference
        self.stopped = change(self.stopped, {card})

    def count_stock(self, reward: str, number: int, *, at: datetime) -> None:
        with feed.writing(self._merchant.pk) as out:
            stock.count(out, reward, number, person_id=None)

    def gift_ends(self) -> Mapping[str, str]:
        rows = GiftCard.objects.filter(merchant=self._merchant, expires_on__isnull=False)
        return {
            card: day.isoformat() for card, day in rows.values_list("fingerprint", "expires_on")
        }

    def sleep(self, at: datetime) -> None:
        now = at.replace(tzinfo=UTC)
        gift_expiring.expire_gifts_due(now=now)
        maturing.mature_due(now=now)
        expiring.expire_due(now=now)
        tiering.evaluate_due(now=now)
        birthdays.celebrate_due(now=now)

    def ask(self, till: str, account: Account, amount: int) -> Holding:
        to = self._tills[till]
        before = feed.position(self._merchant.pk)
        to.ask(account, amount, now=self.at.replace(tzinfo=UTC))
        for line in feed.stretch(to.terminal, before).lines:
            if isinstance(said := decode_item(line), Granted):
                return Holding(said.account, said.amount)
        return Holding(account, 0)

    def every_balance(self) -> dict[Account, int]:
        rows = Row.objects.values_list("kind", "owner", "key", "balance")
        return {Account(Kind(kind), owner, key): n for kind, owner, key, n in rows}

    def check(self) -> None:
        """As of the pure one, and nobody has to look at anything."""
        sums: Counter[tuple[str, str]] = Counter()
        for kind, owner, key, balance, held in Row.objects.values_list(
            "kind", "owner", "key", "balance", "held_total"
        ):
            sums[kind, key] += balance
            assert owner == MERCHANT or 0 <= held <= balance
        assert not any(sums.values())
        incidents = list(Incident.objects.values_list("kind", "subject", "facts"))
        assert not incidents, incidents

    def _send(self, till: Till, *, at: datetime | None) -> None:
        batch, lines = decode_up(encode_frame(*till.batch(till.acked + 1)))
        assert isinstance(batch, Batch)
        answer = post(till.terminal.pk, batch, lines, now=at)
        assert isinstance(answer, Ack)
        assert answer.head == till.head.hex()
        till.acked = answer.upto
