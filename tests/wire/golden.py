# SPDX-License-Identifier: Apache-2.0
"""What the golden frames say; `python -m tests.wire.golden` writes those that are new.

A terminal that was sold two years ago sends these very bytes. To change the wire, add a frame under
a new name; a file that exists is never written again.
"""

from pathlib import Path
from typing import Final

from loyalty.account import Account, Holding, Kind, gift_of, points_of, purse_of
from loyalty.basket import Applied, GiftUse, Line
from loyalty.entry import (
    CarryConverted,
    ClockQuality,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Opened,
    ReleaseCause,
    Released,
    Saw,
    SignedOff,
    Sold,
    Stamp,
    Visited,
)
from loyalty.feed import (
    BalanceIs,
    CardNumbers,
    CategoryIs,
    Covered,
    CustomerIs,
    Granted,
    Item,
    ProductIs,
    ProgrammeIs,
    SaleSeen,
    ShopIs,
    StaffIs,
    TillMay,
)
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.rights import Policy
from loyalty.wire import (
    Ack,
    AskFind,
    AskRight,
    Batch,
    Found,
    Gone,
    Health,
    Hello,
    HubState,
    Message,
    Nack,
    Page,
    Part,
    Poke,
    Poll,
    WantPart,
    encode_entry,
    encode_frame,
    encode_item,
)
from tests.wire.people import PEOPLE
from tests.wire.ruled import ANA, CARD, HUB, ME, RULED

FOLDER: Final = Path(__file__).parent / "golden"

_HEALTH = {"waiting": 3, "cursor": 41, "software": "0.1.0"}
_STAMP = Stamp(
    boot_id="7d3f0a52-6f1e-4c33-9b0e-1c2d3e4f5a6b",
    mono_ms=81_234,
    wall_ms=1_795_248_000_123,
    quality=ClockQuality.SYNCED,
)
_GUESS = Stamp(boot_id=_STAMP.boot_id, mono_ms=12, wall_ms=86_400_000, quality=ClockQuality.GUESS)


def _entry(n: int, facts: Facts, *, stamp: Stamp = _STAMP, staff: str = "") -> Entry:
    return Entry(id=f"{n:032x}", n=n, stamp=stamp, staff=staff, facts=facts)


ENTRIES: Final[tuple[Entry, ...]] = (
    _entry(
        1,
        Opened(
            gen=2,
            hw_id="9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
            prev_segment="2c624232cdd221771294dfbb310aca00",
            prev_n=17,
            prev_head="19581e27de7ced00ff1ce50b2047e7a567c76b1cbaebabe5ef03f7c3017bb5b7",
            software="0.1.0",
            cursor=41,
            holds=(Holding(points_of(ANA), 12), Holding(gift_of(CARD), 1500)),
        ),
        stamp=_GUESS,
    ),
    _entry(2, Visited(customer=ANA, code="2000000000015"), staff="camille"),
    _entry(
        3,
        Joined(
            customer=ANA,
            code="2000000000015",
            first_name="Élodie",
            initial="M",
            sealed="c2VhbGVk",
            hashes=("4a44dc15364204a80fe80e9039455cc1", "8d5e957f297893487bd98fa830fa6413"),
        ),
    ),
    _entry(
        4,
        Sold(
            receipt="1-4",
            customer=ANA,
            code="2000000000015",
            lines=(
                Line(label="Pain de campagne", unit_cents=420, quantity=2, category="pains"),
                Line(label="Café", unit_cents=180, product="cafe"),
            ),
            applied=(
                Applied(
                    reward="remise",
                    kind="discount",
                    title="Remise de 10 %",
                    points=10,
                    cents_off=102,
                ),
                Applied(reward="cadeau", kind="gift", title="Un café", points=2, cents_off=0),
                Applied(
                    reward="cagnotte",
                    kind="cashback",
                    title="Cagnotte",
                    points=0,
                    cents_off=100,
                ),
            ),
            gifts=(GiftUse(CARD, 500),),
            total_cents=1020,
            due_cents=818,
            paid_cents=318,
            points=8,
            earn=EarnRule(1, 100),
            carry_cents=18,
            purse_cents=41,
            saw=Saw(
                programme=3,
                balances=(Holding(points_of(ANA), 40), Holding(purse_of(ANA), 100)),
                rights=(Holding(points_of(ANA), 12),),
            ),
        ),
        staff="camille",
    ),
    _entry(
        5,
        GiftSold(
            receipt="1-5",
            fingerprint=CARD,
            last4="345K",
            cents=4000,
            virtual=True,
            customer=ANA,
            send_on="2026-12-24",
            sealed="c2VhbGVk",
        ),
    ),
    _entry(6, Released(cause=ReleaseCause.COVERED, holds=(Holding(Account(Kind.VISITS, ANA), 1),))),
    _entry(7, Released(cause=ReleaseCause.UNUSED, holds=(Holding(points_of(ANA), 3),))),
    _entry(8, CarryConverted(customer=ANA, earn=EarnRule(5, 5000), steps=1)),
)

ITEMS: Final[tuple[Item, ...]] = (
    ShopIs(
        merchant="Maison Lucet",
        shop="saint-denis",
        name="Saint-Denis",
        zone="Indian/Reunion",
        card_prefix="2000",
        pitch_fr="1 € = 1 point",
        pitch_en="€1 = 1 point",
        colour="#7A1F2B",
        hub_key="aHViIGtleQ==",
    ),
    ProgrammeIs(
        LoyaltyProgramme(
            version=3,
            earn=EarnRule(1, 100),
            rewards=(
                Reward(
                    id="remise",
                    kind="discount",
                    title="Remise de 10 %",
                    cost=10,
                    rate_bp=1000,
                    not_in_shops=("saint-paul",),
                ),
                Reward(
                    id="cadeau",
                    kind="gift",
                    title="Un café",
                    cost=2,
                    gift_title="Café offert",
                ),
            ),
            point_value_cents=1,
            visit_delay_s=3600,
        )
    ),
    StaffIs(id="camille", name="Camille", pin="scrypt$00ff$ff00"),
    CategoryIs(id="pains", name="Pains", rank=1),
    ProductIs(id="cafe", category="boissons", name="Café", cents=180, ean="3760000000017", rank=2),
    ProductIs(id="gone", category="pains", name="Épi", cents=200, gone=True),
    CustomerIs(
        id=ANA,
        first_name="Élodie",
        initial="M",
        codes=("2000000000015", "HA112"),
        hashes=("4a44dc15364204a80fe80e9039455cc1",),
    ),
    BalanceIs(points_of(ANA), 245),
    BalanceIs(Account(Kind.CARRY, ANA, "1/100"), 18),
    SaleSeen(id=f"{4:032x}", customer=ANA, wall_ms=1_795_248_000_123, points=8),
    Covered(segment="6b86b273ff34fce19d6b804eff5a3f57", n=4),
    Granted(
        ask="d4735e3a265e16eee03f59718b9b5d03",
        segment="6b86b273ff34fce19d6b804eff5a3f57",
        account=purse_of(ANA),
        amount=0,
    ),
    CardNumbers(first=1000, last=1999),
)

FRAMES: Final[dict[str, tuple[Message, tuple[Entry, ...] | tuple[Item, ...]]]] = {
    "up-hello": (
        Hello(
            **ME,
            segment="6b86b273ff34fce19d6b804eff5a3f57",
            n=8,
            boot_id=_STAMP.boot_id,
            hw_id="9c56cc51b374c3ba",
            cursor=41,
            epoch="",
            software="0.1.0",
        ),
        (),
    ),
    "up-health": (
        Health(
            **ME,
            **_HEALTH,
            printer="paper_out",
            scanner="ok",
            kiosk=True,
        ),
        (),
    ),
    "up-health-disk": (
        Health(
            **ME,
            **_HEALTH,
            printer="ok",
            scanner="ok",
            kiosk=True,
            disk=91,
        ),
        (),
    ),
    "up-gone": (Gone(**ME), ()),
    "up-batch": (Batch(**ME, segment="6b86b273ff34fce19d6b804eff5a3f57", lo=1), ENTRIES),
    "up-batch-leaving": (
        Batch(**ME, segment="6b86b273ff34fce19d6b804eff5a3f57", lo=12),
        (
            _entry(
                12,
                Released(cause=ReleaseCause.LEAVING, holds=(Holding(points_of(ANA), 12),)),
            ),
            _entry(13, SignedOff(gen=2)),
        ),
    ),
    "up-poll": (Poll(**ME, nonce="n-1", after=41, epoch=HUB["epoch"], most=200), ()),
    "up-part": (WantPart(**ME, nonce="n-2", snapshot="s-1", part=2), ()),
    "up-ask-right": (
        AskRight(
            **ME,
            ask="d4735e3a265e16eee03f59718b9b5d03",
            segment="6b86b273ff34fce19d6b804eff5a3f57",
            account=points_of(ANA),
            amount=12,
            nonce="n-3",
            after=41,
            epoch=HUB["epoch"],
        ),
        (),
    ),
    "up-ask-find": (AskFind(**ME, ask="f-1", text="Élodie 0692"), ()),
    "down-ack": (
        Ack(
            **HUB,
            segment="6b86b273ff34fce19d6b804eff5a3f57",
            upto=8,
            head="4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce",
            latest=52,
            credit=100_000,
            hub_ms=1_795_248_000_456,
        ),
        (),
    ),
    "down-nack": (
        Nack(**HUB, segment="6b86b273ff34fce19d6b804eff5a3f57", want=5, code="gap"),
        (),
    ),
    "down-poke": (Poke(**HUB, latest=52), ()),
    "down-page": (
        Page(**HUB, nonce="n-1", after=41, to=52, latest=60, hub_ms=1_795_248_000_456),
        ITEMS,
    ),
    "down-page-leaving": (
        Page(**HUB, nonce="n-1", after=53, to=54, latest=60, hub_ms=1_795_248_000_456),
        (TillMay(Policy(), leaving=2),),
    ),
    "down-part": (Part(**HUB, nonce="n-2", snapshot="s-1", part=2, parts=9, to=52), ITEMS[:3]),
    "down-found": (Found(**HUB, ask="f-1", customers=(ANA,)), ()),
    **PEOPLE,
    **RULED,
    "down-hub": (HubState(**HUB, up=False), ()),
    "down-hub-fleet": (HubState(**HUB, up=True, fleet=5_000), ()),
    "down-nack-unread": (
        Nack(**HUB, segment="", want=0, code="unread", frame="4e07408562bedb8b60ce05c1decfe3ad"),
        (),
    ),
}


def main() -> None:
    """Write the frames that have no file yet."""
    for name, (message, carried) in FRAMES.items():
        path = FOLDER / f"{name}.frame"
        if path.exists():
            continue
        lines = [encode_entry(c) if isinstance(c, Entry) else encode_item(c) for c in carried]
        path.write_bytes(encode_frame(message, lines))
        print(path)


if __name__ == "__main__":
    main()
