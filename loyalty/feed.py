# SPDX-License-Identifier: Apache-2.0
"""What a merchant's feed tells its terminals, item by item, in commit order.

An item states how something is now, never how it changed: reading one twice does no harm.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from loyalty.account import Account
from loyalty.programme import LoyaltyProgramme
from loyalty.rights import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopIs:
    """What a terminal shows and needs of its merchant and its shop."""

    merchant: str
    """Name on the front."""
    shop: str
    """Id."""
    name: str
    zone: str
    """IANA time zone."""
    card_prefix: str
    pitch_fr: str = ""
    """The line under the invitation; empty: made of the rules."""
    pitch_en: str = ""
    colour: str = "#1D4A3C"
    hub_key: str = ""
    """Public key that personal data is sealed to, base64."""


@dataclass(frozen=True, slots=True)
class ProgrammeIs:
    """A version was published."""

    programme: LoyaltyProgramme


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffIs:
    """Somebody who may unlock the till. A gone one has neither PIN nor badge."""

    id: str
    name: str
    pin: str = ""
    """`scrypt$salt hex$key hex`; empty: has none."""
    manager: bool = False
    """Their PIN or badge allows refunds and voids (SPEC F7)."""
    badge: str = ""
    """Keyed hash of its code; empty: has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryIs:
    """A category of the catalogue."""

    id: str
    name: str
    rank: int
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductIs:
    """A product of the catalogue."""

    id: str
    category: str
    name: str
    cents: int
    ean: str = ""
    rank: int = 0
    gone: bool = False
    minutes: int = 0
    """What a service or a class takes; 0: an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerIs:
    """A customer, as little as a till needs: no phone, e-mail or family name in clear."""

    id: str
    first_name: str
    initial: str
    codes: tuple[str, ...]
    """Those that lead to them."""
    hashes: tuple[str, ...] = ()
    gone: bool = False
    of: str = ""
    """The customer under whom this one is served since they were merged; empty: their own."""
    member: bool = True
    """They joined the programme (SPEC C15)."""
    pro: bool = False
    tier: str = ""
    """Id of their tier; empty: none."""
    figure: int = 0
    """What counted towards it when it was last worked out, in the criterion's unit."""
    blocked: tuple[str, ...] = ()
    """Codes of cards they lost: known, and good for nothing (SPEC E11)."""


@dataclass(frozen=True, slots=True)
class BalanceIs:
    """The balance of an account, of whoever holds it."""

    account: Account
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardIs:
    """What keeps a gift card from being used, whatever is on it."""

    fingerprint: str
    blocked: bool = False
    expires_on: str = ""
    """First day on which it can't be used, ISO; empty: never."""


@dataclass(frozen=True, slots=True, order=True)
class GiftOffer:
    """A gift card of so many cents that customers may have for so many points (SPEC H4)."""

    cents: int
    points: int


@dataclass(frozen=True, slots=True)
class GiftOffersAre:
    """Every gift card that customers may have for points."""

    offers: tuple[GiftOffer, ...]


MOST_PHOTO_BYTES: Final = 8_192
"""Of a picture on a tile: thousands of tills hear of it, over whatever line they have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardPhotoIs:
    """A reward's small picture, by the hash of its bytes; of no version, for it decides nothing."""

    reward: str
    digest: str = ""
    """First half of their SHA-256, hex; empty: it has none any more."""
    picture: bytes = b""
    """JPEG."""

    @classmethod
    def of(cls, reward: str, picture: bytes) -> "RewardPhotoIs":
        """With the hash of a picture; none where it is empty."""
        digest = hashlib.sha256(picture).hexdigest()[:32] if picture else ""
        return cls(reward=reward, digest=digest, picture=picture)

    @property
    def sound(self) -> bool:
        """Whether it is what its hash says, and no larger than a tile needs."""
        return len(self.picture) <= MOST_PHOTO_BYTES and self == self.of(self.reward, self.picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleSeen:
    """A customer's sale somewhere: what the card check lists as last visits."""

    id: str
    """Of the entry."""
    customer: str
    wall_ms: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """To one terminal: everything above contains its entries of that segment up to n."""

    segment: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Who keeps what could not be granted, as far as the hub knew (SPEC T5)."""

    shop: str
    """Name of the shop of the till that keeps most of it."""
    heard_ms: int
    """When the hub last heard that till."""
    said_ms: int
    """When the hub said so."""
    tills: int = 1
    """How many keep some of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleAt:
    """Where and when a sale was made or paid back, for a till that asked."""

    shop: str
    """Name."""
    terminal: str
    """Empty: made on the web."""
    wall_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """To one terminal: the right it asked for. Works only in the segment it names (RIGHTS 1)."""

    ask: str
    segment: str
    account: Account
    amount: int
    """0: nothing is free."""
    elsewhere: Elsewhere | None = None
    """Where it is less than was asked for: who keeps the rest. None: no till is known to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """To one terminal: the header of that segment is posted; `sound`: it followed the last one.

    Where it is not, the card was put back to an earlier state or copied: what the segment did not
    earn or was not granted itself is void (RIGHTS 7, 9).
    """

    segment: str
    sound: bool
    stranger: bool = False
    """Written on another board than the terminal's: it spends nothing until a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallIn:
    """To one terminal: whichever boot reads this says so, by an entry that names the order."""

    order: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """To one terminal: somebody else needs this account; give back what no order needs here."""

    account: Account


@dataclass(frozen=True, slots=True)
class TillMay:
    """To one terminal: how far it may go by itself."""

    policy: Policy
    leaving: int = 0
    """The generation that is to stop, give everything back and sign off; 0: it stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNumbers:
    """To one terminal: serials it may give to new customers, first to last inclusive."""

    first: int
    last: int


Item = (
    ShopIs
    | ProgrammeIs
    | StaffIs
    | CategoryIs
    | ProductIs
    | CustomerIs
    | BalanceIs
    | GiftCardIs
    | GiftOffersAre
    | RewardPhotoIs
    | SaleSeen
    | Covered
    | Granted
    | Heard
    | CallIn
    | Recalled
    | TillMay
    | CardNumbers
)

ITEMS: Final[dict[str, type[Item]]] = {
    "shop": ShopIs,
    "programme": ProgrammeIs,
    "staff": StaffIs,
    "category": CategoryIs,
    "product": ProductIs,
    "customer": CustomerIs,
    "balance": BalanceIs,
    "gift_card": GiftCardIs,
    "gift_offers": GiftOffersAre,
    "reward_photo": RewardPhotoIs,
    "sale": SaleSeen,
    "covered": Covered,
    "granted": Granted,
    "heard": Heard,
    "call_in": CallIn,
    "recalled": Recalled,
    "till_may": TillMay,
    "card_numbers": CardNumbers,
}
"""Name on the wire of each kind of item."""

ITEM_NAMES: Final[dict[type[Item], str]] = {kind: name for name, kind in ITEMS.items()}
