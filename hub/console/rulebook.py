# SPDX-License-Identifier: Apache-2.0
"""The rules of a version in words: what is edited, what changes and what was are read alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.console.modules import NAMES
from hub.console.templatetags.console import GAP, day, euros, figure, multiple, rate
from hub.merchants.models import Merchant
from hub.programmes.names import named
from loyalty.calendar import ExpiryKind, ExpiryRule, Window
from loyalty.conditions import Lack, Need
from loyalty.module import Module
from loyalty.programme import PLAIN, EarnRule, GiftCardRule, LoyaltyProgramme, Reward
from loyalty.rewards import TYPES
from loyalty.rewards.type import Term, Unit

MOST_NAMED = 100
"""Categories and products that do not earn, of those that are called by their names."""
RULES = "rules"
"""The chapter of what is said once for every reward."""

Fact = tuple[str, str]
"""What is settled, and how, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What belongs together: one reward, or the rules of earning."""

    id: str
    title: str
    facts: tuple[Fact, ...]


def names_of(merchant: Merchant, *versions: LoyaltyProgramme) -> dict[str, str]:
    """What shops are called, and what these versions say of the catalogue, by id.

    What is gone is called as it was.
    """
    articles = {one for version in versions for one in _articles(version)}
    return {
        **dict(merchant.shops.values_list("pk", "name")),
        **named(merchant, articles),
    }


def chapters(programme: LoyaltyProgramme, names: Mapping[str, str]) -> tuple[Chapter, ...]:
    """All that a version says, in words.

    Args:
        programme: the version.
        names: of shops, categories and products, by id.
    """
    tiers = {tier.id: tier.name for tier in programme.tiers}
    rules = Chapter(id=RULES, title=_("Règles de gain"), facts=tuple(_rules(programme, names)))
    return (
        rules,
        *(
            Chapter(
                id=reward.id,
                title=reward.title,
                facts=tuple(_reward(reward, {**names, **tiers})),
            )
            for reward in programme.rewards
        ),
    )


# ── the words of one thing ──────────────────────────────────────────────────────────────────────


def points(count: int) -> str:
    """Write points: 1 point, 200 points."""
    return ngettext("%(n)s point", "%(n)s points", count) % {"n": figure(count)}


def visits(count: int) -> str:
    """Write at which visit."""
    return _("à la %(n)sᵉ visite") % {"n": figure(count)}


def stamps(count: int) -> str:
    """Write stamps: 1 tampon, 10 tampons."""
    return ngettext("%(n)s tampon", "%(n)s tampons", count) % {"n": figure(count)}


def step(earn: EarnRule) -> str:
    """Write how points are earned: 1 point pour 1,00 €."""
    return _("%(points)s pour %(paid)s") % {
        "points": points(earn.points),
        "paid": euros(earn.per_cents),
    }


def cost(reward: Reward) -> str:
    """Write what a use takes: points, visits, stamps, or nothing."""
    kind = TYPES[reward.kind]
    if reward.options.per_visit:
        return visits(reward.cost)
    if reward.options.welcome or (kind.priced and not reward.cost):
        return _("sans points")
    if kind.priced:
        return points(reward.cost)
    every = reward.number("every")
    return stamps(every) if every else _("au choix")


def days(from_day: str, until_day: str) -> str:
    """Write from the first to the last day; empty: no limit."""
    first, last = (day(date.fromisoformat(one)) if one else "" for one in (from_day, until_day))
    if first and last:
        return _("du %(first)s au %(last)s") % {"first": first, "last": last}
    if first:
        return _("à partir du %(first)s") % {"first": first}
    return _("jusqu’au %(last)s") % {"last": last} if last else ""


def window(said: Window) -> str:
    """Write when points are multiplied: mar., jeu. · 14:00–18:00 · du 1 déc. au 24 déc."""
    parts = []
    if said.weekdays:
        monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
        parts.append(", ".join(date_format(monday + timedelta(n), "D") for n in said.weekdays))
    if (said.from_minute, said.until_minute) != (0, 24 * 60):
        parts.append(f"{_clock(said.from_minute)}–{_clock(said.until_minute)}")
    if dates := days(said.from_day, said.until_day):
        parts.append(dates)
    return " · ".join(parts) or _("toujours")


def times(factor_bp: int) -> str:
    """Write a factor: × 2."""
    return f"×{GAP}{multiple(factor_bp)}"


def waits(pending_days: int) -> str:
    """Write after how many days points can be spent."""
    if not pending_days:
        return _("tout de suite")
    return ngettext("après %(n)s jour", "après %(n)s jours", pending_days) % {"n": pending_days}


def expiry(rule: ExpiryRule) -> str:
    """Write whether and when points expire."""
    months = ngettext("%(n)s mois", "%(n)s mois", rule.months) % {"n": rule.months}
    match rule.kind:
        case ExpiryKind.NEVER:
            return _("jamais")
        case ExpiryKind.AWARD:
            return _("%(months)s après le gain") % {"months": months}
        case ExpiryKind.PURCHASE:
            return _("%(months)s sans achat") % {"months": months}


def giftcards(rule: GiftCardRule) -> Iterator[Fact]:
    """Write what every gift card sold from now on is."""
    months = ngettext("%(n)s mois", "%(n)s mois", rule.months) % {"n": rule.months}
    yield _("Cartes cadeaux valables"), months if rule.months else _("sans limite")
    single = _("usage unique, TVA de %(rate)s à la vente de la carte")
    kind = single % {"rate": rate(rule.vat_bp)} if rule.single_purpose else _("usages multiples")
    yield _("TVA des cartes cadeaux"), kind


def term_words(term: Term, reward: Reward, names: Mapping[str, str]) -> str:
    """Write what a reward says of one term; empty: nothing."""
    number, text = reward.number(term.name), reward.text(term.name)
    match term.unit:
        case Unit.RATE:
            return rate(number) if number else ""
        case Unit.CENTS:
            return euros(number) if number else ""
        case Unit.POINTS:
            return points(number) if number else ""
        case Unit.COUNT:
            return figure(number) if number else ""
        case Unit.TEXT:
            return text
        case Unit.ARTICLE:
            return names.get(text, text) if text else _("tout article")


def lacking(short: Lack) -> str:
    """Write what a reward lacks, as on its badge."""
    n = short.missing
    match short.need:
        case Need.POINTS:
            return _("encore %(points)s") % {"points": points(n)}
        case Need.VISITS:
            return ngettext("encore %(n)s visite", "encore %(n)s visites", n) % {"n": figure(n)}
        case Need.STAMPS:
            return ngettext("encore %(n)s tampon", "encore %(n)s tampons", n) % {"n": figure(n)}
        case Need.MINIMUM:
            return _("encore %(money)s d’achat") % {"money": euros(n)}
        case need:
            closed = {
                Need.PURSE: _("cagnotte vide"),
                Need.ALONE: _("une seule remise"),
                Need.ARTICLE: _("pas l’article"),
                Need.MEMBER: _("après adhésion"),
                Need.WELCOME: _("première vente seulement"),
                Need.BIRTHDAY: _("à l’anniversaire"),
                Need.TIER: _("selon le statut"),
                Need.PRO: _("pour les pros"),
                Need.LIMIT: _("déjà utilisée"),
                Need.STOCK: _("épuisée"),
            }
            return closed.get(need, _("pas aujourd’hui"))


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _articles(programme: LoyaltyProgramme) -> Iterator[str]:
    """Ids of the categories and products that a version names."""
    yield from programme.not_earning[:MOST_NAMED]
    for reward in programme.rewards:
        for term in TYPES[reward.kind].terms if reward.kind in TYPES else ():
            if term.unit is Unit.ARTICLE and (key := reward.text(term.name)):
                yield key


def _rules(programme: LoyaltyProgramme, names: Mapping[str, str]) -> Iterator[Fact]:
    if programme.without:
        yield _("Sans les modules"), ", ".join(str(NAMES[Module(one)]) for one in programme.without)
    if programme.has(Module.LOYALTY):
        yield from _earning(programme, names)
    if programme.has(Module.GIFT_CARDS):
        yield from giftcards(programme.giftcards)
    for tier in programme.tiers:
        if tier.factor_bp != PLAIN:
            yield _("Statut %(tier)s") % {"tier": tier.name}, times(tier.factor_bp)


def _earning(programme: LoyaltyProgramme, names: Mapping[str, str]) -> Iterator[Fact]:
    yield _("Chaque pas"), step(programme.earn)
    yield _("Valeur d’un point"), euros(programme.point_value_cents)
    excluded = programme.not_earning
    without = sorted(names.get(one, one) for one in excluded[:MOST_NAMED])
    if n := len(excluded[MOST_NAMED:]):
        without.append(ngettext("et %(n)s autre", "et %(n)s autres", n) % {"n": figure(n)})
    yield _("Ne donnent pas de points"), ", ".join(without) or _("rien : tout en donne")
    for number, said in enumerate(programme.windows, 1):
        name = _("Heures doubles %(n)s") % {"n": number}
        yield name, f"{times(said.factor_bp)} · {window(said)}"
    yield _("Utilisables"), waits(programme.pending_days)
    yield _("Expirent"), expiry(programme.expiry)
    length = ngettext("%(n)s jour", "%(n)s jours", programme.birthday_days)
    birthday = length % {"n": programme.birthday_days}
    yield _("Anniversaire"), birthday if programme.birthday_days else _("pas de récompense")


def _reward(reward: Reward, names: Mapping[str, str]) -> Iterator[Fact]:
    kind, options = TYPES.get(reward.kind), reward.options
    yield _("Titre lu par le client"), reward.title
    if kind is None:
        yield _("Type"), reward.kind
        return
    yield _("Type"), _(kind.name)
    if kind.priced or options.free:
        yield _("Coût"), cost(reward)
    for term in kind.terms:
        if words := term_words(term, reward, names):
            yield _(term.label), words
    flags = {
        _("Bienvenue, première commande"): options.welcome,
        _("À l’anniversaire"): options.birthday,
        _("Réservée aux clients pro"): options.pro,
        _("Stock compté"): options.stock,
    }
    for name in (name for name, on in flags.items() if on):
        yield name, _("oui")
    if options.tiers:
        tiers = ", ".join(names.get(one, one) for one in options.tiers)
        yield _("Réservée aux statuts"), tiers
    if dates := days(options.from_day, options.until_day):
        yield _("Dates"), dates
    if options.per_customer:
        yield _("Par client, au plus"), figure(options.per_customer)
    if reward.not_in_shops:
        closed = ", ".join(sorted(names.get(shop, shop) for shop in reward.not_in_shops))
        yield _("Pas dans"), closed


def _clock(minute: int) -> str:
    hours, minutes = divmod(minute, 60)
    return f"{hours:02d}:{minutes:02d}"
