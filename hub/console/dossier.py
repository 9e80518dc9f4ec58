# SPDX-License-Identifier: Apache-2.0
"""Everything that is known of one customer, in words, for the customer who asks for it (SPEC M4)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hub.console.story import lines_of
from hub.console.templatetags.console import birthday, euros
from hub.ledger import consenting, groups, history
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Customer


def dossier(customer: Customer) -> dict[str, Any]:
    """Who they are, their cards, what they have and what happened, newest first.

    Times are written on the reader's clock; who was merged is told as one person.
    """
    held = history.balances(customer)
    rows = list(history.entries(customer))
    return {
        _("Commerçant"): customer.merchant.name,
        _("Écrit le"): _at(timezone.now()),
        _("Identité"): [_identity(one) for one in _ones(customer)],
        _("Cartes"): [
            {_("Numéro"): card.code, _("Bloquée le"): _at(card.blocked_at)}
            for card in history.cards(customer)
        ],
        _("Consentements"): [
            {
                _("Date"): _at(one.at),
                _("Canal"): one.get_channel_display(),
                _("Réponse"): one.given,
                _("Avant"): one.before,
                _("Phrase"): one.sentence,
                _("Version"): one.version,
                _("Comment"): one.said,
                _("Où"): one.get_surface_display(),
            }
            for one in consenting.proofs(customer)
        ],
        _("Soldes"): {
            _("Points"): held.points,
            _("Points à rattraper"): held.owed_points,
            _("Cagnotte"): euros(held.purse_cents),
            _("Reporté"): euros(held.carry_cents),
            _("Visites"): held.visits,
        },
        _("Histoire"): [
            {
                _("Date"): _at(line.row.at),
                _("Quoi"): line.what,
                _("Ticket"): line.row.receipt,
                _("Pourquoi"): line.why,
                _("Où"): line.till,
                _("Par"): line.staff,
                _("Points"): line.points,
                _("Solde"): line.balance,
            }
            for line in lines_of(history.told(customer, rows), customer.merchant)
        ],
        _("Cartes cadeaux achetées"): [
            {
                _("Numéro"): str(card),
                _("Montant"): euros(card.cents),
                _("Date"): _at(card.sold_at),
                _("Bénéficiaire"): card.recipient,
                _("E-mail du bénéficiaire"): card.email,
                _("Message"): card.message,
            }
            for card in _gift_cards(customer)
        ],
    }


def _ones(customer: Customer) -> list[Customer]:
    uuids = groups.ones(customer.merchant_id, customer.uuid)
    found = Customer.objects.filter(merchant=customer.merchant, uuid__in=uuids)
    return list(found.select_related("joined_shop", "seen_shop").order_by("pk"))


def _identity(one: Customer) -> dict[str, Any]:
    return {
        _("Prénom"): one.first_name,
        _("Nom"): one.last_name or one.initial,
        _("Téléphone"): one.phone,
        _("E-mail"): one.email,
        _("Anniversaire"): birthday(one.birthday) if one.birthday else "",
        _("Année de naissance"): one.birth_year,
        _("Genre"): one.get_gender_display(),
        _("Code postal"): one.postcode,
        _("Professionnel"): one.pro,
        _("Groupe"): one.segment,
        _("Adhésion au programme de fidélité"): one.member,
        _("Inscrit"): _at(one.joined_at),
        _("Boutique"): one.joined_shop.name if one.joined_shop else "",
        _("Dernière visite"): _at(one.seen_at),
    }


def _gift_cards(customer: Customer) -> list[GiftCard]:
    uuids = groups.ones(customer.merchant_id, customer.uuid)
    found = GiftCard.objects.filter(merchant=customer.merchant, customer__in=uuids)
    return list(found.order_by("-sold_at", "-pk"))


def _at(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
