# SPDX-License-Identifier: Apache-2.0
"""The one expansion of each entry into movements: terminal and hub both call it.

There is no other way from an entry to a balance.
"""

from loyalty.account import (
    Account,
    Holding,
    Kind,
    Movement,
    gift_of,
    limit_of,
    loss_of,
    owed_of,
    pending_of,
    points_of,
    purse_of,
    rest_of,
    short_of,
    visits_of,
    welcome_of,
)
from loyalty.entry import (
    Adjusted,
    CalledIn,
    CardsChanged,
    CarryConverted,
    Cause,
    Facts,
    GiftSold,
    Joined,
    Matured,
    Opened,
    OptedIn,
    OwedPaid,
    Refunded,
    Released,
    Settled,
    SignedOff,
    Sold,
    Visited,
)
from loyalty.programme import EarnRule, Reward


def movements(facts: Facts) -> tuple[Movement, ...]:
    """What an entry moves, each movement against the merchant's side of the same account."""
    match facts:
        case Opened() | Released() | CalledIn() | SignedOff() | CardsChanged():
            return ()
        case (
            Joined(customer=customer, welcome=welcome) | OptedIn(customer=customer, welcome=welcome)
        ):
            return (Movement(welcome_of(customer), welcome),) if welcome else ()
        case Visited(customer=customer):
            return (Movement(visits_of(customer), 1),)
        case GiftSold(fingerprint=fingerprint, cents=cents):
            spent = facts.spent or paid_in_points(facts)
            paid = (Movement(hold.account, -hold.amount) for hold in spent)
            return (*paid, Movement(gift_of(fingerprint), cents))
        case Adjusted(moves=moves):
            return moves
        case Matured(customer=customer, day=day, points=points):
            return (
                Movement(pending_of(customer, day), -points),
                Movement(points_of(customer), points),
            )
        case CarryConverted(customer=customer, earn=earn, steps=steps):
            return (
                Movement(carry_of(customer, earn), -steps * earn.per_cents),
                Movement(points_of(customer), steps * earn.points),
            )
        case OwedPaid(customer=customer, kind=kind, amount=amount, by=by):
            owed = owed_of(Account(kind, customer, facts.key))
            payer = Account(kind, by or customer, facts.key)
            return (Movement(payer, -amount), Movement(owed, -amount))
        case Settled(account=account):
            return (
                Movement(account, facts.topped_up - facts.paid),
                Movement(loss_of(account), -facts.topped_up - facts.lost),
                Movement(short_of(account), -facts.paid - facts.lost),
            )
        case Sold():
            return tuple(m for m in _of_sale(facts) if m.amount)
        case Refunded():
            return tuple(m for m in _of_refund(facts) if m.amount)


def _of_sale(sale: Sold) -> list[Movement]:
    found = [Movement(gift_of(gift.fingerprint), -gift.cents) for gift in sale.gifts]
    found += [Movement(hold.account, -hold.amount) for hold in spent_by(sale)]
    if sale.customer is None:
        return found
    found += [
        Movement(earned_by(sale), sale.points),
        Movement(purse_of(sale.customer), sale.purse_cents),
        Movement(carry_of(sale.customer, sale.earn), sale.carry_cents),
    ]
    return [*found, *(Movement(hold.account, hold.amount) for hold in sale.gained)]


def spent_by(sale: Sold) -> tuple[Holding, ...]:
    """What its rewards took, account by account."""
    return sale.spent or taken(sale)


def taken(sale: Sold) -> tuple[Holding, ...]:
    """The points and the purse cents of its rewards, as the customer's own."""
    if sale.customer is None:
        return ()
    points = sum(use.points for use in sale.applied)
    purse = sum(use.cents_off for use in sale.applied if use.kind == "cashback")
    return (Holding(points_of(sale.customer), points), Holding(purse_of(sale.customer), purse))


def paid_in_points(card: GiftSold) -> tuple[Holding, ...]:
    """The points that a gift card was sold for, as the customer's own."""
    if not card.customer or not card.points:
        return ()
    return (Holding(points_of(card.customer), card.points),)


def returned(refund: Refunded) -> tuple[Holding, ...]:
    """The points and the purse cents that it gives back, as the customer's own."""
    if refund.customer is None:
        return ()
    return (
        Holding(points_of(refund.customer), refund.points_back),
        Holding(purse_of(refund.customer), refund.purse_back_cents),
    )


def earned_by(facts: Sold | Refunded) -> Account:
    """Where a sale's points go, and a refund takes them from: those that wait, or the points."""
    customer = facts.customer or ""
    return pending_of(customer, facts.matures) if facts.matures else points_of(customer)


def _of_refund(refund: Refunded) -> list[Movement]:
    """What is taken comes last: a reward that comes back pays what its sale had earned."""
    found = [Movement(rest_of(refund.sale), -refund.cents)]
    found += [Movement(gift_of(gift.fingerprint), gift.cents) for gift in refund.gifts]
    if refund.customer is None:
        return found
    purse = purse_of(refund.customer)
    back = refund.back or returned(refund)
    return [
        *found,
        *(Movement(hold.account, hold.amount) for hold in back),
        Movement(earned_by(refund), -refund.points),
        Movement(purse, -refund.purse_cents),
        *(Movement(hold.account, -hold.amount) for hold in refund.taken),
        Movement(carry_of(refund.customer, refund.earn), -refund.carry_cents),
    ]


def rest_opened(sale_id: str, sale: Sold) -> Movement:
    """What a sale puts into its rest: noted when somebody first touches it."""
    return Movement(rest_of(sale_id), sale.total_cents)


def limit_opened(reward: Reward, customer: str) -> Adjusted:
    """What the hub writes when a till first asks for a limit that nobody has touched."""
    move = Movement(limit_of(customer, reward.id), reward.options.per_customer)
    return Adjusted(cause=Cause.LIMIT, moves=(move,), customer=customer, about=reward.id)


def carry_of(customer: str, earn: EarnRule) -> Account:
    """The customer's carry under one earning rule."""
    return Account(Kind.CARRY, customer, earn.key)
