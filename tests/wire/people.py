# SPDX-License-Identifier: Apache-2.0
"""What golden frames say of people: who became one, who stands where, whose card was lost or stopped."""

from typing import Final

from loyalty.account import Holding, Kind, points_of
from loyalty.basket import Applied, Line
from loyalty.entry import CardsChanged, Entry, GiftSold, OwedPaid, Refunded, Saw, Sold
from loyalty.feed import CustomerIs, GiftCardIs, GiftOffer, GiftOffersAre, Item, RewardPhotoIs
from loyalty.programme import EarnRule
from loyalty.wire import Batch, Message, Page
from tests.wire.ruled import ANA, CARD, HUB, ME, entry

_BEN: Final = "3e23e8160039594a33894f6564e1b134"

MERGED: Final[tuple[Entry, ...]] = (
    entry(
        9,
        Sold(
            receipt="1-9",
            customer=ANA,
            lines=(Line(label="Café", unit_cents=180),),
            applied=(
                Applied(reward="r-1", kind="gift", title="Pain offert", points=80, cents_off=0),
            ),
            total_cents=180,
            due_cents=180,
            paid_cents=180,
            points=1,
            earn=EarnRule(),
            spent=(Holding(points_of(ANA), 45), Holding(points_of(_BEN), 35)),
            saw=Saw(programme=3),
        ),
    ),
    entry(
        10,
        Refunded(
            receipt="1-10",
            sale="ef2d127de37b942baad06145e54b0c61",
            customer=ANA,
            cents=180,
            due_cents=180,
            points=1,
            earn=EarnRule(),
            points_back=80,
            back=(Holding(points_of(ANA), 45), Holding(points_of(_BEN), 35)),
            own=(Holding(points_of(ANA), 1),),
        ),
    ),
    entry(11, OwedPaid(customer=ANA, kind=Kind.POINTS, amount=3, by=_BEN)),
)
"""What a customer who was merged brings, newer than the first frames."""

CARDS: Final[tuple[Entry, ...]] = (
    entry(14, CardsChanged(customer=ANA, code="HA113", lost=("HA112",)), staff="camille"),
    entry(15, CardsChanged(customer=ANA, found=("HA112",), note="au vestiaire")),
)
"""A card given in place of a lost one, which turned up."""

EXCHANGED: Final[tuple[Entry, ...]] = (
    entry(
        12,
        GiftSold(
            receipt="1-12",
            fingerprint=CARD,
            last4="7Q2X",
            cents=1000,
            virtual=True,
            customer=ANA,
            sealed="c2VhbGVk",
            points=750,
            spent=(Holding(points_of(ANA), 500), Holding(points_of(_BEN), 250)),
        ),
    ),
)
"""A gift card that both cards of one person paid for in points."""

PEOPLE: Final[dict[str, tuple[Message, tuple[Entry, ...] | tuple[Item, ...]]]] = {
    "up-batch-merged": (Batch(**ME, segment="6b86b273ff34fce19d6b804eff5a3f57", lo=9), MERGED),
    "up-batch-cards": (Batch(**ME, segment="6b86b273ff34fce19d6b804eff5a3f57", lo=14), CARDS),
    "down-page-cards": (
        Page(**HUB, nonce="n-1", after=57, to=58, latest=60, hub_ms=1_795_248_000_456),
        (CustomerIs(id=ANA, first_name="Ana", initial="M", codes=("HA113",), blocked=("HA112",)),),
    ),
    "down-page-merged": (
        Page(**HUB, nonce="n-1", after=52, to=53, latest=60, hub_ms=1_795_248_000_456),
        (CustomerIs(id=_BEN, first_name="Ben", initial="M", codes=(), of=ANA),),
    ),
    "down-page-standing": (
        Page(**HUB, nonce="n-1", after=54, to=55, latest=60, hub_ms=1_795_248_000_456),
        (
            CustomerIs(id=ANA, first_name="Ana", initial="M", codes=(), pro=True, tier="silver"),
            CustomerIs(id=_BEN, first_name="Ben", initial="M", codes=(), member=False),
        ),
    ),
    "down-page-giftcards": (
        Page(**HUB, nonce="n-1", after=55, to=57, latest=60, hub_ms=1_795_248_000_456),
        (
            GiftCardIs(fingerprint=CARD, blocked=True),
            GiftCardIs(fingerprint=CARD, expires_on="2027-12-24"),
        ),
    ),
    "up-batch-exchanged": (
        Batch(**ME, segment="6b86b273ff34fce19d6b804eff5a3f57", lo=12),
        EXCHANGED,
    ),
    "down-page-photos": (
        Page(**HUB, nonce="n-1", after=59, to=61, latest=61, hub_ms=1_795_248_000_456),
        (RewardPhotoIs.of("r-1", b"\xff\xd8 a picture \xff\xd9"), RewardPhotoIs.of("r-2", b"")),
    ),
    "down-page-offers": (
        Page(**HUB, nonce="n-1", after=57, to=59, latest=60, hub_ms=1_795_248_000_456),
        (
            GiftOffersAre((GiftOffer(1000, 750), GiftOffer(2500, 1800))),
            CustomerIs(
                id=ANA, first_name="Ana", initial="M", codes=(), tier="silver", figure=118_000
            ),
        ),
    ),
}
