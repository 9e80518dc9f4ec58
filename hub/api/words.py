# SPDX-License-Identifier: Apache-2.0
"""The sentences of the interface for other programs, for the people who read its answers."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loyalty.refusal import Reason

NOT_THERE: Final = frozenset({Reason.GIFT_UNKNOWN})
"""Refusals that speak of something which is not there, rather than of how things stand."""

_SENTENCES: Final[dict[str, str | Promise]] = {
    "no_token": _("Il faut un jeton : « Authorization: Bearer … »."),
    "bad_token": _("Ce jeton est inconnu ou révoqué."),
    "forbidden": _("Ce jeton n’a pas ce droit."),
    "not_found": _("Introuvable."),
    "unknown_shop": _("Cette boutique n’existe pas ici."),
    "unknown_customer": _("Ce client n’existe pas ici."),
    "unknown_service": _("Cette prestation n’existe pas ici."),
    "invalid": _("La demande contient une erreur : voyez « errors »."),
    "unreadable": _("La demande est illisible."),
    "too_many": _("Trop de demandes : attendez un peu."),
    "key_reused": _("Cette clé a déjà servi à une autre demande."),
    "forgotten": _("Cette réponse n’est plus gardée."),
    "settled": _("Ce rendez-vous est passé, annulé ou manqué : il ne change plus."),
    "too_long_ago": _("Une vente si ancienne, ou à venir, ne s’enregistre plus ainsi."),
    Reason.NO_PROGRAMME: _("Ce commerce n’a pas encore publié son programme."),
    Reason.BAD_CODE: _("Ce numéro de carte est faux."),
    Reason.CARD_TAKEN: _("Cette carte est déjà à quelqu’un."),
    Reason.BAD_CONTACT: _("Ce téléphone ou cet e-mail n’en est pas un."),
    Reason.TOTAL_MISSING: _("Il manque le montant de la vente."),
    Reason.ABSURD_AMOUNT: _("Ce montant n’est pas possible."),
    Reason.TOO_MANY_LINES: _("Il y a trop de lignes."),
    Reason.REWARD_UNKNOWN: _("Cette récompense n’existe pas ici."),
    Reason.REWARD_CLOSED: _("Cette récompense ne peut pas servir maintenant."),
    Reason.ONE_DISCOUNT: _("Une seule remise par vente."),
    Reason.MORE_THAN_TOTAL: _("C’est plus que ce qui reste à payer."),
    Reason.NOT_ENOUGH: _("Il n’y en a pas assez."),
    Reason.NOT_HERE_NOW: _("Une caisse en garde une partie : ce n’est pas libre maintenant."),
    Reason.ALREADY_REFUNDED: _("Cette vente est déjà remboursée."),
    Reason.SALE_ELSEWHERE: _("Cette vente se rembourse à la caisse qui la garde."),
    Reason.GIFT_UNKNOWN: _("Carte cadeau inconnue ou inutilisable."),
}

_FIELDS: Final[dict[str, str | Promise]] = {
    "missing": _("Ce champ manque."),
    "extra_forbidden": _("Ce champ n’existe pas."),
    "json_invalid": _("Ce n’est pas du JSON."),
    "string_too_short": _("C’est trop court."),
    "string_too_long": _("C’est trop long."),
    "string_pattern_mismatch": _("Cette forme n’est pas la bonne."),
    "greater_than_equal": _("C’est trop petit."),
    "less_than_equal": _("C’est trop grand."),
    "too_short": _("Il en faut au moins un."),
    "too_long": _("Il y en a trop."),
}


def sentence(reason: str) -> str:
    """Why something was not done."""
    return str(_SENTENCES[reason])


def of_field(kind: str) -> str:
    """Why a field can't be as it was sent."""
    return str(_FIELDS.get(kind, _("Cette valeur ne convient pas.")))
