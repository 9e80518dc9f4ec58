# SPDX-License-Identifier: Apache-2.0
"""Say why the till can't serve, what is safe, and what to do."""

from firmware.kiosk.parts import MARGIN, Variant, button, chip, foot, offline_chip
from firmware.kiosk.scale import Role
from firmware.kiosk.theme import Tone
from firmware.kiosk.ui import Ctx, Pad, Space, Text, Widget, column, row, screen, spring
from firmware.till.outcome import Broken, OutOfOrder
from firmware.till.tap import Retry

EXAMPLES = {
    "not-ready": OutOfOrder(broken=Broken.NOT_READY, offline=True),
    "disk-full": OutOfOrder(broken=Broken.DISK_FULL, waiting=12),
    "busy": OutOfOrder(broken=Broken.BUSY, waiting=3),
    "store": OutOfOrder(broken=Broken.STORE, waiting=1),
    "leaving": OutOfOrder(broken=Broken.LEAVING, waiting=34),
    "left": OutOfOrder(broken=Broken.LEFT, offline=True),
    "bug": OutOfOrder(broken=Broken.BUG, waiting=1250, offline=True),
}


@screen(shows=OutOfOrder, examples=EXAMPLES)
def out_of_order(seen: OutOfOrder, ctx: Ctx) -> Widget:
    title, sentence = _words(seen.broken, ctx)
    calm = seen.broken in (Broken.NOT_READY, Broken.LEAVING, Broken.LEFT)
    over = seen.broken is Broken.LEFT
    kept = (
        chip(
            ctx.n("{n} vente gardée ici", "{n} ventes gardées ici", seen.waiting),
            icon="receipt",
            fill=Tone.TINT,
        )
        if seen.waiting
        else None
    )
    facts = [
        fact for fact in (kept, offline_chip(ctx) if seen.offline and not over else None) if fact
    ]
    return column(
        column(
            Text(
                title,
                Role.TITLE,
                tone=Tone.INK if calm else Tone.STOP,
                lines=3,
                balance=True,
            ),
            Space(16),
            Text(sentence, lines=7, leading=1.25),
            Space(20),
            column(*(row(fact) for fact in facts), gap=12) if facts else None,
            spring(),
            pad=Pad(MARGIN, MARGIN, 16, MARGIN),
            grow=1,
        ),
        foot(ctx, button(ctx.t("Réessayer"), Retry(), icon="retry", variant=Variant.GO)),
    )


def _words(broken: Broken, ctx: Ctx) -> tuple[str, str]:
    match broken:
        case Broken.NOT_READY:
            return ctx.t("Ce terminal se prépare"), ctx.t(
                "Il attend les règles de la boutique. Branchez-le au réseau :"
                " il s’ouvre tout seul dès qu’elles arrivent."
            )
        case Broken.DISK_FULL:
            return ctx.t("La mémoire est pleine"), ctx.t(
                "Ce qui est enregistré est en sécurité, rien de nouveau ne peut l’être."
                " Branchez le terminal au réseau et appelez l’assistance."
                " Les points des cartes se consultent toujours."
            )
        case Broken.BUSY:
            return ctx.t("La mémoire est occupée"), ctx.t(
                "Un autre programme la retient : rien n’est perdu, et rien n’a été enregistré."
                " Touchez Réessayer ; si cela continue, éteignez le terminal dix secondes,"
                " puis rallumez-le."
            )
        case Broken.STORE:
            return ctx.t("La caisse ne peut plus enregistrer"), ctx.t(
                "Elle redémarre d’elle-même et vérifie tout : attendez une minute."
                " Si cela continue, appelez l’assistance et vendez sans carte."
            )
        case Broken.LEAVING:
            return ctx.t("Cette caisse sort de service"), ctx.t(
                "Elle ne vend plus. Elle rend ce qu’elle tenait et envoie tout ce qu’elle a noté"
                " : laissez-la allumée et branchée au réseau, cela prend peu de temps."
            )
        case Broken.LEFT:
            return ctx.t("Cette caisse est sortie de service"), ctx.t(
                "Tout est envoyé, rien n’a été perdu : vous pouvez l’éteindre."
                " Pour vendre de nouveau avec elle, inscrivez-la à nouveau sur le site."
            )
        case Broken.BUG:
            return ctx.t("La caisse s’est arrêtée un instant"), ctx.t(
                "Ce qui était enregistré l’est toujours."
                " Touchez Réessayer ; si cela continue, appelez l’assistance."
            )
