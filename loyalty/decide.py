# SPDX-License-Identifier: Apache-2.0
"""The one place where a till's command becomes facts: pure, so the hub can decide it again."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from loyalty.account import (
    ONE_A_PERSON,
    WITH_RIGHTS,
    Account,
    Holding,
    Kind,
    Movement,
    pending_of,
    points_of,
    rest_of,
)
from loyalty.calendar import months_after
from loyalty.command import (
    AdjustPoints,
    Command,
    CountVisit,
    OptIn,
    RecordSale,
    RefundSale,
    SellGiftCard,
)
from loyalty.entry import Adjusted, Cause, Facts, GiftSold, OptedIn, Refunded, Saw, Sold, Visited
from loyalty.money import LARGEST_CENTS
from loyalty.movements import movements
from loyalty.price import price
from loyalty.refund import refunded
from loyalty.refusal import Reason, Refusal
from loyalty.rights import missing
from loyalty.situation import Situation


@dataclass(frozen=True, slots=True)
class Decided:
    """Facts to write into the journal."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class Short:
    """It would be right, but this till lacks rights: ask the hub for these, then decide again."""

    lacks: tuple[Holding, ...]


def decide(situation: Situation, command: Command) -> Decided | Short | Refusal | None:
    """Answer a command; None means that there is nothing to write (a visit already counted)."""
    match command:
        case CountVisit():
            return _visit(situation, command)
        case RecordSale():
            return _sale(situation, command)
        case SellGiftCard():
            return _gift(situation, command)
        case RefundSale():
            return _refund(situation, command)
        case OptIn():
            return _opt_in(situation, command)
        case AdjustPoints():
            return _adjust(situation, command)


def _visit(situation: Situation, command: CountVisit) -> Decided | None:
    ago = command.last_visit_s_ago
    if situation.customer is None or (
        ago is not None and 0 <= ago < situation.programme.visit_delay_s
    ):
        return None
    return Decided(Visited(customer=situation.customer, code=command.code))


def _sale(situation: Situation, command: RecordSale) -> Decided | Short | Refusal:
    order = command.order
    priced = price(situation, order)
    if isinstance(priced, Refusal):
        return priced
    spends = _taken_from(priced.spends, situation)
    if lacks := missing(spends, situation.rights):
        return Short(lacks)
    return Decided(
        Sold(
            receipt=command.receipt,
            customer=situation.customer,
            code=command.code,
            lines=order.lines,
            applied=priced.applied,
            gifts=order.gifts,
            total_cents=priced.total_cents,
            due_cents=priced.due_cents,
            paid_cents=priced.to_pay_cents,
            points=priced.points,
            earn=situation.programme.earn,
            carry_cents=priced.carry_cents,
            purse_cents=priced.purse_cents,
            earns_cents=priced.earns_cents,
            factor_bp=priced.factor_bp,
            matures=priced.matures,
            spent=tuple(hold for hold in spends if hold.account.kind is not Kind.GIFT),
            gained=priced.gained,
            saw=_saw(situation, spends),
        )
    )


def _taken_from(spends: tuple[Holding, ...], situation: Situation) -> tuple[Holding, ...]:
    """Whose accounts pay: of a customer who is several, those first that may be spent here."""
    if not situation.parts:
        return spends
    found: Counter[Account] = Counter()
    for spend in spends:
        of, left = spend.account, spend.amount
        like = [a for a in situation.parts if (a.kind, a.key) == (of.kind, of.key)]
        like = [of] if of.kind in ONE_A_PERSON else like
        reach = [situation.rights.get(a, 0) for a in like]
        reach += [situation.parts.get(a, 0) - situation.rights.get(a, 0) for a in like]
        for account, most in zip(like * 2, reach, strict=True):
            amount = max(0, min(left, most))
            found[account] += amount
            left -= amount
        found[of] += left
    return tuple(Holding(account, amount) for account, amount in found.items() if amount)


def _saw(situation: Situation, spends: tuple[Holding, ...]) -> Saw:
    seen = [spend.account for spend in spends]
    shown = {**situation.balances, **situation.parts}
    return Saw(
        programme=situation.programme.version,
        balances=tuple(Holding(a, shown.get(a, 0)) for a in seen),
        rights=tuple(Holding(a, situation.rights.get(a, 0)) for a in seen),
        at=situation.at.replace(tzinfo=None).isoformat(timespec="minutes") if situation.at else "",
        member=situation.member,
        pro=situation.pro,
        tier=situation.tier,
    )


def _opt_in(situation: Situation, command: OptIn) -> Decided | None:
    """Joining twice changes nothing; who has ordered before gets no welcome (SPEC C6)."""
    if situation.customer is None or situation.member:
        return None
    return Decided(OptedIn(customer=situation.customer, welcome=0 if command.ordered else 1))


def _adjust(situation: Situation, command: AdjustPoints) -> Decided | Short | Refusal:
    """By hand, with a description; what is taken has to be there and inside the right."""
    if situation.customer is None or not command.note.strip():
        return Refusal(Reason.FIELD_MISSING)
    if not 0 < abs(command.points) <= LARGEST_CENTS:
        return Refusal(Reason.ABSURD_AMOUNT, {"cents": command.points, "most": LARGEST_CENTS})
    points = points_of(situation.customer)
    taken = Holding(points, max(0, -command.points))
    have = situation.balances.get(points, 0)
    if have < taken.amount:
        return Refusal.short_of(points, needed=taken.amount, have=have)
    takes = _taken_from((taken,), situation) if taken.amount else ()
    if lacks := missing(takes, situation.rights):
        return Short(lacks)
    moves = tuple(Movement(take.account, -take.amount) for take in takes)
    return Decided(
        Adjusted(
            cause=Cause.BY_HAND,
            moves=moves or (Movement(points, command.points),),
            customer=situation.customer,
            note=command.note,
            programme=situation.programme.version,
            approved_by=command.approved_by,
        )
    )


def _gift(situation: Situation, command: SellGiftCard) -> Decided | Short | Refusal:
    if not 0 < command.cents <= LARGEST_CENTS:
        return Refusal(Reason.ABSURD_AMOUNT, {"cents": command.cents, "most": LARGEST_CENTS})
    takes: tuple[Holding, ...] = ()
    if command.points:
        price = Holding(points_of(situation.customer or ""), command.points)
        have = situation.balances.get(price.account, 0)
        if have < command.points or situation.customer is None:
            return Refusal.short_of(price.account, needed=command.points, have=have)
        takes = _taken_from((price,), situation)
        if lacks := missing(takes, situation.rights):
            return Short(lacks)
    rule = situation.programme.giftcards
    ends = months_after(situation.at.date(), rule.months) if situation.at and rule.months else None
    return Decided(
        GiftSold(
            receipt=command.receipt,
            fingerprint=command.fingerprint,
            last4=command.last4,
            cents=command.cents,
            virtual=command.virtual,
            customer=situation.customer,
            send_on=command.send_on,
            sealed=command.sealed,
            points=command.points,
            spent=takes if situation.parts else (),
            expires_on=ends.isoformat() if ends else "",
            single_purpose=rule.single_purpose,
            vat_bp=rule.vat_bp if rule.single_purpose else 0,
        )
    )


def _refund(situation: Situation, command: RefundSale) -> Decided | Short | Refusal:
    """The till needs the right to all that is left of the sale: then it knows what was before."""
    sold, rest = command.sold, rest_of(command.sale)
    left = situation.rights.get(rest, 0)
    if not left:
        return Short((Holding(rest, sold.total_cents),))
    if not 0 < command.cents <= left:
        return Refusal(Reason.MORE_THAN_TOTAL, {"asked": command.cents, "most": left})
    part = refunded(
        sold,
        sale=command.sale,
        left=left,
        cents=command.cents,
        receipt=command.receipt,
        reason=command.reason,
        matured=_matured(sold, situation),
    )
    own = _taken_of_own(part, situation.rights)
    return Decided(replace(part, own=own, lines=command.lines, approved_by=command.approved_by))


def _matured(sold: Sold, situation: Situation) -> bool:
    """Whether this till knows that the sale's points wait no more: their day is empty."""
    waiting = pending_of(sold.customer or "", sold.matures)
    return bool(sold.matures) and situation.balances.get(waiting, 0) <= 0


def _taken_of_own(part: Refunded, rights: Mapping[Account, int]) -> tuple[Holding, ...]:
    """How much of what a refund takes back this till has itself, what it gives back included."""
    got: Counter[Account] = Counter(rights)
    own = []
    for move in movements(part):
        if move.account.kind not in WITH_RIGHTS or move.account.kind is Kind.REST:
            continue
        if move.amount < 0 and (amount := min(-move.amount, max(0, got[move.account]))):
            own.append(Holding(move.account, amount))
        got[move.account] += move.amount
    return tuple(own)
