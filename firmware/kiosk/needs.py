# SPDX-License-Identifier: Apache-2.0
"""What a reward lacks, in a few words: on its badge, and in the refusal of an order."""

from firmware.kiosk.ui import Ctx
from loyalty.conditions import Need


def needed(need: Need, missing: int, ctx: Ctx) -> str:
    """The words for one thing that is missing."""
    match need:
        case Need.POINTS:
            if ctx.large:
                return ctx.n("encore {n} pt", "encore {n} pts", missing)
            return ctx.n("encore {n} point", "encore {n} points", missing)
        case Need.VISITS:
            return ctx.n("encore {n} visite", "encore {n} visites", missing)
        case Need.STAMPS:
            return ctx.n("encore {n} tampon", "encore {n} tampons", missing)
        case Need.MINIMUM:
            return ctx.t("encore {money} d’achat", money=ctx.money(missing))
        case _:
            return _closed(need, ctx)


def _closed(need: Need, ctx: Ctx) -> str:
    match need:
        case Need.PURSE:
            return ctx.t("cagnotte vide")
        case Need.ALONE:
            return ctx.t("une seule remise")
        case Need.ARTICLE:
            return ctx.t("pas l’article")
        case Need.MEMBER:
            return ctx.t("après adhésion")
        case Need.WELCOME:
            return ctx.t("première vente")
        case Need.BIRTHDAY:
            return ctx.t("à l’anniversaire")
        case Need.TIER:
            return ctx.t("selon le statut")
        case Need.PRO:
            return ctx.t("pour les pros")
        case Need.LIMIT:
            return ctx.t("déjà utilisée")
        case Need.STOCK:
            return ctx.t("épuisée")
        case _:
            return ctx.t("pas aujourd’hui")
