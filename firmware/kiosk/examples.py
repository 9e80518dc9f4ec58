# SPDX-License-Identifier: Apache-2.0
"""One day at Maison Lucet: the facts that every screen's examples are made of."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from firmware.till.outcome import Choice, CustomerSeen, Receipt
from loyalty.badge import Badge, BadgeState
from loyalty.basket import Applied, GiftUse, Line
from loyalty.conditions import Lack, Need
from loyalty.entry import GiftSold, Refunded, Saw, Sold
from loyalty.programme import EarnRule, Reward

NOW: Final = datetime(2026, 11, 21, 14, 32, tzinfo=timezone(timedelta(hours=4)))
"""A Saturday."""

ELODIE: Final = CustomerSeen(
    id="elodie", name="Élodie M.", code_end="4415", points=245, purse_cents=340
)
LONGEST: Final = CustomerSeen(
    id="marie",
    name="Marie-Françoise de La Rochefoucauld-Montbel",
    code_end="0017",
    points=12_480,
    purse_cents=0,
)

BAGUETTES: Final = Line(label="Baguette tradition", unit_cents=135, quantity=2)
PARIS_BREST: Final = Line(label="Paris-Brest individuel", unit_cents=520)
ECLAIRS: Final = Line(label="Éclair au café", unit_cents=390, quantity=3)

CATEGORIES: Final = (
    Choice("bread", "Pain"),
    Choice("pastry", "Viennoiserie"),
    Choice("cake", "Pâtisserie"),
    Choice("drink", "Boisson"),
    Choice("snack", "Snacking"),
    Choice("other", "Autre"),
)


def _reward(kind: str, title: str, cost: int, rate_bp: int = 0) -> Reward:
    return Reward(id=title, kind=kind, title=title, cost=cost, rate_bp=rate_bp)


def _badge(reward: Reward, state: BadgeState, missing: int = 0, purse_cents: int = 0) -> Badge:
    lacks = (Lack(need=Need.POINTS, missing=missing, whole=reward.cost),) if missing else ()
    return Badge(reward=reward, state=state, lacks=lacks, available=purse_cents)


CROISSANT: Final = _reward("gift", "Croissant offert", 80)
COFFEE: Final = _reward("gift", "Café offert", 60)
TART: Final = _reward("gift", "Tarte citron", 150)
PURSE: Final = _reward("cashback", "Cagnotte", 0, 200)
DISCOUNT: Final = _reward("discount", "Remise de 10 %", 200, 1000)
CAKE: Final = _reward("gift", "Paris-Brest 6 parts", 280)

_DRAWN: Final = Path(__file__).parent / "assets" / "photos"
PHOTOS: Final = tuple(
    (reward.id, (_DRAWN / f"{name}.jpg").read_bytes())
    for reward, name in ((CROISSANT, "croissant"), (COFFEE, "cafe"), (TART, "tarte"))
)
"""What a merchant would photograph, as small as a till has it."""

BADGES: Final = (
    _badge(CROISSANT, BadgeState.IN_ORDER),
    _badge(COFFEE, BadgeState.USABLE),
    _badge(TART, BadgeState.USABLE),
    _badge(PURSE, BadgeState.USABLE, purse_cents=340),
    _badge(DISCOUNT, BadgeState.NOT_YET, 35),
    _badge(CAKE, BadgeState.NOT_YET, 115),
)
BADGES_OFFLINE: Final = tuple(replace(one, here=one.reward == COFFEE) for one in BADGES)
"""As they are while only a coffee's worth of points may be spent here."""

SOLD: Final = Sold(
    receipt="0412",
    customer="elodie",
    code="2900000044154",
    lines=(BAGUETTES, PARIS_BREST, ECLAIRS),
    applied=(
        Applied(
            reward="croissant",
            kind="gift",
            title="Croissant offert",
            points=80,
            cents_off=0,
        ),
    ),
    total_cents=1960,
    due_cents=1960,
    paid_cents=1960,
    points=19,
    earn=EarnRule(),
    carry_cents=60,
    purse_cents=39,
    saw=Saw(programme=3),
)
ANONYMOUS: Final = Sold(
    receipt="0413",
    lines=(PARIS_BREST,),
    gifts=(GiftUse("f00d", 300),),
    total_cents=520,
    due_cents=520,
    paid_cents=220,
    earn=EarnRule(),
    saw=Saw(programme=3),
)
REFUNDED: Final = Refunded(
    receipt="0415",
    sale="sale-0412",
    customer="elodie",
    cents=915,
    due_cents=915,
    points=9,
    earn=EarnRule(),
    carry_cents=15,
    purse_cents=18,
    reason="defect",
    of="0412",
    lines=(replace(BAGUETTES, quantity=1), replace(ECLAIRS, quantity=2)),
    approved_by="nadia",
)
GIFT_SOLD: Final = GiftSold(
    receipt="0414",
    fingerprint="cafe",
    last4="7Q2X",
    cents=4000,
    virtual=True,
    send_on="2026-12-24",
    sealed="",
)


def receipt(
    sold: Sold | GiftSold | Refunded = SOLD,
    *,
    customer: str = "Élodie",
    balance: int | None = 184,
    again: bool = False,
    gift_code: str = "",
) -> Receipt:
    """A receipt of Maison Lucet."""
    return Receipt(
        merchant="Maison Lucet",
        shop="Saint-Denis",
        terminal="saint-denis-1",
        at=NOW,
        staff="Nadia",
        sold=sold,
        customer=customer,
        balance=balance,
        again=again,
        gift_code=gift_code,
    )
