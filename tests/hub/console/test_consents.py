# SPDX-License-Identifier: Apache-2.0
"""What a customer agreed to is noted with its proof, and lists can be narrowed to it."""

import pytest
from django.test import Client

from hub.ledger.consents import Consent
from hub.ledger.models import Customer
from tests.hub.console.test_costs import queries
from tests.hub.console.test_customers import listed
from tests.hub.console.world import World


def answer(client: Client, customer: Customer, **more: str) -> str:
    """Note an answer as somebody does who follows the form."""
    filled = {"reason": "coché sur le bulletin du 3 mai"} | more
    url = f"/clients/{customer.pk}/consentements/"
    return client.post(url, filled, follow=True).content.decode()


@pytest.mark.row("K3")
def test_an_answer_is_kept_with_who_when_how_and_the_sentence_that_was_asked(
    world: World, isabelle: Client
) -> None:
    page = isabelle.get(f"/clients/{world.elodie.pk}/").content.decode()
    assert page.count("jamais demandé") == 2
    page = answer(isabelle, world.elodie, email="yes")
    assert "C’est noté, avec sa preuve." in page
    assert "1 réponse, avec sa preuve" in page
    asked = "J’accepte de recevoir par e-mail les offres et les nouvelles de Maison Lucet."
    for told in (asked, "coché sur le bulletin du 3 mai", "Isabelle Lucet", "phrase v1"):
        assert told in page
    proof = Consent.objects.get()
    assert (proof.channel, proof.given, proof.before) == ("email", True, None)
    world.elodie.refresh_from_db()
    assert (world.elodie.accepts_email, world.elodie.accepts_sms) == (True, False)
    page = answer(isabelle, world.elodie, email="no", sms="no", reason="dit à Marius")
    assert "3 réponses, avec leur preuve" in page
    assert "oui avant" in page
    proofs = Consent.objects.order_by("pk").values_list("channel", "given", "before")
    assert list(proofs) == [("email", True, None), ("email", False, True), ("sms", False, None)]
    world.elodie.refresh_from_db()
    assert not world.elodie.accepts_email
    told = isabelle.get(f"/clients/{world.elodie.pk}/donnees/").json()["Consentements"]
    assert [(one["Canal"], one["Réponse"], one["Comment"]) for one in told][-1] == (
        *("E-mail", True),
        "coché sur le bulletin du 3 mai",
    )


def test_an_answer_without_a_how_or_a_change_is_none(world: World, isabelle: Client) -> None:
    assert "Dites comment le client l’a dit" in answer(
        isabelle, world.elodie, email="yes", reason=" "
    )
    assert "Rien ne change : ce sont déjà ses réponses." in answer(isabelle, world.elodie)
    assert "Rien n’est enregistré" in answer(isabelle, world.elodie, email="maybe")
    assert not Consent.objects.exists()


def test_the_list_is_narrowed_to_who_may_be_written_to(world: World, isabelle: Client) -> None:
    zoe, lea = (world.till.join(name, "Payet", serial=n) for n, name in ((1, "Zoé"), (2, "Léa")))
    answer(isabelle, world.elodie, email="yes", sms="yes")
    answer(isabelle, zoe, sms="yes")
    answer(isabelle, lea, email="no")
    assert listed(isabelle, accepts="email") == ["Élodie Marchand"]
    assert set(listed(isabelle, accepts="sms")) == {"Élodie Marchand", "Zoé Payet"}
    assert listed(isabelle, accepts="none") == ["Léa Payet"]
    assert len(listed(isabelle, accepts="fax")) == 3
    plain = queries(isabelle, "/clients/")
    assert queries(isabelle, "/clients/?accepts=email") <= plain
