# SPDX-License-Identifier: Apache-2.0
"""The hub decides orders of other tills and web shops, by the rules that its terminals decide by.

It has no right of its own: it spends what is free, which is what no terminal holds.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hub.ledger import groups, limits, models
from hub.ledger.giftcards import stopped
from hub.ledger.models import Customer
from hub.ledger.own import post_own
from hub.merchants import feed
from hub.merchants.models import Merchant, Shop
from hub.programmes.publish import published
from loyalty.account import WITH_RIGHTS, Account, Kind, gathered, meant_by, shown
from loyalty.basket import Order
from loyalty.command import RecordSale
from loyalty.decide import Decided, Short, decide
from loyalty.entry import Sold
from loyalty.refusal import Reason, Refusal
from loyalty.situation import Situation


@dataclass(frozen=True, slots=True)
class Posted:
    """A sale that is in the ledger."""

    id: str
    """Of its entry."""
    sold: Sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of one unit."""

    shown: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """What some owners have, and how much of it the hub may spend now."""

    shown: dict[Account, int]
    """Each balance less what is owed of it."""
    free: dict[Account, int]
    """What no terminal holds; nothing while a restored hub does not know all yet."""

    def of(self, kind: Kind) -> Share:
        """What all accounts of a kind come to."""
        sums = [
            sum(amount for account, amount in amounts.items() if account.kind is kind)
            for amounts in (self.shown, self.free)
        ]
        return Share(shown=sums[0], free=sums[1])


def sell(
    out: feed.Writing,
    shop: Shop,
    order: Order,
    *,
    receipt: str,
    code: str = "",
    customer: Customer | None = None,
    at: datetime,
    by: str = "",
    person_id: int | None = None,
    entry_id: str = "",
) -> Posted | Refusal:
    """Decide an order and post it, inside `feed.writing`; a refusal has changed nothing.

    Args:
        out: holds the merchant's row.
        shop: where it was sold.
        order: what was put together, rewards and gift cards included.
        receipt: number on the receipt of the till that sells.
        code: of the card that was shown, where there was one to read.
        customer: who buys, if they showed a card.
        at: when it was sold.
        by: id of the token that says so, where a program sells.
        person_id: who sells, where somebody does on the web.
        entry_id: chosen by whoever must not sell it twice; made unless given.
    """
    command = RecordSale(receipt=receipt, code=code, order=order)
    answer = _decided(out, shop, command, customer, at=at)
    if isinstance(answer, Short):
        # as a till asks for what it lacks
        for lack in answer.lacks:
            limits.open_untouched(out, lack.account)
        answer = _decided(out, shop, command, customer, at=at)
    match answer:
        case Decided(facts=Sold() as sold):
            ids = [entry_id] if entry_id else []
            (entry,) = post_own(
                out, [(at, sold)], shop=shop, staff=by, person_id=person_id, ids=ids
            )
            return Posted(entry, sold)
        case Short(lacks=lacks):
            lack = lacks[0]
            facts: dict[str, str | int] = {"kind": lack.account.kind, "lacking": lack.amount}
            return Refusal(Reason.NOT_HERE_NOW, facts)
        case Refusal() as refusal:
            return refusal
        case _:
            raise AssertionError(answer)


def situation(
    merchant: Merchant,
    shop: Shop,
    customer: Customer | None,
    gifts: Sequence[str],
    *,
    at: datetime,
) -> Situation | Refusal:
    """What the hub knows for a decision; a customer who was merged is served with all they are."""
    programme = published(merchant.pk)
    if programme is None:
        return Refusal(Reason.NO_PROGRAMME)
    person = served_as(customer) if customer else None
    head = person.uuid if person else None
    ones = groups.ones(merchant.pk, head) if head else ()
    counted = [one.id for one in programme.rewards if head and one.options.stock]
    suspended = merchant.suspended_at is not None
    own = funds(merchant.pk, ones, suspended=suspended)
    other = funds(merchant.pk, (*gifts, *counted), suspended=suspended)
    return Situation(
        programme=programme,
        shop=shop.pk,
        customer=head,
        balances=gathered(own.shown, head or "", ones) | other.shown,
        rights=own.free | other.free,
        parts=own.shown if len(ones) > 1 else {},
        at=at.astimezone(ZoneInfo(shop.zone)),
        member=person.member if person else True,
        pro=person.pro if person else False,
        tier=person.tier if person else "",
        stopped=stopped(merchant, gifts, now=at),
    )


def funds(merchant_id: str, owners: Collection[str], *, suspended: bool) -> Funds:
    """What customers who are one person have, or gift cards, or stocks of rewards.

    What the person owes is nobody's to spend, whichever of their accounts owes it (RIGHTS 17).
    """
    rows = models.Account.objects.filter(merchant_id=merchant_id, owner__in=owners)
    balances, free = {}, {}
    for row in rows.order_by("pk"):
        account = Account(Kind(row.kind), row.owner, row.key)
        balances[account] = row.balance
        if account.kind in WITH_RIGHTS:
            free[account] = 0 if suspended else max(0, row.balance - row.held_total)
    _keep_owed(free, balances)
    return Funds(shown=shown(balances), free=free)


def served_as(customer: Customer) -> Customer:
    """The head of the person: who they are, since they were merged."""
    if customer.head in ("", customer.uuid):
        return customer
    return Customer.objects.get(merchant=customer.merchant_id, uuid=customer.head)


def _decided(
    out: feed.Writing,
    shop: Shop,
    command: RecordSale,
    customer: Customer | None,
    *,
    at: datetime,
) -> Decided | Short | Refusal | None:
    gifts = [gift.fingerprint for gift in command.order.gifts]
    told = situation(out.merchant, shop, customer, gifts, at=at)
    return told if isinstance(told, Refusal) else decide(told, command)


def _keep_owed(free: dict[Account, int], balances: dict[Account, int]) -> None:
    owed: Counter[tuple[Kind, str]] = Counter()
    for account, amount in balances.items():
        if account.kind is Kind.OWED:
            of = meant_by(account)
            owed[of.kind, of.key] += amount
    for account, amount in free.items():
        kept = min(amount, owed[account.kind, account.key])
        free[account] -= kept
        owed[account.kind, account.key] -= kept
