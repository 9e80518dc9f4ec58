# SPDX-License-Identifier: Apache-2.0
"""Draw programmes, orders and facts as a shop could make them, extremes included."""

import os

from hypothesis import settings
from hypothesis import strategies as st

from loyalty.account import Account, Holding, Kind
from loyalty.basket import Applied, GiftUse, Line, Order, Use
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
    Sold,
    Stamp,
    Visited,
)
from loyalty.money import LARGEST_CENTS
from loyalty.programme import EarnRule, LoyaltyProgramme, Reward
from loyalty.rewards import TYPES

OFTEN = settings(max_examples=5_000 if os.environ.get("COMPTOIR_LONG") else 500)
"""Of a law; `./run test --all` draws ten times as many."""

WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
IDS = st.sampled_from(["ana", "bruno", "chloé", "7f3a"])
CARDS = st.sampled_from(["gift-1", "gift-2"])
CENTS = st.integers(0, LARGEST_CENTS)
SMALL = st.integers(0, 10_000)

RULES = st.builds(EarnRule, points=st.integers(0, 20), per_cents=st.integers(1, 10_000))


@st.composite
def rewards(draw: st.DrawFn, name: str) -> Reward:
    kind = draw(st.sampled_from(sorted(TYPES)))
    return Reward(
        id=name,
        kind=kind,
        title=draw(WORDS),
        cost=draw(st.integers(0, 500)),
        rate_bp=draw(st.integers(0, 10_000)) if kind in {"discount", "cashback"} else 0,
        gift_title=draw(WORDS) if kind == "gift" else "",
        terms=(("every", draw(st.integers(1, 5))),) if kind == "stamps" else (),
        not_in_shops=draw(st.sampled_from([(), ("elsewhere",)])),
    )


@st.composite
def programmes(draw: st.DrawFn) -> LoyaltyProgramme:
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
    return LoyaltyProgramme(
        version=draw(st.integers(1, 50)),
        earn=draw(RULES),
        rewards=tuple(draw(rewards(name)) for name in names),
    )


LINES = st.builds(
    Line,
    label=WORDS,
    unit_cents=st.integers(1, 40_000),
    quantity=st.integers(1, 9),
    category=st.sampled_from(["", "bread", "cakes"]),
    product=st.sampled_from(["", "p1", "p2"]),
)


@st.composite
def orders(draw: st.DrawFn, programme: LoyaltyProgramme) -> Order:
    lines = tuple(draw(st.lists(LINES, min_size=1, max_size=6)))
    chosen = (
        draw(st.lists(st.sampled_from(programme.rewards), unique=True))
        if (programme.rewards)
        else []
    )
    uses = tuple(
        Use(r.id, draw(st.integers(1, 5_000)) if TYPES[r.kind].asks else 0) for r in chosen
    )
    gifts = tuple(
        GiftUse(card, draw(st.integers(1, 5_000)))
        for card in draw(st.lists(CARDS, unique=True, max_size=2))
    )
    return Order(lines, uses, gifts)


STAMPS = st.builds(
    Stamp,
    boot_id=WORDS,
    mono_ms=st.integers(0, 2**50),
    wall_ms=st.integers(0, 2**50),
    quality=st.sampled_from(ClockQuality),
)
ACCOUNTS = st.builds(Account, st.sampled_from(Kind), IDS, st.sampled_from(["", "1/100"]))
HOLDINGS = st.lists(st.builds(Holding, ACCOUNTS, SMALL), max_size=4).map(tuple)
APPLIED = st.builds(
    Applied,
    reward=IDS,
    kind=st.sampled_from(sorted(TYPES)),
    title=WORDS,
    points=st.integers(0, 500),
    cents_off=SMALL,
)
SOLD = st.builds(
    Sold,
    receipt=WORDS,
    customer=st.none() | IDS,
    code=WORDS,
    lines=st.lists(LINES, max_size=4).map(tuple),
    applied=st.lists(APPLIED, max_size=3).map(tuple),
    gifts=st.lists(st.builds(GiftUse, CARDS, SMALL), max_size=2).map(tuple),
    total_cents=CENTS,
    due_cents=CENTS,
    paid_cents=CENTS,
    points=SMALL,
    earn=RULES,
    carry_cents=SMALL,
    purse_cents=SMALL,
    saw=st.builds(Saw, programme=st.integers(0, 50), balances=HOLDINGS, rights=HOLDINGS),
)
FACTS: st.SearchStrategy[Facts] = st.one_of(
    st.builds(
        Opened,
        gen=st.integers(1, 9),
        hw_id=WORDS,
        software=WORDS,
        cursor=SMALL,
        holds=HOLDINGS,
    ),
    st.builds(Visited, customer=IDS, code=WORDS),
    st.builds(
        Joined,
        customer=IDS,
        code=WORDS,
        first_name=WORDS,
        initial=WORDS,
        hashes=st.lists(WORDS, max_size=2).map(tuple),
    ),
    SOLD,
    st.builds(
        GiftSold,
        receipt=WORDS,
        fingerprint=CARDS,
        last4=WORDS,
        cents=CENTS,
        virtual=st.booleans(),
        sealed=WORDS,
    ),
    st.builds(Released, cause=st.sampled_from(ReleaseCause), holds=HOLDINGS),
    st.builds(CarryConverted, customer=IDS, earn=RULES, steps=st.integers(1, 50)),
)
ENTRIES = st.builds(
    Entry, id=WORDS, n=st.integers(1, 10**9), stamp=STAMPS, staff=WORDS, facts=FACTS
)
