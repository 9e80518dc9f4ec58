# SPDX-License-Identifier: Apache-2.0
"""Note what a customer agreed to, with its proof: nothing is noted that does not change anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from hub.ledger import groups
from hub.ledger.consents import Channel, Consent, Surface
from hub.ledger.models import Customer
from hub.ledger.rulings import LONGEST_REASON
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How answers came to be known."""

    said: str
    """How they were given, in words."""
    surface: Surface
    person_id: int | None
    """Who noted them."""
    at: datetime | None = None
    """When they were given; None: now."""


def standing(customer: Customer) -> dict[Channel, Consent | None]:
    """The last answer of the person about each channel, whoever they are; None: not asked."""
    served = customer.head or customer.uuid
    last = standings(customer.merchant_id, [served]).get(served, {})
    return {channel: last.get(channel) for channel in Channel}


def standings(merchant_id: str, served: Collection[str]) -> dict[str, dict[Channel, Consent]]:
    """By whom persons are served as: the last answer about each channel that they were asked of.

    What counts is when it was said, not which of somebody's customers it was noted with.
    """
    theirs = Q(customer__uuid__in=served) | Q(customer__head__in=served)
    found = Consent.objects.filter(theirs, customer__merchant=merchant_id)
    last: dict[str, dict[Channel, Consent]] = {}
    for one in found.order_by("at", "pk").select_related("customer", "person"):
        of = one.customer.head or one.customer.uuid
        last.setdefault(of, {})[Channel(one.channel)] = one
    return last


def proofs(customer: Customer) -> list[Consent]:
    """Every answer of the person, also from before they were merged, newest first."""
    uuids = groups.ones(customer.merchant_id, customer.uuid)
    found = Consent.objects.filter(customer__merchant=customer.merchant, customer__uuid__in=uuids)
    return list(found.select_related("customer", "person").order_by("-at", "-pk"))


def note(customer: Customer, answers: Mapping[Channel, bool], proof: Proof) -> list[Consent]:
    """Keep what somebody answered; gives the answers that are not what they were already."""
    with feed.writing(customer.merchant_id) as out:
        return note_some(out, [(customer, answers)], proof)


def note_some(
    out: feed.Writing,
    answered: Sequence[tuple[Customer, Mapping[Channel, bool]]],
    proof: Proof,
) -> list[Consent]:
    """Keep what some persons answered, inside `feed.writing`.

    Of who was anonymised meanwhile nothing is kept, and nothing that was said before what is known.

    Args:
        out: of their merchant.
        answered: whom each person is served as, and what they said by channel; of a channel that is
            not there nothing was said.
        proof: how.

    Returns:
        the answers that are not what they were already.
    """
    at = proof.at or timezone.now()
    people = Customer.objects.in_bulk([customer.pk for customer, _answers in answered])
    served = {one.pk: one.head or one.uuid for one in people.values() if not one.forgotten_at}
    last = standings(out.merchant.pk, set(served.values()))
    new = []
    for customer, answers in answered:
        if customer.pk not in served:
            continue
        known = last.get(served[customer.pk], {})
        for channel, given in answers.items():
            before = known.get(channel)
            if before and (before.given == given or before.at > at):
                continue
            new.append(
                Consent(
                    customer=customer,
                    channel=channel,
                    given=given,
                    before=before.given if before else None,
                    sentence=_asked(channel, proof.surface, out.merchant.name),
                    version=0 if proof.surface is Surface.FILE else VERSION,
                    surface=proof.surface,
                    said=proof.said[:LONGEST_REASON],
                    person_id=proof.person_id,
                    at=at,
                )
            )
    Consent.objects.bulk_create(new)
    settle(out, {served[one.customer_id] for one in new})
    return new


def settle(out: feed.Writing, served: Collection[str]) -> None:
    """Let the columns of these persons, all their customers, say what their last answers do."""
    if not served:
        return
    last = standings(out.merchant.pk, served)
    theirs = Customer.objects.filter(Q(uuid__in=served) | Q(head__in=served), merchant=out.merchant)
    for channel, column in COLUMNS.items():
        agreed = [uuid for uuid, known in last.items() if channel in known and known[channel].given]
        yes = Q(uuid__in=agreed) | Q(head__in=agreed)
        theirs.filter(yes).update(**{column: True})
        theirs.exclude(yes).update(**{column: False})


def keep_refusals(
    out: feed.Writing, together: Mapping[Channel, Consent | None], *, since: datetime, one: Customer
) -> None:
    """Note with one of two who part what both refused while they were one: it may have been theirs.

    Args:
        out: of their merchant.
        together: the last answers of both, as one.
        since: when they became one.
        one: whom one of them is served as now.
    """
    mine = standing(one)
    for channel, said in together.items():
        agreed = mine[channel]
        refused = said is not None and not said.given and said.at >= since
        if said and refused and agreed and agreed.given:
            how = _("Dit quand les deux fiches n’en faisaient qu’une.")
            proof = Proof(said=how, surface=Surface.MERGE, person_id=said.person_id, at=said.at)
            note_some(out, [(one, {channel: False})], proof)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _asked(channel: Channel, surface: Surface, merchant: str) -> str:
    """What was asked there, word for word, where we know it."""
    return "" if surface is Surface.FILE else sentence(channel, merchant=merchant)
