# SPDX-License-Identifier: Apache-2.0
"""Who signs in at the sample merchant's hub: people, their phones, links in mails, programs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.merchants.models import Merchant

PASSWORD = "Comptoir-2026!"


def accounts(lucet: "Merchant") -> None:
    """Let the owner and an operator sign in, who know the pages; and credits be given."""
    from hub.billing.book import give
    from hub.billing.models import Kind
    from hub.console.helping import every
    from hub.merchants.models import Person, Role
    from hub.merchants.registry import open_merchant
    from provisioning.demo.sample import LUCET

    odile = Person.objects.open_account(
        "odile@hub.example", PASSWORD, name="Odile Payet", role=Role.OPERATOR
    )
    Person.objects.open_account(
        "isabelle@lucet.example", PASSWORD, name=LUCET.owner, role=Role.MERCHANT, merchant=lucet
    )
    Person.objects.open_account(
        "denis@lucet.example", PASSWORD, name="Saint-Denis", role=Role.SHOP,
        shop=lucet.shops.get(name="Saint-Denis"),
    )  # fmt: skip
    rivages = open_merchant("rivages", "Boulangerie des Rivages", zone=LUCET.zone)
    Person.objects.open_account(
        "camille@rivages.example", PASSWORD, name="Camille Rivière", role=Role.MERCHANT,
        merchant=rivages,
    )  # fmt: skip
    Person.objects.update(explained=every())
    give(lucet.pk, Kind.SMS, amount=1240, reason="Bienvenue", person_id=odile.pk)
    give(lucet.pk, Kind.EMAIL, amount=8600, reason="Bienvenue", person_id=odile.pk)


def phone() -> dict[str, Any]:
    """Let the operator have a phone; gives who they are, and their recovery codes."""
    from hub.merchants import factor
    from hub.merchants.models import Person

    odile, secret = Person.objects.get(role="operator"), factor.new_secret()
    return {
        "odile": odile.pk,
        "codes": factor.set_up(odile, secret, factor.code_now(secret)),
    }


def mailed() -> dict[str, str]:
    """Let somebody have signed up, and somebody have forgotten a password; gives their links."""
    from django.conf import settings

    from hub.console.mailbox import newest
    from hub.merchants import links

    page = "http://127.0.0.1/lien/"
    links.sign_up(
        "rose@ateliers.example", business="Ateliers Rose", name="Rose Técher",
        zone="Indian/Reunion", password=PASSWORD, page=page, language="fr",
    )  # fmt: skip
    links.ask_again("isabelle@lucet.example", page=page, language="fr")
    links.send_due()
    found = {letter.to: letter.text.split()[0] for letter in newest(settings.EMAIL_FILE_PATH)}
    secrets = {to: link.removeprefix(page).strip("/") for to, link in found.items()}
    return {
        "activate": secrets["rose@ateliers.example"],
        "choose": secrets["isabelle@lucet.example"],
    }


def programs(lucet: "Merchant") -> str:
    """Two other programs have a token, one of them no more."""
    from hub.merchants import tokens
    from hub.merchants.models import Person
    from hub.merchants.tokens import May

    owner = Person.objects.get(merchant=lucet, role="merchant").pk
    gone, _ = tokens.make(lucet.pk, "Ancienne caisse", [May.SALES_WRITE], by_id=owner)
    tokens.revoke(gone, by_id=owner)
    may = [May.CUSTOMERS_READ, May.APPOINTMENTS_READ, May.APPOINTMENTS_WRITE]
    token, secret = tokens.make(lucet.pk, "Agenda en ligne", may, by_id=owner)
    tokens.admit(secret)
    return token.pk
