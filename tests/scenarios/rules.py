# SPDX-License-Identifier: Apache-2.0
"""Read a merchant's rules as they stand in a story: each line changes the programme a little."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from loyalty.calendar import NO_EXPIRY, ExpiryKind, ExpiryRule, Window
from loyalty.programme import EarnRule, GiftCardRule, LoyaltyProgramme, Options, Reward
from loyalty.tier import Criterion, Downgrade, Period, Tier, TierPlan

PLAIN: Final = LoyaltyProgramme(version=1, earn=EarnRule())
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Change = Callable[[LoyaltyProgramme, re.Match[str]], LoyaltyProgramme]


def changed(programme: LoyaltyProgramme, text: str) -> LoyaltyProgramme | None:
    """The programme with one rule more; None: the line is no rule."""
    for pattern, change in _RULES:
        if found := re.fullmatch(pattern, text):
            return change(programme, found)
    return None


def cents(text: str) -> int:
    """Of an amount in euros."""
    return round(float(text) * 100)


# ── what there is to change ─────────────────────────────────────────────────────────────────────


def _earn(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    delay_s = int(found[3]) * 60 if found[3] else programme.visit_delay_s
    earn = EarnRule(int(found[1]), cents(found[2]))
    return replace(programme, earn=earn, visit_delay_s=delay_s)


def _window(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    window = Window(
        factor_bp=_factor(found[1]),
        weekdays=(DAYS.index(found[2]),) if found[2] else (),
        from_minute=_minute(found[3]) if found[3] else 0,
        until_minute=_minute(found[4]) if found[4] else 24 * 60,
        from_day=(found[5] or "").removeprefix(" from "),
        until_day=(found[6] or "").removeprefix(" until "),
    )
    return replace(programme, windows=(*programme.windows, window))


def _expiry(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    kind = ExpiryKind.AWARD if found[2] == "the award" else ExpiryKind.PURCHASE
    return replace(programme, expiry=ExpiryRule(kind, int(found[1])))


def _cards(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    months, rate = found[1], found[2]
    rule = GiftCardRule(
        months=int(months or programme.giftcards.months),
        single_purpose=bool(rate),
        vat_bp=round(float(rate or 0) * 100),
    )
    return replace(programme, giftcards=rule)


def _tier(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    factor = _factor(found[3] or "1")
    money = "." in found[2]
    threshold = cents(found[2]) if money else int(found[2])
    tier = Tier(id=found[1].casefold(), name=found[1], threshold=threshold, factor_bp=factor)
    return replace(programme, tiers=(*programme.tiers, tier))


def _tiering(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    periods = {"ever": Period.ALL, "12 months": Period.ROLLING, "the year": Period.YEAR}
    lost = {"at once": Downgrade.AT_ONCE, "never": Downgrade.NEVER, "by one": Downgrade.STEP}
    plan = TierPlan(
        criterion=Criterion(found[1]), period=periods[found[2]], downgrade=lost[found[3]]
    )
    return replace(programme, tiering=plan)


def _reward(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    title, (what, *options) = found[1], found[2].split("; ")
    reward = _type(Reward(id=title.casefold(), kind="gift", title=title, cost=0), what)
    for option in options:
        reward = _option(reward, option)
    others = tuple(one for one in programme.rewards if one.id != reward.id)
    return replace(programme, rewards=(*others, reward))


def _ends(programme: LoyaltyProgramme, found: re.Match[str]) -> LoyaltyProgramme:
    left = tuple(one for one in programme.rewards if one.title != found[1])
    return replace(programme, rewards=left)


_RULES: Final[tuple[tuple[str, Change], ...]] = (
    (r"programme: (\d+) points? per (\S+?)(?:; visits every (\d+) min)?", _earn),
    (
        r"a point is worth (\S+)",
        lambda programme, found: replace(programme, point_value_cents=cents(found[1])),
    ),
    (
        r"(\w+(?:, \w+)*) earns? nothing",
        lambda programme, found: replace(programme, not_earning=tuple(found[1].split(", "))),
    ),
    (
        r"points x(\S+)(?: on (\w+))?(?: from (..:..) to (..:..))?( from \S+)?( until \S+)?",
        _window,
    ),
    (
        r"points wait (\d+) days",
        lambda programme, found: replace(programme, pending_days=int(found[1])),
    ),
    (r"points expire (\d+) months? after (the award|the last purchase)", _expiry),
    (r"points never expire", lambda programme, _: replace(programme, expiry=NO_EXPIRY)),
    (
        r"birthdays last (\d+) days?",
        lambda programme, found: replace(programme, birthday_days=int(found[1])),
    ),
    (r"gift cards (?:are valid (\d+) months|bear (\S+) % of VAT)", _cards),
    (r"tier (\w+) from (\S+?)(?:; points x(\S+))?", _tier),
    (
        r"tiers count the (\w+) of (ever|12 months|the year), and are lost (.+)",
        _tiering,
    ),
    (r"reward (.+?): (.+)", _reward),
    (r"reward (.+) ends", _ends),
)


# ── rewards ─────────────────────────────────────────────────────────────────────────────────────


def _type(reward: Reward, what: str) -> Reward:
    if found := re.fullmatch(r"points as payment(?: up to (\d+))?(?: from (\S+))?", what):
        most, least = int(found[1] or 0), cents(found[2] or "0")
        return replace(reward, kind="points", terms=(("most_points", most), ("least_cents", least)))
    if found := re.fullmatch(r"one (\w+ )?free for (\d+) stamps", what):
        article = (found[1] or "").strip()
        return replace(
            reward, kind="stamps", terms=(("every", int(found[2])), ("article", article))
        )
    found = re.fullmatch(r"(.+?) (?:for (\d+)|at visit (\d+)|as a (welcome))", what)
    if not found:
        raise ValueError(what)
    options = replace(reward.options, per_visit=bool(found[3]), welcome=bool(found[4]))
    reward = replace(reward, cost=int(found[2] or found[3] or 0), options=options)
    if rated := re.fullmatch(r"(\S+) % (off|cashback)", found[1]):
        kind = "discount" if rated[2] == "off" else "cashback"
        return replace(reward, kind=kind, rate_bp=round(float(rated[1]) * 100))
    return reward


def _option(reward: Reward, text: str) -> Reward:
    if found := re.fullmatch(r"not in (.+)", text):
        return replace(reward, not_in_shops=tuple(found[1].split(", ")))
    return replace(reward, options=_options(reward.options, text))


def _options(options: Options, text: str) -> Options:
    match text.split():
        case ["for", "professionals"]:
            return replace(options, pro=True)
        case ["on", "birthdays"]:
            return replace(options, birthday=True)
        case ["for", "tier", *tiers]:
            return replace(options, tiers=tuple(t.rstrip(",").casefold() for t in tiers))
        case ["from", day]:
            return replace(options, from_day=day)
        case ["until", day]:
            return replace(options, until_day=day)
        case ["while", "stock", "lasts"]:
            return replace(options, stock=True)
        case [number, "per", "customer"]:
            return replace(options, per_customer=int(number))
    raise ValueError(text)


def _factor(text: str) -> int:
    return round(float(text) * 10_000)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
