# SPDX-License-Identifier: Apache-2.0
"""Put the ledger's entries into a shop's words: what happened, where, by whom, under which rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.console.templatetags.console import euros, figure, signed, signed_euros
from hub.console.tills import till_name, tills_of
from hub.ledger.counting import IN_LIST
from hub.ledger.history import Told
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.statements.points import Moved
from hub.merchants.models import Merchant, Terminal
from loyalty.account import Kind
from loyalty.basket import Applied
from loyalty.card import mask
from loyalty.entry import (
    Adjusted,
    CardsChanged,
    CarryConverted,
    Cause,
    Facts,
    GiftSold,
    Joined,
    Matured,
    OptedIn,
    OwedPaid,
    Refunded,
    Settled,
    Sold,
    Visited,
)
from loyalty.programme import EarnRule
from loyalty.refund import RefundReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry as a row of somebody's story."""

    row: JournalEntry
    what: str
    why: str
    """The rest of the cause: reward used, rule, receipt."""
    till: str
    staff: str
    rules: str
    moves: tuple[str, ...]
    """Beside points: purse, carry, visits."""
    points: str
    balance: int
    linked: bool
    """Whether it has a page of its own among the transactions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One movement of points as a row of the points report."""

    row: JournalEntry
    customer: Customer | None
    points: int
    what: str
    why: str
    rules: str
    till: str
    staff: str
    linked: bool
    """Whether its entry has a page of its own among the transactions."""


def lines_of(told: Sequence[Told], merchant: Merchant) -> list[Line]:
    """Word a page of a customer's history."""
    tills = tills_of(merchant)
    return [_line(one, tills) for one in told]


def moves_of(moved: Sequence[Moved], merchant: Merchant) -> list[Move]:
    """Word some movements of points."""
    tills = tills_of(merchant)
    return [_move(one, tills) for one in moved]


def title_of(facts: Facts | None) -> str:
    """Name what happened."""
    match facts:
        case Sold():
            return _("Vente")
        case GiftSold():
            return _("Carte cadeau vendue")
        case Visited():
            return _("Visite")
        case Joined():
            return _("Inscription")
        case CardsChanged(code=""):
            return _("Carte bloquée") if facts.lost else _("Carte débloquée")
        case CardsChanged():
            return _("Carte donnée")
        case OptedIn():
            return _("Adhésion au programme")
        case CarryConverted():
            return _("Reports devenus points")
        case Matured():
            return _("Points devenus utilisables")
        case Refunded(reason=RefundReason.VOID):
            return _("Annulation")
        case Refunded():
            return _("Remboursement")
        case OwedPaid():
            return _("Rattrapage")
        case Adjusted(cause=cause):
            return _titles().get(cause, _("Écriture"))
        case Settled():
            return _("Comptes remis à jour")
    return _("Écriture")


def used(applied: Applied) -> str:
    """Say a reward that was used."""
    match applied.kind:
        case "cashback":
            return _("%(title)s : cagnotte utilisée") % {"title": applied.title}
        case "gift":
            return _("%(title)s offert") % {"title": applied.title}
    return applied.title


def points_cost(applied: Applied) -> str:
    """Say what a reward cost."""
    return ngettext("%(n)s point", "%(n)s points", applied.points) % {"n": figure(applied.points)}


def reason_of(refund: Refunded) -> str:
    """Why a sale was paid back; empty for one undone at once, whose name says it."""
    known = {
        RefundReason.VOID: "",
        RefundReason.DEFECT: _("article défectueux"),
        RefundReason.MISTAKE: _("mal tapé à la caisse"),
        RefundReason.CHANGED_MIND: _("le client a changé d’avis"),
    }
    return known.get(refund.reason, refund.reason)  # type: ignore[call-overload]


def owed_words(points: int) -> str:
    """Say what later earnings pay before anything else."""
    words = ngettext("%(n)s point à rattraper", "%(n)s points à rattraper", points)
    return words % {"n": figure(points)}


def _line(told: Told, tills: list[Terminal]) -> Line:
    row, moved = told.row, told.moved
    moves = []
    if purse := moved.get(Kind.PURSE):
        moves.append(_("cagnotte %(change)s") % {"change": signed_euros(purse)})
    if carry := moved.get(Kind.CARRY):
        moves.append(_("reporté %(change)s") % {"change": signed_euros(carry)})
    if visits := moved.get(Kind.VISITS):
        words = ngettext("%(change)s visite", "%(change)s visites", visits)
        moves.append(words % {"change": signed(visits)})
    if waiting := moved.get(Kind.PENDING):
        words = ngettext("%(change)s point en attente", "%(change)s points en attente", waiting)
        moves.append(words % {"change": signed(waiting)})
    points = moved.get(Kind.POINTS, 0)
    return Line(
        row=row,
        what=title_of(told.facts),
        why=_why(told.facts),
        till=_where(row, tills),
        staff=told.staff,
        rules=_rules(told.facts),
        moves=tuple(moves),
        points=signed(points) if points else "",
        balance=told.balance,
        linked=row.kind in IN_LIST,
    )


def _move(moved: Moved, tills: list[Terminal]) -> Move:
    row, points = moved.movement.entry, moved.movement.amount
    title = " ".join(filter(None, (title_of(moved.facts), row.receipt)))
    match moved.facts:
        case Sold(applied=applied) if points < 0:
            what, why = ", ".join(_bought(applied, -points)), title
        case Refunded() if points > 0:
            what, why = title, _("ce que les récompenses avaient coûté")
        case Refunded():
            what, why = title, _("ce que la vente avait fait gagner")
        case facts:
            what, why = title, _why(facts)
    return Move(
        row=row,
        customer=moved.customer,
        points=points,
        what=what,
        why=why,
        rules=_rules(moved.facts),
        till=_where(row, tills),
        staff=moved.staff,
        linked=row.kind in IN_LIST,
    )


def _bought(applied: Sequence[Applied], points: int) -> list[str]:
    """The rewards that these points went for: the one of that price, or all that cost any."""
    paid = [one for one in applied if one.points]
    exact = [one for one in paid if one.points == points]
    return [used(one) for one in (exact if len(exact) == 1 else paid)]


def _why(facts: Facts) -> str:
    match facts:
        case Sold():
            return ", ".join(
                [_("%(paid)s dus") % {"paid": euros(facts.due_cents)}, *map(used, facts.applied)]
            )
        case GiftSold():
            words = {"amount": euros(facts.cents), "last4": facts.last4}
            return _("%(amount)s, n° …%(last4)s") % words
        case CarryConverted():
            words = {"cents": euros(abs(facts.steps) * facts.earn.per_cents)}
            if facts.steps < 0:
                return _("un remboursement a repris %(cents)s de restes") % words
            return _("%(cents)s de restes font un pas entier") % words
        case Refunded():
            words = {"amount": euros(facts.due_cents), "number": facts.of or "–"}
            back = _("%(amount)s rendus du ticket %(number)s") % words
            return " · ".join(filter(None, (back, reason_of(facts))))
        case Adjusted(note=note):
            return note
        case CardsChanged():
            return _cards(facts)
        case OwedPaid(kind=Kind.POINTS, amount=amount):
            return ngettext(
                "%(n)s point paie ce qui était à rattraper",
                "%(n)s points paient ce qui était à rattraper",
                amount,
            ) % {"n": figure(amount)}
        case OwedPaid(amount=amount):
            return _("%(amount)s paient ce qui était à rattraper") % {"amount": euros(amount)}
    return ""


def _cards(changed: CardsChanged) -> str:
    """Which cards, by what is printed last on each, and why."""
    words = []
    if changed.code:
        words.append(mask(changed.code))
    if changed.lost and changed.code:
        lost = ", ".join(map(mask, changed.lost))
        words.append(_("%(codes)s perdue et bloquée") % {"codes": lost})
    elif changed.lost or changed.found:
        words.append(", ".join(map(mask, changed.lost or changed.found)))
    return " · ".join(filter(None, (*words, changed.note)))


def _where(row: JournalEntry, tills: list[Terminal]) -> str:
    if row.terminal:
        return till_name(row.terminal, tills)
    return row.shop.name if row.shop else _("sur le hub")


def _titles() -> dict[Cause, str]:
    return {
        Cause.BY_HAND: _("Points ajoutés ou retirés"),
        Cause.SERVICE: _("Rendez-vous honoré"),
        Cause.BIRTHDAY: _("Anniversaire ouvert"),
        Cause.WELCOME: _("Bienvenue"),
        Cause.EXPIRY: _("Points expirés"),
        Cause.LAPSE: _("Avantage non utilisé"),
        Cause.CLOSED: _("Compte anonymisé"),
        Cause.LIMIT: _("Limite ouverte"),
        Cause.STOCK: _("Stock compté"),
    }


def _rules(facts: Facts) -> str:
    match facts:
        case Adjusted(programme=version) if version:
            return _("règles v%(version)s") % {"version": version}
        case Sold(saw=saw):
            return _("règles v%(version)s") % {"version": saw.programme}
        case CarryConverted(earn=earn) | Refunded(earn=earn):
            return _steps(earn)
    return ""


def _steps(earn: EarnRule) -> str:
    points = ngettext("%(n)s point", "%(n)s points", earn.points) % {"n": earn.points}
    return _("%(points)s pour %(cents)s") % {"points": points, "cents": euros(earn.per_cents)}
