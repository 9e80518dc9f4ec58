# SPDX-License-Identifier: Apache-2.0
"""What a finger asks: plain data that screens put on their widgets and the till answers."""

from dataclasses import dataclass

from firmware.till.outcome_sales import SaleFilter
from loyalty.feed import GiftOffer


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a keypad or keyboard: a digit, 00, a letter, a space."""

    text: str


@dataclass(frozen=True, slots=True)
class Erase:
    """The last character."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Capitals on or off."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """Letters or figures and signs."""


@dataclass(frozen=True, slots=True)
class Enter:
    """The main act of a question: what is typed is meant."""


@dataclass(frozen=True, slots=True)
class TakeMost:
    """The largest amount that makes sense."""


@dataclass(frozen=True, slots=True)
class Back:
    """Out of this question, nothing done."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """Staff want the till."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Back to the front; an order under way is kept out of sight until the till is unlocked."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Done here: the front, or the next customer for staff."""


@dataclass(frozen=True, slots=True)
class Join:
    """A new customer: from the front or from the till."""

    name: str = ""
    """What was searched for without success."""


@dataclass(frozen=True, slots=True)
class GiveCard:
    """The card that was scanned becomes the customer's whose order this is."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """The customer at the counter joins the programme."""


@dataclass(frozen=True, slots=True)
class ShowQr:
    """The card's or the receipt's QR, or back from it."""


@dataclass(frozen=True, slots=True)
class Search:
    """Look for a customer by typing."""


@dataclass(frozen=True, slots=True)
class PickCustomer:
    """This one of those found."""

    id: str


@dataclass(frozen=True, slots=True)
class DropCustomer:
    """Go on without this customer."""


@dataclass(frozen=True, slots=True)
class Take:
    """Put a reward into the order."""

    reward: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Take a reward out of the order."""

    reward: str


@dataclass(frozen=True, slots=True)
class DropGift:
    """Take a gift card's payment out of the order."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class AddLine:
    """On to the order: a new line."""


@dataclass(frozen=True, slots=True)
class RemoveLine:
    """Take a line out of the order."""

    index: int


@dataclass(frozen=True, slots=True)
class Scroll:
    """Show what is further down (or up) by so many rows."""

    rows: int


@dataclass(frozen=True, slots=True)
class PickCategory:
    """In this category."""

    id: str


@dataclass(frozen=True, slots=True)
class ShowProducts:
    """The products to choose from."""


@dataclass(frozen=True, slots=True)
class PickProduct:
    """One more of this product."""

    id: str


@dataclass(frozen=True, slots=True)
class GiftCard:
    """Something about a gift card."""


@dataclass(frozen=True, slots=True)
class TakeOffer:
    """This gift card for points."""

    offer: GiftOffer


@dataclass(frozen=True, slots=True)
class Pick:
    """This answer to the question."""

    id: str


@dataclass(frozen=True, slots=True)
class Save:
    """Save the order."""


@dataclass(frozen=True, slots=True)
class WithoutRewards:
    """Go on without what can't be used here now."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again what was refused or not printed."""


@dataclass(frozen=True, slots=True)
class Print:
    """The receipt, please: nothing is printed unless asked."""


@dataclass(frozen=True, slots=True)
class ShowSales:
    """The list of transactions."""


@dataclass(frozen=True, slots=True)
class ShowOnly:
    """A filter of that list."""

    showing: SaleFilter


@dataclass(frozen=True, slots=True)
class PickSale:
    """This transaction."""

    id: str


@dataclass(frozen=True, slots=True)
class Refund:
    """Pay this sale back, or some of it."""


@dataclass(frozen=True, slots=True)
class Void:
    """Undo the sale that was just saved."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """So many more (or fewer) of this line come back."""

    index: int
    more: int


@dataclass(frozen=True, slots=True)
class PutAllBack:
    """Everything that is left of the sale comes back; or nothing, if that is chosen already."""


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """French to English and back; the kiosk's own."""


@dataclass(frozen=True, slots=True)
class SwitchContrast:
    """High contrast on or off; the kiosk's own."""


@dataclass(frozen=True, slots=True)
class TurnPage:
    """More of what does not fit, then the beginning again; the kiosk's own."""


KioskTap = SwitchLanguage | SwitchContrast | TurnPage

Tap = (
    Key
    | Erase
    | Shift
    | Symbols
    | Enter
    | TakeMost
    | Back
    | Unlock
    | Lock
    | Finish
    | Join
    | GiveCard
    | OptIn
    | ShowQr
    | Search
    | PickCustomer
    | DropCustomer
    | Take
    | Drop
    | DropGift
    | AddLine
    | RemoveLine
    | Scroll
    | PickCategory
    | ShowProducts
    | PickProduct
    | GiftCard
    | TakeOffer
    | Pick
    | Save
    | WithoutRewards
    | Retry
    | Print
    | ShowSales
    | ShowOnly
    | PickSale
    | Refund
    | Void
    | PutBack
    | PutAllBack
)
