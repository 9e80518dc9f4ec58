# SPDX-License-Identifier: Apache-2.0
"""Tell people by e-mail: of a gift card from its day on, of points, of what they will lose."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db.models import Min, Q, QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.ledger import incidents
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Customer, IncidentKind
from hub.ledger.tellings import About, PointsNotice, Reminder
from hub.merchants import each
from hub.merchants.outgoing import deliver, unsent
from loyalty.giftcard import spaced


def send_due(*, now: datetime | None = None) -> int:
    """Tell the recipients of gift cards who are due; gives how many were told."""
    now = now or timezone.now()

    def lost(gift: GiftCard) -> None:
        incidents.note(
            IncidentKind.GIFT_UNTOLD,
            at=now,
            merchant_id=gift.merchant_id,
            subject=gift.fingerprint,
            last4=gift.last4,
        )

    return deliver(_due(now), letter, whose=lambda gift: gift.merchant_id, now=now, lost=lost)


def send_points_due(*, now: datetime | None = None) -> int:
    """Tell customers of points given or taken by hand; gives how many."""
    now = now or timezone.now()
    due = PointsNotice.objects.filter(unsent(now), customer__in=_reachable())
    due = due.select_related("customer__merchant").order_by("made_at", "pk")
    return deliver(due, points_letter, whose=_merchant_of, now=now)


def send_reminders_due(*, now: datetime | None = None) -> int:
    """Tell customers of what they will lose on a day that is still to come; gives how many."""
    now = now or timezone.now()
    # what was kept back while its merchant was closed may be over
    due = Reminder.objects.filter(unsent(now), customer__in=_reachable(), day__gte=now.date())
    due = due.select_related("customer__merchant").order_by("made_at", "pk")
    return deliver(due, reminding, whose=_merchant_of, now=now)


def reminding(reminder: Reminder) -> EmailMessage:
    """What the customer reads of what they will lose."""
    customer = reminder.customer
    with translation.override("fr"):
        words = {
            "name": customer.first_name,
            "merchant": customer.merchant.name,
            "day": formats.date_format(reminder.day, "j F Y"),
            "tier": reminder.name,
            "points": formats.number_format(reminder.amount, force_grouping=True),
        }
        if reminder.about == About.TIER:
            subject = _("Votre statut %(tier)s chez %(merchant)s") % words
            said = _("Sans nouvel achat, votre statut %(tier)s prend fin le %(day)s.") % words
        elif reminder.about == About.ABSENCE:
            subject = _("Votre carte de fidélité chez %(merchant)s") % words
            said = _(
                "Nous ne vous avons pas vu depuis longtemps. Sans visite de votre part, vos données"
                " et vos points seront effacés à partir du %(day)s."
            )
            said = said % words
        else:
            subject = _("%(points)s points chez %(merchant)s à utiliser") % words
            said = _("%(points)s de vos points expirent le %(day)s.") % words
        lines = [_("Bonjour %(name)s,") % words, said]
    return EmailMessage(" ".join(subject.split()), "\n\n".join(lines), to=[customer.email])


def points_letter(notice: PointsNotice) -> EmailMessage:
    """What the customer reads."""
    customer = notice.customer
    with translation.override("fr"):
        words = {
            "name": customer.first_name,
            "points": f"{notice.points:+d}".replace("-", "\N{MINUS SIGN}"),
            "merchant": customer.merchant.name,
        }
        title = ngettext(
            "%(points)s point chez %(merchant)s",
            "%(points)s points chez %(merchant)s",
            abs(notice.points),
        )
        subject = " ".join((title % words).split())
        lines = [
            _("Bonjour %(name)s,") % words,
            _("%(merchant)s a changé vos points : %(points)s.") % words,
            notice.note,
        ]
    return EmailMessage(subject, "\n\n".join(lines), to=[customer.email])


def letter(gift: GiftCard) -> EmailMessage:
    """What the recipient reads."""
    with translation.override("fr"):
        amount = f"{formats.number_format(gift.cents / 100, 2, force_grouping=True)} €"
        facts = {
            "recipient": gift.recipient,
            "buyer": gift.buyer,
            "amount": amount,
            "merchant": gift.merchant.name,
            "code": spaced(gift.code),
        }
        lines = [
            _("Bonjour %(recipient)s,") % facts,
            _("%(buyer)s vous offre une carte cadeau de %(amount)s chez %(merchant)s.") % facts,
            gift.message,
            _("Numéro de la carte : %(code)s") % facts
            if gift.virtual
            else _("La carte elle-même vous sera remise."),
            _("Montrez-la en caisse, en une ou plusieurs fois."),
        ]
        # one line: a name is never let to write headers
        subject = " ".join((_("Une carte cadeau de %(amount)s chez %(merchant)s") % facts).split())
    return EmailMessage(subject, "\n\n".join(filter(None, lines)), to=[gift.email])


def _due(now: datetime) -> QuerySet[GiftCard]:
    """Cards whose day has come where they were sold."""
    # not by a join: an update asks each row anew, but not what it was joined to
    come = Q(pk__in=())
    zones = each.open_merchants().order_by("zone").values_list("zone").annotate(Min("pk"))
    for zone, one_there in zones:
        with each.apart(one_there):
            today = now.astimezone(ZoneInfo(zone)).date()
            theirs = each.open_merchants().order_by().filter(zone=zone)
            come |= Q(merchant__in=theirs, send_on__lte=today)
    waiting = GiftCard.objects.filter(unsent(now), come).exclude(email="")
    return waiting.select_related("merchant").order_by("send_on", "pk")


def _reachable() -> QuerySet[Customer]:
    """Customers with an address, of merchants that are open."""
    return Customer.objects.filter(merchant__closed_at=None).exclude(email="")


def _merchant_of(row: PointsNotice | Reminder) -> str:
    return row.customer.merchant_id
