# SPDX-License-Identifier: Apache-2.0
"""What the mails of accounts say: the link first, then why it came."""

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from hub.merchants.mailed import Link


def letter(link: Link, secret: str) -> EmailMessage:
    """The mail that a link travels in, in the language of the page where it was asked for."""
    with translation.override(link.language):
        if link.person is None:
            subject = _("Activez votre compte Comptoir")
            said = _("Bonjour %(name)s, suivez ce lien pour activer votre compte.") % {
                "name": link.wanted["name"]
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
