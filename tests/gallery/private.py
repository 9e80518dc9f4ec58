# SPDX-License-Identifier: Apache-2.0
"""What the sample merchant's customers agreed to, and who of them left: for the pictures."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.merchants.models import Shop

YEARS = timedelta(days=3 * 366)


def agree_and_leave(shop: "Shop", registered: list[Any], *, now: datetime) -> dict[str, int]:
    """Let one customer change their mind, three stay away for years, one be anonymised.

    Returns:
        the key of the page of the last one.
    """
    from hub.ledger import consenting, forgetting, retention
    from hub.ledger.acts import NewCustomer, register_customers
    from hub.ledger.consents import Channel, Surface
    from hub.merchants.models import Person

    owner = Person.objects.get(merchant=shop.merchant, role="merchant")
    for answers, said in (
        ({Channel.EMAIL: True, Channel.SMS: True}, "Coché sur le bulletin d’inscription"),
        ({Channel.SMS: False}, "Dit au comptoir à Marius : plus de SMS"),
    ):
        proof = consenting.Proof(said=said, surface=Surface.CONSOLE, person_id=owner.pk)
        consenting.note(registered[0], answers, proof)
    away = [
        NewCustomer(first_name=first, last_name=last, email=email, joined_at=now - YEARS)
        for first, last, email in (
            ("Hervé", "Grondin", "herve.grondin@exemple.example"),
            ("Marie-Ange", "Rivière", ""),
            ("Solène", "Boyer", "solene.boyer@exemple.example"),
        )
    ]
    register_customers(shop, away)
    retention.keep_due(now=now)
    gone = registered[1]
    forgetting.forget(gone, reason="Demande écrite du 12 novembre", person_id=owner.pk)
    return {"forgotten": gone.pk}
