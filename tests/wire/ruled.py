# SPDX-License-Identifier: Apache-2.0
"""What the newer golden frames say: full rules, and a right that was granted in part."""

from typing import Final

from loyalty.account import (
    Holding,
    Kind,
    Movement,
    birthday_of,
    limit_of,
    points_of,
    rest_of,
    stamps_of,
    stock_of,
    welcome_of,
)
from loyalty.basket import Applied, Line
from loyalty.calendar import ExpiryKind, ExpiryRule, Window
from loyalty.entry import (
    Adjusted,
    Cause,
    ClockQuality,
    Entry,
    Facts,
    GiftSold,
    Joined,
    Matured,
    Opened,
    OptedIn,
    OwedPaid,
    Refunded,
    Saw,
    Sold,
    Stamp,
)
from loyalty.feed import Elsewhere, Granted, Item, ProgrammeIs, SaleAt, StaffIs
from loyalty.programme import EarnRule, GiftCardRule, LoyaltyProgramme, Options, Reward
from loyalty.tier import Criterion, Downgrade, Period, Tier, TierPlan
from loyalty.wire import AskSale, Batch, FoundSales, Message, Page

ME: Final = {"terminal": "saint-denis-1", "gen": 2}
HUB: Final = {"epoch": "5f0c8a1be4c94a0f9d0f6f3b7a1d2c3e"}
ANA: Final = "0f8fad5bd9cb469fa16570867728950e"
CARD: Final = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
_STAMP = Stamp(
    boot_id="7d3f0a52-6f1e-4c33-9b0e-1c2d3e4f5a6b",
    mono_ms=81_234,
    wall_ms=1_795_248_000_123,
    quality=ClockQuality.SYNCED,
)


def entry(n: int, facts: Facts, *, staff: str = "") -> Entry:
    """An entry of the terminal whose clock was right."""
    return Entry(id=f"{n:032x}", n=n, stamp=_STAMP, staff=staff, facts=facts)


RULES: Final = LoyaltyProgramme(
    version=4,
    earn=EarnRule(5, 5000),
    rewards=(
        Reward(
            id="points",
            kind="points",
            title="Mes points",
            cost=0,
            terms=(("most_points", 300), ("least_cents", 1000)),
        ),
        Reward(
            id="tampons",
            kind="stamps",
            title="Dixième café offert",
            cost=0,
            terms=(("every", 9), ("article", "cafe")),
            options=Options(
                pro=True,
                tiers=("or",),
                from_day="2026-03-01",
                until_day="2026-03-31",
                stock=True,
                per_customer=2,
            ),
        ),
        Reward(
            id="bienvenue",
            kind="discount",
            title="Bienvenue",
            cost=0,
            rate_bp=1000,
            options=Options(welcome=True),
        ),
        Reward(
            id="dixieme",
            kind="discount",
            title="Dixième visite",
            cost=10,
            rate_bp=2000,
            options=Options(per_visit=True, birthday=True),
        ),
    ),
    point_value_cents=2,
    not_earning=("tabac",),
    windows=(
        Window(
            factor_bp=20_000,
            weekdays=(1,),
            from_minute=840,
            until_minute=1020,
            from_day="2026-03-01",
            until_day="2026-03-31",
        ),
    ),
    pending_days=14,
    expiry=ExpiryRule(ExpiryKind.PURCHASE, 12),
    birthday_days=7,
    credit_delay_min=240,
    service_points=(("coupe", 20),),
    giftcards=GiftCardRule(months=12, single_purpose=True, vat_bp=550),
    tiers=(Tier(id="or", name="Or", threshold=500_000, factor_bp=15_000, segment="fidèles"),),
    tiering=TierPlan(
        criterion=Criterion.POINTS,
        period=Period.ROLLING,
        downgrade=Downgrade.STEP,
        warn_days=15,
    ),
)

RULED_ENTRIES: Final[tuple[Entry, ...]] = (
    entry(
        1,
        Joined(
            customer=ANA,
            code="2000000000015",
            first_name="Élodie",
            initial="M",
            welcome=1,
            member=False,
        ),
    ),
    entry(2, OptedIn(customer=ANA, welcome=0), staff="camille"),
    entry(
        3,
        Sold(
            receipt="1-6",
            customer=ANA,
            lines=(Line(label="Café", unit_cents=180, quantity=2, product="cafe"),),
            applied=(
                Applied(
                    reward="tampons",
                    kind="stamps",
                    title="Dixième café offert",
                    points=0,
                    cents_off=180,
                ),
            ),
            total_cents=360,
            due_cents=180,
            paid_cents=180,
            points=3,
            earn=EarnRule(1, 100),
            carry_cents=80,
            earns_cents=180,
            factor_bp=30_000,
            matures="2026-12-13",
            spent=(
                Holding(stamps_of(ANA, "tampons"), 9),
                Holding(stock_of("tampons"), 1),
                Holding(limit_of(ANA, "tampons"), 1),
                Holding(welcome_of(ANA), 1),
                Holding(birthday_of(ANA, 2026), 1),
            ),
            gained=(Holding(stamps_of(ANA, "tampons"), 1),),
            saw=Saw(programme=4, at="2026-11-29T15:04", member=True, pro=True, tier="or"),
        ),
    ),
    entry(
        4,
        Refunded(
            receipt="1-7",
            sale=f"{3:032x}",
            customer=ANA,
            cents=360,
            due_cents=180,
            points=3,
            earn=EarnRule(1, 100),
            carry_cents=80,
            matures="2026-12-13",
            back=(Holding(stamps_of(ANA, "tampons"), 9),),
            taken=(Holding(stamps_of(ANA, "tampons"), 1),),
            own=(Holding(stamps_of(ANA, "tampons"), 1),),
            reason="void",
        ),
        staff="camille",
    ),
    entry(
        5,
        GiftSold(
            receipt="1-8",
            fingerprint=CARD,
            last4="345K",
            cents=1000,
            virtual=True,
            customer=ANA,
            sealed="c2VhbGVk",
            points=500,
            expires_on="2027-11-29",
            single_purpose=True,
            vat_bp=550,
        ),
    ),
    entry(
        6,
        Adjusted(
            cause=Cause.BY_HAND,
            moves=(Movement(points_of(ANA), -12),),
            customer=ANA,
            note="Erreur de saisie",
            about="1-6",
            programme=4,
            approved_by="camille",
        ),
    ),
    entry(7, Matured(customer=ANA, day="2026-12-13", points=3)),
    entry(8, OwedPaid(customer=ANA, kind=Kind.STAMPS, key="tampons", amount=2)),
)

RULED: Final[dict[str, tuple[Message, tuple[Entry, ...] | tuple[Item, ...]]]] = {
    "up-batch-rules": (
        Batch(**ME, segment="6b86b273ff34fce19d6b804eff5a3f57", lo=1),
        RULED_ENTRIES,
    ),
    "up-batch-rests": (
        Batch(**ME, segment="d4735e3a265e16eee03f59718b9b5d03", lo=1),
        (
            entry(
                1,
                Opened(
                    gen=2,
                    hw_id="9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
                    prev_segment="6b86b273ff34fce19d6b804eff5a3f57",
                    prev_n=13,
                    prev_head="19581e27de7ced00ff1ce50b2047e7a567c76b1cbaebabe5ef03f7c3017bb5b7",
                    software="0.1.0",
                    **HUB,
                    holds=(Holding(points_of(ANA), 12),),
                    rests=(Holding(rest_of(f"{4:032x}"), 750),),
                    heard=True,
                ),
            ),
        ),
    ),
    "up-batch-since": (
        Batch(**ME, segment="4e07408562bedb8b60ce05c1decfe3ad", lo=1),
        (
            entry(
                1,
                Opened(
                    gen=2,
                    hw_id="9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
                    prev_segment="d4735e3a265e16eee03f59718b9b5d03",
                    prev_n=1,
                    prev_head="ff1ce50b2047e7a567c76b1cbaebabe5ef03f7c3017bb5b719581e27de7ced00",
                    software="0.1.0",
                    **HUB,
                    rests=(),
                    heard=True,
                    sold_since="6b86b273ff34fce19d6b804eff5a3f57",
                ),
            ),
        ),
    ),
    "down-page-rules": (
        Page(
            **HUB,
            nonce="n-1",
            after=41,
            to=42,
            latest=60,
            hub_ms=1_795_248_000_456,
        ),
        (ProgrammeIs(RULES),),
    ),
    "down-page-elsewhere": (
        Page(
            **HUB,
            nonce="n-1",
            after=54,
            to=55,
            latest=60,
            hub_ms=1_795_248_000_456,
        ),
        (
            Granted(
                ask="d4735e3a265e16eee03f59718b9b5d03",
                segment="6b86b273ff34fce19d6b804eff5a3f57",
                account=points_of(ANA),
                amount=12,
                elsewhere=Elsewhere(
                    shop="Saint-Paul",
                    heard_ms=1_795_247_000_000,
                    said_ms=1_795_248_000_400,
                    tills=2,
                ),
            ),
        ),
    ),
    "up-ask-sale": (
        AskSale(**ME, ask="s-1", text="0414"),
        (),
    ),
    "up-ask-this-sale": (
        AskSale(**ME, ask="s-2", sale=f"{4:032x}"),
        (),
    ),
    "down-found-sales": (
        FoundSales(
            **HUB,
            ask="s-1",
            at=(
                SaleAt(shop="Saint-Paul", terminal="saint-paul-1", wall_ms=1_795_248_000_123),
                SaleAt(shop="Saint-Denis", terminal="saint-denis-1", wall_ms=1_795_248_600_456),
            ),
            barred=1,
        ),
        tuple(e for e in RULED_ENTRIES if isinstance(e.facts, Sold | Refunded))[:2],
    ),
    "down-page-team": (
        Page(
            epoch="5f0c8a1be4c94a0f9d0f6f3b7a1d2c3e",
            nonce="9f86d081884c7d659a2feaa0c55ad015",
            after=60,
            to=61,
            latest=61,
            hub_ms=1_795_248_000_456,
        ),
        (StaffIs(id="nadia", name="Nadia", manager=True, badge=CARD),),
    ),
}
