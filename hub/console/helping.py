# SPDX-License-Identifier: Apache-2.0
"""Explain each section, once written: the first time it is opened, and on the help page."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

AGAIN: Final = "aide"
"""In an address: show the explanation, although it was closed before."""

_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "dashboard": (
        noted("Le jour en cours, heure par heure, à côté d’un jour habituel."),
        noted("« À traiter » ne montre que ce qui attend vraiment quelqu’un, et y mène."),
    ),
    "till": (
        noted("Ce que fait un terminal, dans le navigateur : la même vente, les mêmes règles."),
        noted("Scannez ou tapez dans la barre : une carte, un nom, un article, une carte cadeau."),
        noted("Une vente commencée attend ici un jour ; enregistrée, elle est aux transactions."),
    ),
    "shops": (
        noted("Une boutique est un lieu où l’on vend : son adresse est sur les tickets."),
        noted("Chaque terminal appartient à une boutique, et chaque vente à son terminal."),
    ),
    "staff": (
        noted("Qui sert en boutique : un nom, un code PIN ou un badge."),
        noted("Seul un responsable annule ou rembourse ; la caisse garde qui a fait quoi."),
    ),
    "customers": (
        noted("Les personnes qui ont une carte, avec leurs points et leur dernière visite."),
        noted("La recherche ignore les accents et trouve un nom, un téléphone ou une carte."),
        noted(
            "Deux fiches d’une même personne se réunissent, et se séparent si c’était une erreur."
        ),
        noted("Ce que chacun accepte de recevoir est gardé avec sa preuve."),
        noted(
            "Qui s’en va, ou ne vient plus pendant trois ans, est anonymisé ; ses ventes restent."
        ),
    ),
    "segments": (
        noted("Un segment décrit des clients : qui achète quoi, qui ne vient plus, qui fête quoi."),
        noted("Personne n’y est inscrit : qui remplit ses conditions y est, et en sort de même."),
        noted("Un achat remboursé en entier ne compte pas ; qui est anonymisé n’y est jamais."),
    ),
    "programmes": (
        noted("Comment on gagne des points, et ce qu’ils permettent : vos récompenses."),
        noted("Rien ne change aux caisses avant que vous ne publiiez."),
        noted("Ce qu’un ticket a dit reste vrai : une version vaut pour les ventes à venir."),
    ),
    "tiers": (
        noted("Bronze, argent, or : un statut se gagne par ce qu’un client achète ou gagne."),
        noted("Il est compté chaque nuit, et peut multiplier les points."),
    ),
    "catalogue": (
        noted("Ce que vendent les caisses : des rayons, et des articles si vous en voulez."),
        noted("Un article qui a son code-barres se vend en le scannant."),
        noted(
            "« Importer » lit un fichier de votre ancien logiciel, et montre d’abord ce qu’il change."
        ),
    ),
    "giftcards": (
        noted("Les cartes vendues ou offertes, ce qu’il en reste, et ce que vous devez encore."),
        noted("Une carte perdue se bloque ; son solde ne se perd pas."),
    ),
    "sales": (
        noted("Chaque vente et chaque carte cadeau, de toutes les caisses, dans l’ordre."),
        noted("Une caisse hors ligne garde ses ventes : elles arrivent ici à son retour."),
    ),
    "appointments": (
        noted("La semaine d’une boutique : qui vient, quand, et pour quoi."),
        noted("Les points d’une prestation s’ajoutent après le rendez-vous, d’eux-mêmes."),
    ),
    "points": (
        noted("Ce qui a été gagné, utilisé et perdu, par jour, par boutique ou par client."),
        noted("Chaque liste s’emporte en CSV ou en classeur, pour votre comptable."),
    ),
    "terminals": (
        noted("Vos caisses : laquelle est connectée, ce qu’elle attend d’envoyer."),
        noted("Une nouvelle s’enrôle avec un code, une seule fois, en quinze minutes."),
    ),
    "incidents": (
        noted("Ce qui ne devrait pas arriver, et qui est arrivé : une personne doit le voir."),
        noted("Rien n’est perdu : une écriture mise de côté attend votre décision."),
    ),
    "credits": (
        noted("Un SMS ou un e-mail à un client prend un crédit : voici ce qu’il en reste."),
        noted("Le livre garde chaque ligne, avec sa cause ; le solde est leur somme."),
    ),
    "merchants": (
        noted(
            "Tous les commerces de ce hub. « Entrer » ouvre le leur pour une heure, sans rien y changer."
        ),
    ),
    "accounts": (
        noted("Qui entre dans ce hub : exploitants, commerçants et leurs boutiques."),
        noted("Qui a perdu son téléphone rentre sans lui : la raison est gardée avec votre nom."),
    ),
    "terminals-all": (
        noted("Toutes les caisses de ce hub : d’abord celles qui ont besoin de quelqu’un."),
        noted("Une caisse silencieuse continue de vendre et envoie tout quand elle revient."),
        noted("« Ouvrir » entre chez son commerce, avec une raison qu’il pourra lire."),
    ),
    "jobs": (
        noted("Ce qui se fait tout seul, chaque minute ou chaque nuit, chez tous les commerces."),
        noted("Ce qui échoue chez l’un n’arrête ni les autres ni la suite, et est retenté."),
        noted("« Refaire » le redemande tout de suite ; rien n’est jamais fait deux fois."),
    ),
    "mails": (
        noted("Ce qui n’est pas encore parti, chez tous les commerces, et pourquoi."),
        noted("Le hub réessaie seul ce qu’un serveur refuse pour l’instant."),
        noted("L’adresse reste masquée, et ce que l’e-mail dit n’est pas montré."),
    ),
    "incidents-all": (noted("Ce qu’une personne doit voir, chez tous les commerces."),),
    "shelf-all": (
        noted("Les écritures que le hub n’a pas pu enregistrer seul, chez tous les commerces."),
    ),
    "deeds": (
        noted("Qui a fait quoi, et quand : vous, vos boutiques, et l’exploitant du hub chez vous."),
        noted("Rien ne s’y efface ni ne s’y corrige."),
    ),
    "deeds-all": (
        noted("Qui a fait quoi, et quand, chez tous les commerces et dans ce hub."),
        noted("Chaque commerce voit dans le sien ce qui le regarde, vos visites comprises."),
    ),
    "equation-all": (
        noted("Chaque jour, chez chacun : émis moins utilisé égale ce qui est dû. Sinon, ici."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What explains one section."""

    section: str
    paragraphs: list[str]
    due: bool
    """Its reader has not closed it yet, or asks for it again."""


def of_page(request: HttpRequest, section: str) -> Help | None:
    """Explain the section that a page belongs to, if it has an explanation."""
    if not (found := paragraphs(section)):
        return None
    closed = getattr(request.user, "explained", ())
    due = request.method == "GET" and (AGAIN in request.GET or section not in closed)
    return Help(section=section, paragraphs=found, due=due)


def paragraphs(section: str) -> list[str]:
    """Explain a section in some sentences; in none where nothing is written."""
    return [_(sentence) for sentence in _WORDS.get(section, ())]


def every() -> list[str]:
    """The sections that have an explanation."""
    return list(_WORDS)
