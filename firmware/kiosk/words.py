# SPDX-License-Identifier: Apache-2.0
"""The sentence of each refusal: what is safe, what is missing, what to do (LOOK 1.6)."""

from datetime import datetime, timedelta
from typing import Final

from firmware.kiosk.needs import needed
from firmware.kiosk.receipt import owed_words
from firmware.kiosk.said import Said, number
from firmware.kiosk.ui import Ctx
from firmware.kiosk.words_of_cards import TO_CUSTOMERS, bad_code, of_customer, of_gift, to_customer
from loyalty.account import Kind
from loyalty.conditions import Need
from loyalty.refusal import Reason, Refusal


def said(refusal: Refusal, ctx: Ctx, *, staff: bool = True) -> Said:
    """What to say to staff, or to a customer alone at the screen."""
    if not staff and refusal.reason in TO_CUSTOMERS:
        return to_customer(refusal, ctx)
    match refusal.reason:
        case Reason.NOT_ENOUGH | Reason.NOT_HERE_NOW | Reason.MORE_THAN_TOTAL:
            return _short_of(refusal, ctx)
        case Reason.REWARD_CLOSED:
            need = Need(str(refusal.facts.get("need", Need.DAY)))
            return Said(
                ctx.t(
                    "Pas pour cette vente : {why}",
                    why=needed(need, number(refusal, "missing"), ctx),
                ),
                ctx.t(
                    "Retirez « {reward} », puis enregistrez.",
                    reward=refusal.facts.get("reward", ""),
                ),
            )
        case Reason.BAD_CODE:
            return bad_code(refusal, ctx)
        case (
            Reason.GIFT_UNKNOWN
            | Reason.GIFT_NEEDS_NETWORK
            | Reason.GIFT_ALONE
            | Reason.GIFT_NUMBER_SHORT
        ):
            return of_gift(refusal, ctx)
        case (
            Reason.WRONG_PIN
            | Reason.PIN_PAUSED
            | Reason.NO_PROGRAMME
            | Reason.NO_CARD_NUMBERS
            | Reason.SALE_ARCHIVED
            | Reason.TOO_MUCH_UNHEARD
        ):
            return _terminal(refusal, ctx)
        case Reason.SALE_ELSEWHERE | Reason.ALREADY_REFUNDED | Reason.NO_MANAGER:
            return _refund(refusal, ctx)
        case (
            Reason.CARD_UNKNOWN
            | Reason.CARD_TAKEN
            | Reason.CARD_BLOCKED
            | Reason.BAD_CONTACT
            | Reason.NOBODY_FOUND
            | Reason.FIELD_MISSING
        ):
            return of_customer(refusal, ctx)
        case _:
            return _order(refusal, ctx)


ONCE: Final = frozenset({Kind.WELCOME, Kind.BIRTHDAY, Kind.LIMIT, Kind.STOCK})
"""What stands behind a reward that is given once: it is here or not, no part of it is."""


def amount_of(kind: str, amount: int, ctx: Ctx) -> str:
    """So much of an account, in its unit."""
    if kind in {Kind.PURSE, Kind.GIFT, Kind.CARRY, Kind.REST}:
        return ctx.money(amount)
    match kind:
        case Kind.VISITS:
            return ctx.n("{n} visite", "{n} visites", amount)
        case Kind.STAMPS:
            return ctx.n("{n} tampon", "{n} tampons", amount)
        case _:
            return ctx.n("{n} point", "{n} points", amount)


def balance_words(points: int, ctx: Ctx) -> str:
    """The points of a card; below 0 it is what later earnings pay first."""
    if points < 0:
        return owed_words(-points, ctx.speech)
    return ctx.n("{n} point", "{n} points", points)


def _short_of(refusal: Refusal, ctx: Ctx) -> Said:
    if refusal.reason is Reason.MORE_THAN_TOTAL:
        most = ctx.money(number(refusal, "most"))
        return Said(
            ctx.t("{most} au plus", most=most),
            ctx.t("On ne peut pas déduire plus que ce qui reste à payer : {most}.", most=most),
            ctx.t("{most} au plus.", most=most),
        )
    kind = str(refusal.facts.get("kind", Kind.POINTS))
    needed, have = number(refusal, "needed"), number(refusal, "have")
    if refusal.reason is Reason.NOT_ENOUGH:
        missing = amount_of(kind, max(0, needed - have), ctx)
        has = amount_of(kind, have, ctx)
        return Said(
            ctx.t("Il manque {missing}", missing=missing),
            ctx.t("Il y a {has} en ce moment. La vente est gardée telle quelle.", has=has),
        )
    if kind in ONCE:
        return _once(refusal, ctx)
    if kind != Kind.POINTS:
        money = kind in {Kind.PURSE, Kind.GIFT}
        here = ctx.money(have) if money else ctx.number(have)
        all_of = amount_of(kind, needed, ctx)
        title = ctx.t("{here} sur {all} utilisables ici maintenant", here=here, all=all_of)
    else:
        here, all_of = ctx.number(have), ctx.number(needed)
        title = ctx.n(
            "{n} point sur {all} utilisable ici maintenant",
            "{n} points sur {all} utilisables ici maintenant",
            have,
            all=all_of,
        )
    return Said(title, _kept(refusal, ctx))


def _once(refusal: Refusal, ctx: Ctx) -> Said:
    if number(refusal, "offline"):
        return Said(
            ctx.t("Cette récompense attend le réseau"),
            ctx.t(
                "Elle ne se donne qu’une fois : sans réseau, cette caisse ne peut pas savoir si"
                " une autre l’a déjà donnée."
            ),
        )
    return Said(
        ctx.t("Cette récompense est gardée ailleurs"),
        ctx.t("Une autre caisse la garde. Réessayez dans un instant."),
    )


_LONGEST_SHOP: Final = 24
"""Characters of a shop's name that a sentence in large letters has room for."""
_NEWS: Final = timedelta(minutes=1)
"""What the hub said longer ago than this is told as past, with its time."""


def _kept(refusal: Refusal, ctx: Ctx) -> str:
    """Who has the rest, as far as it is known here (SPEC T5)."""
    shop = str(refusal.facts.get("shop", ""))
    if not shop:
        if number(refusal, "offline"):
            return ctx.t("Le reste est gardé ailleurs ; il revient avec le réseau.")
        return ctx.t("Le reste est gardé ailleurs. Réessayez dans un instant.")
    heard, said_at, now = (
        datetime.fromisoformat(str(refusal.facts[fact])) for fact in ("heard", "said", "now")
    )
    if len(shop) > _LONGEST_SHOP:
        shop = f"{shop[: _LONGEST_SHOP - 1].rstrip(' ,')}…"
    if others := number(refusal, "tills") - 1:
        shop = ctx.n("{shop} (et {n} autre)", "{shop} (et {n} autres)", others, shop=shop)
    seen = _moment(heard, now, ctx)
    if now - said_at < _NEWS:
        return ctx.t(
            "Le reste est gardé par la caisse de {shop}, vue {seen}.", shop=shop, seen=seen
        )
    when = _moment(said_at, now, ctx)
    return ctx.t(
        "Le reste était {when} à la caisse de {shop}, vue {seen}.", when=when, shop=shop, seen=seen
    )


def _moment(at: datetime, now: datetime, ctx: Ctx) -> str:
    """The time of day, with its day unless it is today's."""
    if at.date() == now.date():
        return ctx.t("à {time}", time=ctx.clock(at))
    return ctx.t("le {day} à {time}", day=ctx.day(at.date(), short=True), time=ctx.clock(at))


def _terminal(refusal: Refusal, ctx: Ctx) -> Said:
    match refusal.reason:
        case Reason.WRONG_PIN:
            return Said(ctx.t("Ce n’est pas le bon code"), ctx.t("Recommencez doucement."))
        case Reason.PIN_PAUSED:
            return Said(ctx.t("Trop d’essais"), ctx.t("Attendez un instant, puis recommencez."))
        case Reason.TOO_MUCH_UNHEARD:
            most = ctx.money(number(refusal, "most"))
            return Said(
                ctx.t("Trop de récompenses attendent le réseau"),
                ctx.t(
                    "Sans réseau, cette caisse en donne pour {most} au plus, et y est presque."
                    " Rien n’est perdu : enregistrez sans récompense, ou rétablissez le réseau.",
                    most=most,
                ),
            )
        case Reason.SALE_ARCHIVED:
            return Said(
                ctx.t("Cette vente n’est plus dans le terminal"),
                ctx.t(
                    "Il garde le détail d’un mois environ, et le redemande avec le réseau."
                    " Il est aussi dans votre espace Comptoir sur le web."
                ),
            )
        case Reason.NO_CARD_NUMBERS:
            return Said(
                ctx.t("Plus de numéros de carte"),
                ctx.t(
                    "Donnez une carte de la boutique au client, ou attendez le réseau :"
                    " d’autres numéros arrivent."
                ),
            )
        case _:
            return Said(
                ctx.t("Pas encore de programme"),
                ctx.t("La boutique n’a pas publié ses règles. Branchez le terminal au réseau."),
            )


def _refund(refusal: Refusal, ctx: Ctx) -> Said:
    match refusal.reason:
        case Reason.ALREADY_REFUNDED:
            return Said(
                ctx.t("Cette vente est déjà remboursée"),
                ctx.t("Il n’en reste rien. Le détail est dans la liste des ventes."),
            )
        case Reason.NO_MANAGER:
            return Said(
                ctx.t("Il faut un responsable"),
                ctx.t("Personne ne l’est à cette caisse pour l’instant. Voyez avec le gérant."),
            )
        case _ if number(refusal, "offline"):
            return Said(
                ctx.t("À rembourser avec le réseau"),
                ctx.t(
                    "Sans réseau, seule la caisse qui garde cette vente la rembourse, pour que"
                    " personne ne le fasse deux fois. Rien n’est perdu."
                ),
            )
        case _:
            return Said(
                ctx.t("Cette vente est gardée ailleurs"),
                ctx.t(
                    "Une autre caisse l’a déjà remboursée, ou la garde et ne répond pas."
                    " Rien n’est perdu : remboursez là-bas, ou réessayez."
                ),
            )


def _order(refusal: Refusal, ctx: Ctx) -> Said:
    match refusal.reason:
        case Reason.ORDER_OPEN:
            name = refusal.facts.get("name", "")
            return Said(
                ctx.t("Une vente est en cours"),
                ctx.t("Enregistrez-la ou abandonnez-la avant de servir {name}.", name=name),
            )
        case Reason.TOTAL_MISSING:
            return Said(
                ctx.t("Il manque le montant"),
                ctx.t("Ajoutez au moins une ligne : le total est demandé pour chaque vente."),
                ctx.t("Tapez d’abord le montant."),
            )
        case Reason.ABSURD_AMOUNT:
            most = ctx.money(number(refusal, "most"))
            return Said(
                ctx.t("Ce montant semble une erreur"),
                ctx.t("Retapez-le : une vente va jusqu’à {most}.", most=most),
                ctx.t("Montant impossible : retapez-le."),
            )
        case Reason.TOO_MANY_LINES:
            most = ctx.number(number(refusal, "most"))
            return Said(
                ctx.t("Cette vente est pleine"),
                ctx.t("Elle a déjà {most} lignes. Enregistrez-la et continuez.", most=most),
            )
        case Reason.ONE_DISCOUNT:
            return Said(
                ctx.t("Une seule remise par vente"),
                ctx.t("Retirez la remise qui est dans la vente pour prendre celle-ci."),
            )
        case _:
            return Said(
                ctx.t("Cette récompense n’est plus proposée"),
                ctx.t("Retirez-la de la vente et continuez. Ses points restent au client."),
            )
