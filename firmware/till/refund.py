# SPDX-License-Identifier: Apache-2.0
"""Paying a sale back: what of it, who allows it, why, the commit, the receipt (SPEC F5–F7)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from firmware.drivers.base import Reading
from firmware.store import journal, replica, rights, sales
from firmware.till import tap
from firmware.till.asking import Asking
from firmware.till.desk import Desk
from firmware.till.flow import Become, End, Event, Flow, Move, Open, Stay, Tick
from firmware.till.form import Form, Step
from firmware.till.front import No
from firmware.till.outcome import Choice, Field, Outcome, Question, Refused
from firmware.till.outcome_sales import BackLine, ComesBack, RefundAsked, RefundSaved
from firmware.till.pin import Pin
from firmware.till.printable import Printable, receipt_of
from loyalty.account import Account, Holding, points_of, purse_of, rest_of
from loyalty.basket import Line
from loyalty.command import RefundSale
from loyalty.decide import Decided, Short, decide
from loyalty.entry import Entry, Refunded, Sold
from loyalty.feed import StaffIs
from loyalty.refund import RefundReason
from loyalty.refusal import Reason, Refusal
from loyalty.situation import Situation

LEAVE_AFTER_S = 30
OTHER: Final = "other"
"""Another reason, which is typed."""

_REASONS: Final = (RefundReason.DEFECT, RefundReason.MISTAKE, RefundReason.CHANGED_MIND)


Parts = tuple[tuple[str, Refunded], ...]
"""What was paid back of a sale, each with its entry's id."""


# ── without a screen ────────────────────────────────────────────────────────────────────────────


def left_of(desk: Desk, sale: str) -> int:
    """Cents of a sale's total that may be paid back here now."""
    return rights.spendable(desk.db, sale).get(rest_of(sale), 0)


def pay_back(desk: Desk, command: RefundSale, *, staff: str = "") -> Entry | Short | Refusal:
    """Decide a refund and write it, in one transaction; the receipt gets the till's next number.

    Raises:
        StoreFault: nothing was written.
    """
    with desk.db.atomic():
        command = replace(command, receipt=sales.next_receipt(desk.db))
        situation = _situation(desk, command)
        decided = decide(situation, command)
        if not isinstance(decided, Decided):
            return (
                decided if isinstance(decided, Short | Refusal) else Refusal(Reason.TOTAL_MISSING)
            )
        if refusal := desk.within_ceiling(decided.facts, situation.programme):
            return refusal
        rights.unreserve(desk.db)
        return desk.write(decided.facts, staff=staff)


def refunds_of(desk: Desk, sale: str, told: Parts = ()) -> tuple[Refunded, ...]:
    """What was paid back of a sale: what the hub told, and here, as far as it is still here."""
    parts = dict(told)
    for entry_id in sales.refunds_of(desk.db, sale):
        entry = journal.entry(desk.db, entry_id)
        if entry and isinstance(entry.facts, Refunded):
            parts[entry_id] = entry.facts
    return tuple(parts.values())


def _situation(desk: Desk, command: RefundSale) -> Situation:
    return desk.situation(command.sold.customer, command.sale)


# ── on the screen ───────────────────────────────────────────────────────────────────────────────


def begin(
    desk: Desk,
    entry: Entry,
    *,
    staff: str,
    void: bool = False,
    told: Parts = (),
    then: Callable[[object], Move],
) -> Move:
    """Open the refund of a sale, once this till may pay back what is left of it.

    Args:
        entry: the sale's.
        staff: id of who is at the till.
        told: what the hub says was paid back of it.
        then: takes the event that ended it, once something was paid back.
    """
    sold = entry.facts
    if not isinstance(sold, Sold):
        return Stay()
    if not any(known.manager for known in replica.staff(desk.db)):
        return _no(desk, Refusal(Reason.NO_MANAGER))
    if left_of(desk, entry.id):
        rights.unreserve(desk.db)
        return Open(Refund(desk, entry, sold, staff=staff, void=void, told=told), then)
    if sum(part.cents for part in refunds_of(desk, entry.id, told)) >= sold.total_cents:
        return _no(desk, Refusal(Reason.ALREADY_REFUNDED))
    if not desk.online:
        return _no(desk, _elsewhere(desk))
    return Open(
        Asking(desk, (Holding(rest_of(entry.id), sold.total_cents),), ""),
        lambda granted: (
            begin(desk, entry, staff=staff, void=void, told=told, then=then)
            if granted is True
            else _no(desk, _elsewhere(desk))
        ),
    )


def _elsewhere(desk: Desk) -> Refusal:
    return Refusal(Reason.SALE_ELSEWHERE, {"offline": int(not desk.online)})


def _no(desk: Desk, refusal: Refusal, then: Callable[[object], Move] = lambda _: Stay()) -> Open:
    return Open(No(desk, Refused(offline=not desk.online, refusal=refusal, staff=True)), then)


class Refund(Flow):
    """Which lines come back and what that does; then a manager's PIN, a reason, the commit."""

    def __init__(
        self,
        desk: Desk,
        entry: Entry,
        sold: Sold,
        *,
        staff: str,
        void: bool = False,
        told: Parts = (),
    ) -> None:
        self.desk, self.entry, self.sold = desk, entry, sold
        self.staff, self.void = staff, void
        self.left = _not_back_yet(self.sold, refunds_of(desk, entry.id, told))
        """How many of each line the customer may still bring back."""
        self.chosen = list(self.left) if void or sum(self.left) == 1 else [0] * len(self.left)
        self.approved_by = ""
        self.reason = RefundReason.VOID.value if void else ""

    # ── what is chosen ──────────────────────────────────────────────────────────────────────────

    @property
    def whole(self) -> bool:
        """Whether everything that is left of the sale is chosen."""
        return self.chosen == self.left and any(self.chosen)

    @property
    def cents(self) -> int:
        """Of the sale's total, chosen; the last part is whatever is left."""
        return left_of(self.desk, self.entry.id) if self.whole else self._sum(self.chosen)

    def _sum(self, chosen: list[int]) -> int:
        pairs = zip(self.sold.lines, chosen, strict=True)
        return sum(line.unit_cents * count for line, count in pairs)

    @property
    def command(self) -> RefundSale:
        """What is asked of the rules."""
        lines = zip(self.sold.lines, self.chosen, strict=True)
        return RefundSale(
            receipt="",
            sale=self.entry.id,
            sold=self.sold,
            cents=self.cents,
            lines=tuple(replace(line, quantity=count) for line, count in lines if count),
            reason=self.reason,
            approved_by=self.approved_by,
        )

    def _preview(self) -> ComesBack | None:
        command = self.command
        situation = _situation(self.desk, command)
        match decide(situation, command):
            case Decided(facts=Refunded() as part):
                return comes_back(part, situation.balances)
            case _:
                return None

    def show(self) -> Outcome:
        customer = self.sold.customer
        return RefundAsked(
            offline=not self.desk.online,
            receipt=self.sold.receipt,
            at=self.desk.local(self.entry.stamp.wall_ms),
            name=replica.name_of(self.desk.db, customer) if customer else "",
            lines=tuple(map(BackLine, self.sold.lines, self.left, self.chosen)),
            left_cents=left_of(self.desk, self.entry.id),
            cents=self.cents,
            back=self._preview(),
            void=self.void,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case tap.PutBack(index=index, more=more) if not self.void:
                self._put_back(index, more)
            case tap.PutAllBack() if not self.void:
                self.chosen = [0] * len(self.left) if self.whole else list(self.left)
            case tap.Enter() if self.cents:
                return Open(Pin(self.desk, End, manager=True), self._approved)
            case tap.Back() | tap.Finish():
                return End()
            case _:
                pass
        return Stay()

    def _put_back(self, index: int, more: int) -> None:
        """Never more of a line than was bought, nor of all than is left."""
        after = list(self.chosen)
        after[index] = max(0, min(after[index] + more, self.left[index]))
        if after == self.left or self._sum(after) <= left_of(self.desk, self.entry.id):
            self.chosen = after

    # ── who and why ─────────────────────────────────────────────────────────────────────────────

    def _approved(self, staff: object) -> Move:
        if not isinstance(staff, StaffIs):
            return Stay()
        self.approved_by = staff.id
        return self.save() if self.void else Open(_reason_form(self.desk), self._reasoned)

    def _reasoned(self, answers: object) -> Move:
        if not isinstance(answers, dict):
            return Stay()
        chosen = answers[Question.REFUND_REASON]
        self.reason = answers[Field.REASON] if chosen == OTHER else chosen
        return self.save()

    # ── saving ──────────────────────────────────────────────────────────────────────────────────

    def save(self) -> Move:
        """Commit; ask the hub first for what this till may not pay back any more by itself."""
        customer = self.sold.customer
        before = self.desk.together(customer) if customer else {}
        match pay_back(self.desk, self.command, staff=self.staff):
            case Entry(facts=Refunded() as part) as entry:
                return Become(PaidBack(self.desk, entry, part, comes_back(part, before)))
            case Short(lacks=lacks) if self.desk.online:
                return Open(
                    Asking(self.desk, lacks, ""),
                    lambda granted: self.save() if granted is True else self._not_here(),
                )
            case Refusal() as refusal:
                return _no(self.desk, refusal, self._after_refusal)
            case _:
                return self._not_here()

    def _not_here(self) -> Move:
        return _no(self.desk, _elsewhere(self.desk), self._after_refusal)

    def _after_refusal(self, chosen: object) -> Move:
        return self.save() if isinstance(chosen, tap.Retry) else Stay()


class PaidBack(Printable):
    """The refund is on the disk; ends with the event that ended it."""

    def __init__(self, desk: Desk, entry: Entry, part: Refunded, back: ComesBack) -> None:
        super().__init__(desk, entry, receipt_of(desk, entry, part))
        self.part, self.back = part, back
        self.until_s = desk.clock.monotonic_s() + LEAVE_AFTER_S

    def show(self) -> Outcome:
        offline = self.offline
        return RefundSaved(
            offline=offline,
            receipt=self.receipt,
            of=self.part.of,
            back=self.back,
            balance=self.receipt.balance,
            void=self.part.reason == RefundReason.VOID,
            waiting=self.waits(offline=offline),
            qr=self.qr,
            printing=self.printing,
        )

    def handle(self, event: Event) -> Move:
        match event:
            case Tick():
                late = self.desk.clock.monotonic_s() >= self.until_s and not self.printing
                return End(tap.Finish()) if late else Stay()
            case tap.Finish() | tap.Back() | Reading():
                return End(event)
            case _:
                self.until_s = self.desk.clock.monotonic_s() + LEAVE_AFTER_S
                return super().handle(event)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def comes_back(part: Refunded, before: Mapping[Account, int] | None = None) -> ComesBack:
    """What a refund does for its customer; what they owe by it, given what they had before."""
    by_gift = sum(gift.cents for gift in part.gifts)
    points, purse = part.points_back - part.points, part.purse_back_cents - part.purse_cents
    owner = part.customer or ""
    return ComesBack(
        money_cents=part.due_cents - by_gift,
        gift_cents=by_gift,
        points=points if owner else 0,
        purse_cents=purse if owner else 0,
        carry_cents=-part.carry_cents if owner else 0,
        owed_points=_owed(before.get(points_of(owner), 0), points)
        if owner and before is not None
        else 0,
        owed_cents=_owed(before.get(purse_of(owner), 0), purse)
        if owner and before is not None
        else 0,
    )


def _owed(before: int, change: int) -> int:
    """How much more is owed than before."""
    return max(0, -(before + change)) - max(0, -before)


def _not_back_yet(sold: Sold, parts: tuple[Refunded, ...]) -> list[int]:
    """How many of each line are still with the customer, as far as this till knows."""
    gone: Counter[Line] = Counter()
    for part in parts:
        for line in part.lines:
            gone[replace(line, quantity=1)] += line.quantity
    left = []
    for line in sold.lines:
        one = replace(line, quantity=1)
        taken = min(gone[one], line.quantity)
        gone[one] -= taken
        left.append(line.quantity - taken)
    return left


def _reason_form(desk: Desk) -> Form:
    options = tuple(Choice(word, "") for word in (*_REASONS, OTHER))
    return Form(
        desk,
        (
            Step(name=Question.REFUND_REASON, options=options),
            Step(
                name=Field.REASON,
                asked=lambda answers: answers.get(Question.REFUND_REASON) == OTHER,
            ),
        ),
    )
