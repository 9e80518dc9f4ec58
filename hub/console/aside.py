# SPDX-License-Identifier: Apache-2.0
"""Put a shelved entry into plain words: what it is, why it is here, what is at stake."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.console.story import title_of
from hub.console.templatetags.console import euros, figure, signed, signed_euros
from hub.console.tills import till_name, tills_of
from hub.console.traces import IN_CENTS, UNITS
from hub.ledger.models import Customer, JournalEntry, Why
from hub.ledger.shelf import Obstacle, Shelved
from hub.merchants.models import Terminal
from loyalty.account import Kind
from loyalty.entry import (
    CalledIn,
    Entry,
    GiftSold,
    Opened,
    Refunded,
    Released,
    Sold,
    customer_of,
)

WHYS = {
    Why.UNREADABLE: (
        gettext_lazy("illisible"),
        gettext_lazy(
            "Ses octets ne forment pas une écriture. La carte mémoire ou le fichier de la caisse"
            " est sans doute abîmé : voyez si d’autres écritures de cette caisse sont ici."
        ),
    ),
    Why.PLACE: (
        gettext_lazy("numéro d’ordre incohérent"),
        gettext_lazy(
            "Elle dit un autre numéro que la place où elle est arrivée. Le fichier de la caisse a"
            " été touché par autre chose qu’elle."
        ),
    ),
    Why.ABSURD: (
        gettext_lazy("montants impossibles"),
        gettext_lazy(
            "Aucune caisse ne peut avoir décidé cela : un montant négatif, un compte qui n’est à"
            " personne. Le programme de la caisse est fautif, ou ce n’est pas elle qui écrit."
        ),
    ),
    Why.REPEATED: (
        gettext_lazy("déjà reçue ailleurs"),
        gettext_lazy(
            "La même écriture est déjà enregistrée à une autre place : la caisse est repartie"
            " d’une copie de son fichier. Elle ne compte qu’une fois."
        ),
    ),
    Why.ALTERED: (
        gettext_lazy("déjà reçue avec un autre contenu"),
        gettext_lazy(
            "Une autre écriture porte le même identifiant et est enregistrée. Comparez les deux :"
            " si ce sont deux ventes, enregistrez aussi celle-ci."
        ),
    ),
    Why.FORK: (
        gettext_lazy("autre suite du même journal"),
        gettext_lazy(
            "Sous le même numéro, le hub a une autre écriture : deux programmes ont écrit sur des"
            " copies d’un même fichier. Enregistrez celles qui sont de vraies ventes."
        ),
    ),
    Why.POISON: (
        gettext_lazy("impossible à traiter"),
        gettext_lazy(
            "Le hub a essayé plusieurs fois de l’enregistrer et s’est arrêté à chaque fois."
            " Mettez-le à jour avant de réessayer."
        ),
    ),
}
_OTHER = (
    gettext_lazy("mise de côté"),
    gettext_lazy("Le hub ne peut pas l’enregistrer seul."),
)

OBSTACLES = {
    Obstacle.UNREADABLE: gettext_lazy(
        "Elle ne se lit pas. Avec le ticket du client, vous pouvez la corriger : tapez ce qu’il dit."
    ),
    Obstacle.UNKNOWN: gettext_lazy(
        "Ce hub ne connaît pas ce type d’écriture. Mettez-le à jour d’abord."
    ),
    Obstacle.ABSURD: gettext_lazy("Ses montants sont impossibles : corrigez-la, ou refusez-la."),
    Obstacle.COUNTED: gettext_lazy(
        "Elle est déjà comptée : l’enregistrer la compterait deux fois. Vous pouvez la refuser."
    ),
    Obstacle.EMPTY: gettext_lazy(
        "Elle ne touche aucun compte : la caisse y parle d’elle-même. Vous pouvez la refuser."
    ),
    Obstacle.SHORT: gettext_lazy(
        "Elle prend plus que ce qui est libre sur le compte : une autre caisse a peut-être le droit"
        " de le dépenser. Attendez qu’elle le rende, ou corrigez ce qui est utilisé."
    ),
}


_NOT_CORRECTABLE = (Obstacle.UNKNOWN, Obstacle.COUNTED, Obstacle.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A shelved entry as a page shows it."""

    row: JournalEntry
    what: str
    why: str
    explained: str
    till: str
    customer: Customer | None
    sold: str
    """What was paid or loaded; empty where nothing was, or it can't be read."""
    stake: list[str]
    """What it would have moved, a line each."""
    readable: bool
    obstacle: str
    """Why it can't be posted as it is; empty: it can."""
    correctable: bool


def asides(found: Sequence[Shelved]) -> list[Aside]:
    """Word some, of whatever merchants."""
    tills = {merchant.pk: tills_of(merchant) for merchant in {one.row.merchant for one in found}}
    owners = {owner for one in found if (owner := _owner(one))}
    known = {
        (person.merchant_id, person.uuid): person
        for person in Customer.objects.filter(merchant__in=tills, uuid__in=owners)
    }
    return [
        _aside(one, tills[one.row.merchant_id], known.get((one.row.merchant_id, _owner(one))))
        for one in found
    ]


def aside(shelved: Shelved) -> Aside:
    """Word one."""
    return asides([shelved])[0]


def _owner(shelved: Shelved) -> str:
    return (shelved.entry and customer_of(shelved.entry.facts)) or ""


def _aside(shelved: Shelved, tills: list[Terminal], customer: Customer | None) -> Aside:
    row, entry = shelved.row, shelved.entry
    why, sentence = WHYS.get(Why(row.why), _OTHER) if row.why in Why.values else _OTHER
    return Aside(
        row=row,
        what=_what(entry),
        why=str(why),
        explained=str(sentence),
        till=till_name(row.terminal, tills) if row.terminal else "",
        customer=customer,
        sold=euros(shelved.cents) if shelved.cents is not None else "",
        stake=[_staked(kind, amount) for kind, amount in shelved.stake.items()],
        readable=entry is not None,
        obstacle=obstacle_words(shelved.obstacle) if shelved.obstacle else "",
        correctable=shelved.obstacle not in _NOT_CORRECTABLE
        and not (entry and isinstance(entry.facts, Refunded)),
    )


def obstacle_words(obstacle: Obstacle) -> str:
    """Why an entry can't be posted as it is, and what can be done instead."""
    return str(OBSTACLES[obstacle])


def why_choices() -> list[tuple[str, str]]:
    """Each reason, for a filter."""
    return [(why.value, str(words)) for why, (words, _sentence) in WHYS.items()]


def _what(entry: Entry | None) -> str:
    if entry is None:
        return _("Écriture illisible")
    match entry.facts:
        case Sold(receipt=receipt) | GiftSold(receipt=receipt) if receipt:
            return f"{title_of(entry.facts)} {receipt}"
        case Refunded(receipt=receipt):
            return _("Retour %(receipt)s") % {"receipt": receipt}
        case Opened() | CalledIn():
            return _("Démarrage de la caisse")
        case Released():
            return _("Droits rendus par la caisse")
        case facts:
            return title_of(facts)


def _staked(kind: Kind, amount: int) -> str:
    words = str(UNITS.get(kind.value, kind.value))
    if kind in IN_CENTS:
        return f"{signed_euros(amount)} {words}"
    return f"{signed(amount)} {words}" if abs(amount) != 1 else f"{figure(amount)} {words}"
