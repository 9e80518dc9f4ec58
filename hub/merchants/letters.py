# SPDX-License-Identifier: Apache-2.0
"""What the mails of accounts say: the link first, then why it came."""

from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from hub.merchants.mailed import Link, Purpose

if TYPE_CHECKING:
    from hub.merchants.models import Person


def letter(link: Link, secret: str) -> EmailMessage:
    """The mail that a link travels in, in the language of the page where it was asked for."""
    with translation.override(link.language):
        if link.person is None:
            subject = _("Activez votre compte Comptoir")
            said = _("Bonjour %(name)s, suivez ce lien pour activer votre compte.") % {
                "name": link.wanted["name"]
            }
        elif link.purpose == Purpose.ADDRESS:
            subject = _("Confirmez votre adresse e-mail")
            said = _("Bonjour %(name)s, ce lien fait de cette adresse celle de votre compte.") % {
                "name": link.person.name
            }
        elif not link.person.has_usable_password():
            subject = _("Ouvrez votre compte Comptoir")
            said = _(
                "Bonjour, %(merchant)s vous ouvre le compte de %(name)s :"
                " suivez ce lien pour choisir son mot de passe."
            ) % {"merchant": link.person.merchant, "name": link.person.name}
        else:
            subject = _("Choisissez votre mot de passe Comptoir")
            said = _("Bonjour %(name)s, ce lien vous laisse choisir un mot de passe.") % {
                "name": link.person.name
            }
        lasts = _("Il sert une fois, pendant 48 heures.")
        ignore = _("Vous n’avez rien demandé ? Ignorez cet e-mail : rien ne change.")
        return EmailMessage(
            subject, "\n\n".join([f"{link.page}{secret}/", said, lasts, ignore]), to=[link.address]
        )


def address_changed(person: "Person", old: str, *, language: str) -> EmailMessage:
    """What an account's old address is told."""
    with translation.override(language):
        said = _(
            "Bonjour %(name)s, votre compte Comptoir a maintenant l’adresse %(email)s."
            " Ce n’est pas vous ? Appelez l’exploitant du hub tout de suite."
        ) % {"name": person.name, "email": person.email}
        return EmailMessage(_("Votre adresse e-mail a changé"), said, to=[old])
