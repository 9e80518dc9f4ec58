# SPDX-License-Identifier: Apache-2.0
"""What a till says when something can't be done: the fact with its figures, and what is safe."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.console import rulebook
from hub.console.templatetags.console import euros, figure
from hub.console.till.entry import Nothing
from loyalty.account import Kind
from loyalty.conditions import Lack, Need
from loyalty.refusal import Reason, Refusal

_IN_CENTS: Final = (Kind.PURSE, Kind.GIFT)


def nothing(why: Nothing) -> str:
    """Why what was scanned or typed leads nowhere."""
    match why:
        case Nothing.WRONG_DIGIT:
            return _("Un chiffre n’est pas le bon : relisez la carte.")
        case Nothing.LOST:
            return _("Cette carte a été déclarée perdue : cherchez la personne par son nom.")
        case Nothing.GIFT_UNUSABLE:
            return _("Carte cadeau inconnue ou inutilisable.")
        case Nothing.TOO_MANY:
            return _("Trop de numéros de cartes cadeaux essayés : attendez une minute.")


def refused(refusal: Refusal) -> str:
    """Why the order can't be saved as it is."""
    facts = refusal.facts
    kind = Kind(str(facts["kind"])) if "kind" in facts else None
    match refusal.reason:
        case Reason.NOT_ENOUGH:
            words = {"needed": _amount(kind, facts["needed"]), "have": _amount(kind, facts["have"])}
            return _("Il faut %(needed)s, il y a %(have)s.") % words
        case Reason.NOT_HERE_NOW:
            words = {"amount": _amount(kind, facts["lacking"])}
            return (
                _("Une autre caisse garde %(amount)s : ce n’est pas utilisable ici maintenant.")
                % words
            )
        case Reason.MORE_THAN_TOTAL:
            return _("C’est plus que ce qui reste à payer.")
        case Reason.REWARD_CLOSED:
            need = Need(str(facts["need"]))
            short = Lack(need=need, missing=int(facts["missing"]))
            words = {"reward": str(facts["reward"]), "why": rulebook.lacking(short)}
            return _("« %(reward)s » ne peut pas servir : %(why)s.") % words
        case Reason.REWARD_UNKNOWN:
            return _("Une récompense n’est plus au programme.")
        case _:
            return _others(refusal.reason)


def _others(reason: Reason) -> str:
    match reason:
        case Reason.ONE_DISCOUNT:
            return _("Une seule remise par vente.")
        case Reason.TOTAL_MISSING:
            return _("Il manque le montant de la vente.")
        case Reason.NO_PROGRAMME:
            return _("Ce commerce n’a pas encore publié son programme.")
        case Reason.GIFT_UNKNOWN:
            return nothing(Nothing.GIFT_UNUSABLE)
        case Reason.TOO_MANY_LINES:
            return _("Il y a trop de lignes.")
        case Reason.ORDER_OPEN:
            return _("Une vente est en cours pour quelqu’un d’autre : enregistrez-la d’abord.")
        case Reason.ALREADY_REFUNDED:
            return _("Cette vente est déjà remboursée.")
        case Reason.SALE_ELSEWHERE:
            return _("Cette vente se rembourse à la caisse qui la garde.")
        case _:
            return _("Ce montant n’est pas possible.")


def _amount(kind: Kind | None, amount: str | int) -> str:
    count = int(amount)
    if kind in _IN_CENTS:
        return euros(count)
    match kind:
        case Kind.POINTS:
            return rulebook.points(count)
        case Kind.STAMPS:
            return rulebook.stamps(count)
        case Kind.VISITS:
            return ngettext("%(n)s visite", "%(n)s visites", count) % {"n": figure(count)}
        case _:
            return figure(count)
