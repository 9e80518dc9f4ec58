# SPDX-License-Identifier: Apache-2.0
"""A business no: a value with its reason and facts; words belong to the screens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from loyalty.account import Account


class Reason(StrEnum):
    """Why something was not done. Each has its sentence in every language."""

    BAD_CODE = "bad_code"
    CARD_UNKNOWN = "card_unknown"
    CARD_TAKEN = "card_taken"
    CARD_BLOCKED = "card_blocked"
    """It was lost: its owner has another, or asks for one."""
    BAD_CONTACT = "bad_contact"
    NOBODY_FOUND = "nobody_found"
    ORDER_OPEN = "order_open"
    TOTAL_MISSING = "total_missing"
    ABSURD_AMOUNT = "absurd_amount"
    TOO_MANY_LINES = "too_many_lines"
    REWARD_UNKNOWN = "reward_unknown"
    REWARD_CLOSED = "reward_closed"
    """Not for this customer, this order or this day; its facts say which need is not met."""
    ONE_DISCOUNT = "one_discount"
    MORE_THAN_TOTAL = "more_than_total"
    NOT_ENOUGH = "not_enough"
    NOT_HERE_NOW = "not_here_now"
    TOO_MUCH_UNHEARD = "too_much_unheard"
    GIFT_UNKNOWN = "gift_unknown"
    GIFT_NEEDS_NETWORK = "gift_needs_network"
    GIFT_ALONE = "gift_alone"
    """A gift card where a customer's was expected: it pays, and belongs to whoever bears it."""
    GIFT_NUMBER_SHORT = "gift_number_short"
    FIELD_MISSING = "field_missing"
    NO_CARD_NUMBERS = "no_card_numbers"
    WRONG_PIN = "wrong_pin"
    PIN_PAUSED = "pin_paused"
    NO_PROGRAMME = "no_programme"
    SALE_ARCHIVED = "sale_archived"
    SALE_ELSEWHERE = "sale_elsewhere"
    ALREADY_REFUNDED = "already_refunded"
    NO_MANAGER = "no_manager"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not done, and the figures that explain it."""

    reason: Reason
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @classmethod
    def short_of(cls, account: Account, *, needed: int, have: int) -> "Refusal":
        """Not enough of something, here or anywhere."""
        return cls(Reason.NOT_ENOUGH, {"kind": account.kind, "needed": needed, "have": have})
