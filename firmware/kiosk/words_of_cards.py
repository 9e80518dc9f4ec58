# SPDX-License-Identifier: Apache-2.0
"""The sentences about cards, whose they are and what is on them."""

from typing import Final

from firmware.kiosk.said import Said, number
from firmware.kiosk.ui import Ctx
from loyalty.card import BadCode
from loyalty.refusal import Reason, Refusal

TO_CUSTOMERS: Final = frozenset(
    {Reason.CARD_UNKNOWN, Reason.CARD_BLOCKED, Reason.BAD_CODE, Reason.GIFT_ALONE}
)
"""What a customer alone at the screen is told in words of their own."""


def to_customer(refusal: Refusal, ctx: Ctx) -> Said:
    """What to say to a customer alone at the screen."""
    if refusal.reason is Reason.BAD_CODE:
        return Said(
            ctx.t("Carte mal lue"), ctx.t("Repassez la carte, bien à plat devant le lecteur.")
        )
    if refusal.reason is Reason.GIFT_ALONE:
        return Said(
            ctx.t("C’est une carte cadeau"),
            ctx.t("Donnez-la au comptoir au moment de payer."),
        )
    if refusal.reason is Reason.CARD_BLOCKED:
        return Said(
            ctx.t("Carte déclarée perdue"),
            ctx.t("Elle ne sert plus à personne. Demandez-en une autre au comptoir."),
        )
    if number(refusal, "unheard"):
        return Said(
            ctx.t("Carte inconnue ici"),
            ctx.t(
                "Sans le réseau, cette caisse n’en a peut-être pas encore entendu parler."
                " Demandez au comptoir, ou créez votre carte."
            ),
        )
    return Said(
        ctx.t("Carte inconnue ici"),
        ctx.t("Elle n’est pas encore à votre nom. Demandez au comptoir, ou créez votre carte."),
    )


def bad_code(refusal: Refusal, ctx: Ctx) -> Said:
    """Why a reading is no card."""
    title = ctx.t("Carte mal lue")
    match refusal.facts.get("why"):
        case BadCode.CHECK_DIGIT:
            sentence = ctx.t("Un chiffre n’est pas le bon. Repassez la carte, ou tapez son numéro.")
        case BadCode.TOO_LONG:
            title = ctx.t("Ce n’est pas une carte")
            sentence = ctx.t("Ce code est trop long. Présentez le code de la carte de fidélité.")
        case _:
            sentence = ctx.t("Repassez la carte, bien à plat devant le lecteur.")
    return Said(title, sentence, ctx.t("Ce numéro n’est pas celui d’une carte."))


def of_customer(refusal: Refusal, ctx: Ctx) -> Said:
    """Whose card it is, or who was looked for."""
    match refusal.reason:
        case Reason.CARD_UNKNOWN if number(refusal, "goods"):
            return Said(
                ctx.t("Article inconnu ici"),
                ctx.t(
                    "Ce code-barres n’est à aucun article du catalogue. Tapez son montant, ou"
                    " choisissez-le parmi les articles."
                ),
            )
        case Reason.CARD_UNKNOWN if number(refusal, "unheard"):
            return Said(
                ctx.t("Carte inconnue ici"),
                ctx.t(
                    "Sans le réseau, cette caisse n’en a peut-être pas encore entendu parler."
                    " Demandez si la carte a déjà servi avant de la donner."
                ),
            )
        case Reason.CARD_UNKNOWN:
            return Said(
                ctx.t("Carte inconnue ici"),
                ctx.t("Elle n’est à personne pour l’instant : on peut la donner à un client."),
            )
        case Reason.CARD_TAKEN:
            return Said(
                ctx.t("Cette carte est déjà à quelqu’un"),
                ctx.t("Prenez une autre carte, ou laissez le terminal donner un numéro."),
                ctx.t("Déjà prise par {whose} Une autre, s’il vous plaît.", whose=whose)
                if (whose := str(refusal.facts.get("whose", "")))
                else ctx.t("Déjà prise : une autre, s’il vous plaît."),
            )
        case Reason.CARD_BLOCKED:
            whose = str(refusal.facts.get("whose", ""))
            return Said(
                ctx.t("Carte déclarée perdue"),
                ctx.t(
                    "Elle était à {whose} Si cette personne est là, cherchez-la par son nom,"
                    " puis passez une autre carte.",
                    whose=whose,
                ),
            )
        case Reason.BAD_CONTACT:
            phone = refusal.facts.get("field") == "phone"
            return Said(
                ctx.t("Ce numéro n’est pas complet")
                if phone
                else ctx.t("Cette adresse n’est pas complète"),
                ctx.t("Corrigez-le, ou effacez-le pour passer.")
                if phone
                else ctx.t("Corrigez-la, par exemple nom@exemple.fr."),
            )
        case Reason.NOBODY_FOUND:
            return Said(
                ctx.t("Personne à ce nom"),
                ctx.t("Essayez un téléphone, un e-mail ou le numéro de la carte."),
            )
        case _:
            return Said(
                ctx.t("Il manque une réponse"),
                ctx.t("Tapez quelques lettres, puis continuez."),
                ctx.t("Cette réponse est nécessaire."),
            )


def of_gift(refusal: Refusal, ctx: Ctx) -> Said:
    """What is the matter with a gift card."""
    match refusal.reason:
        case Reason.GIFT_NEEDS_NETWORK:
            return Said(
                ctx.t("À vérifier avec le réseau"),
                ctx.t(
                    "Cette carte cadeau ne peut pas être vérifiée ici sans le réseau."
                    " Rien n’est perdu : elle servira dès qu’il revient."
                ),
                ctx.t("À vérifier au retour du réseau."),
            )
        case Reason.GIFT_ALONE:
            left = ctx.money(number(refusal, "cents"))
            return Said(
                ctx.t("C’est une carte cadeau"),
                ctx.t(
                    "Il y a {left} dessus. Ajoutez d’abord ce qui est acheté, puis repassez-la.",
                    left=left,
                ),
            )
        case Reason.GIFT_NUMBER_SHORT:
            least = number(refusal, "least")
            return Said(
                ctx.t("Ce numéro n’est pas complet"),
                ctx.t("Il faut au moins {least} signes. Relisez la carte.", least=least),
                ctx.t("Numéro incomplet ou mal tapé."),
            )
        case _:
            return Said(
                ctx.t("Carte cadeau inconnue ou inutilisable"),
                ctx.t("Relisez le numéro avec le client. La vente est gardée telle quelle."),
                ctx.t("Inconnue, ou plus rien dessus."),
            )
