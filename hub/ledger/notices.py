# SPDX-License-Identifier: Apache-2.0
"""Tell the recipients of gift cards, by e-mail, from the day that the buyer chose."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Final
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.ledger import incidents
from hub.ledger.giftcards import GiftCard
from hub.ledger.models import Incident, IncidentKind
from hub.ledger.tellings import About, PointsNotice, Reminder
from hub.merchants import each
from loyalty.giftcard import spaced

log = logging.getLogger(__name__)

AT_ONCE: Final = 50
CLAIM: Final = timedelta(minutes=10)
"""How long a process that began to tell somebody is waited for: sending takes seconds."""

FOR_GOOD: Final = 500
"""From here on a mail server's answer is final (RFC 5321 4.2.1); below, it may be another later."""


def send_due(*, now: datetime | None = None) -> int:
    """Tell whoever is due, at most AT_ONCE; gives how many were told.

    A card is claimed before it is sent, so that two processes do not both tell its recipient. Where
    one dies between sending and noting it, the recipient is told again: better than never.
    """
    now = now or timezone.now()
    told = 0
    for gift in list(_due(now)[:AT_ONCE]):
        if not _due(now).filter(pk=gift.pk).update(claimed_at=now):
            continue
        try:
            letter(gift).send()
        except (OSError, ValueError) as error:
            log.warning("gift card not told id=%s error=%s", gift.pk, type(error).__name__)
            if _final(error):
                incidents.note(
                    IncidentKind.GIFT_UNTOLD,
                    at=now,
                    merchant_id=gift.merchant_id,
                    subject=gift.fingerprint,
                    last4=gift.last4,
                )
            continue
        GiftCard.objects.filter(pk=gift.pk).update(sent_at=now)
        told += 1
    return told


def send_points_due(*, now: datetime | None = None) -> int:
    """Tell customers of points given or taken by hand, each claimed first; gives how many."""
    now = now or timezone.now()
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    due = PointsNotice.objects.filter(unclaimed, sent_at=None).order_by("made_at", "pk")
    told = 0
    for notice in list(due.select_related("customer__merchant")[:AT_ONCE]):
        if not due.filter(pk=notice.pk).update(claimed_at=now):
            continue
        try:
            points_letter(notice).send()
        except (OSError, ValueError) as error:
            log.warning("points not told id=%s error=%s", notice.pk, type(error).__name__)
            if not _final(error):
                continue
        # an address that nobody has is not tried for ever: the history tells the customer, too
        PointsNotice.objects.filter(pk=notice.pk).update(sent_at=now)
        told += 1
    return told


def send_reminders_due(*, now: datetime | None = None) -> int:
    """Tell customers of points or a tier that they will lose, each claimed first; gives how many."""
    now = now or timezone.now()
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    due = Reminder.objects.filter(unclaimed, sent_at=None).exclude(customer__email="")
    told = 0
    for reminder in list(
        due.select_related("customer__merchant").order_by("made_at", "pk")[:AT_ONCE]
    ):
        if not due.filter(pk=reminder.pk).update(claimed_at=now):
            continue
        try:
            reminding(reminder).send()
        except (OSError, ValueError) as error:
            log.warning("not reminded id=%s error=%s", reminder.pk, type(error).__name__)
            if not _final(error):
                continue
        Reminder.objects.filter(pk=reminder.pk).update(sent_at=now)
        told += 1
    return told


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
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    # not by a join: an update asks each row anew, but not what it was joined to
    come = Q(pk__in=())
    zones = each.open_merchants().order_by("zone").values_list("zone").annotate(Min("pk"))
    for zone, one_there in zones:
        with each.apart(one_there):
            today = now.astimezone(ZoneInfo(zone)).date()
            theirs = each.open_merchants().order_by().filter(zone=zone)
            come |= Q(merchant__in=theirs, send_on__lte=today)
    waiting = GiftCard.objects.filter(unclaimed, come, sent_at=None)
    given_up = Incident.objects.filter(
        kind=IncidentKind.GIFT_UNTOLD,
        merchant=OuterRef("merchant"),
        subject=OuterRef("fingerprint"),
        closed_at=None,
    )
    waiting = waiting.exclude(email="").exclude(Exists(given_up))
    return waiting.select_related("merchant").order_by("send_on", "pk")


def _final(error: OSError | ValueError) -> bool:
    """Whether another try would end the same: no address, or nobody there."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in error.recipients.values())
    return isinstance(error, ValueError)
