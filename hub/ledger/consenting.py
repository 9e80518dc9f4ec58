# SPDX-License-Identifier: Apache-2.0
"""Note what a customer agreed to, with its proof: nothing is noted that does not change anything."""

from collections.abc import Mapping
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from hub.ledger import groups
from hub.ledger.consents import Channel, Consent, Surface
from hub.ledger.models import Customer
from hub.merchants import feed

VERSION: Final = 1
"""Of the sentences below: a change of their words is another version."""
_SENTENCES: Final = {
    Channel.EMAIL: noted(
        "J’accepte de recevoir par e-mail les offres et les nouvelles de %(merchant)s."
        " Je peux changer d’avis à tout moment."
    ),
    Channel.SMS: noted(
        "J’accepte de recevoir par SMS les offres et les nouvelles de %(merchant)s."
        " Je peux changer d’avis à tout moment."
    ),
}
COLUMNS: Final = {Channel.EMAIL: "accepts_email", Channel.SMS: "accepts_sms"}
"""Of `Customer`, where the last answer stands."""


def sentence(channel: Channel, *, merchant: str) -> str:
    """What customers are asked, in the reader's language."""
    return _(_SENTENCES[channel]) % {"merchant": merchant}


def standing(customer: Customer) -> dict[Channel, Consent | None]:
    """The last answer about each channel of who is served as this customer; None: not asked."""
    last = {one.channel: one for one in customer.consents.order_by("pk").select_related("person")}
    return {channel: last.get(channel) for channel in Channel}


def proofs(customer: Customer) -> list[Consent]:
    """Every answer of the person, also from before they were merged, newest first."""
    uuids = groups.ones(customer.merchant_id, customer.uuid)
    found = Consent.objects.filter(customer__merchant=customer.merchant, customer__uuid__in=uuids)
    return list(found.select_related("customer", "person").order_by("-at", "-pk"))


def note(
    customer: Customer,
    answers: Mapping[Channel, bool],
    *,
    said: str,
    surface: Surface,
    person_id: int | None,
) -> list[Consent]:
    """Keep what somebody answered; gives the answers that are not what they were already.

    Of who was anonymised meanwhile nothing is kept.

    Args:
        customer: whom the person is served as.
        answers: by channel; of one that is not there nothing was said.
        said: how they said so.
        surface: where it is noted.
        person_id: who notes it.
    """
    with feed.writing(customer.merchant_id) as out:
        if Customer.objects.filter(pk=customer.pk, forgotten_at__isnull=False).exists():
            return []
        last = standing(customer)
        before = {channel: one.given if one else None for channel, one in last.items()}
        new = [
            Consent(
                customer=customer,
                channel=channel,
                given=given,
                before=before[channel],
                sentence=sentence(channel, merchant=out.merchant.name),
                version=VERSION,
                surface=surface,
                said=said,
                person_id=person_id,
                at=timezone.now(),
            )
            for channel, given in answers.items()
            if given != before[channel]
        ]
        Consent.objects.bulk_create(new)
        Customer.objects.filter(pk=customer.pk).update(
            **{COLUMNS[Channel(one.channel)]: one.given for one in new}
        )
    return new
