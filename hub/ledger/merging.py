# SPDX-License-Identifier: Apache-2.0
"""Two customers become one person, and two people again: an alias for tills, never a move."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from django.utils import timezone

from hub.ledger import consenting
from hub.ledger.merges import Merge
from hub.ledger.models import Customer
from hub.ledger.people import customer_item
from hub.ledger.posting import Posting
from hub.merchants import feed


class Why(StrEnum):
    """Why two customers can't become one."""

    SAME = "same"
    """They are the same already."""
    ELSEWHERE = "elsewhere"
    """The other one is another merchant's."""
    UNNAMED = "unnamed"
    """One of them was met in a sale and is not heard to have joined yet."""


class CannotMerge(ValueError):
    """Two customers can't become one; nothing was changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def refusal(one: Customer, other: Customer) -> Why | None:
    """Why these two can't become one, as things stand."""
    if one.merchant_id != other.merchant_id:
        return Why.ELSEWHERE
    if (one.head or one.uuid) == (other.head or other.uuid):
        return Why.SAME
    return Why.UNNAMED if one.stub or other.stub else None


def merge(one: Customer, other: Customer, *, reason: str, person_id: int | None) -> Merge:
    """Serve both as the first from now on; what either owes is paid by what is free of both.

    Raises:
        CannotMerge: somebody may have merged them a moment ago.
    """
    with feed.writing(one.merchant_id) as out:
        pair = [Customer.objects.get(pk=customer.pk) for customer in (one, other)]
        if why := refusal(*pair):
            raise CannotMerge(why)
        into, member = (_root(customer) for customer in pair)
        done = Merge.objects.create(
            into=into, member=member, reason=reason, person_id=person_id, at=timezone.now()
        )
        everyone = [*_person(into), *_person(member)]
        _stand_together(out, everyone)
        _regroup(out, everyone)
        consenting.settle(out, _served(everyone))
        posting = Posting(out, now=done.at, shop_id=None, person_id=person_id)
        posting.load_people(customer.uuid for customer in everyone)
        posting.store()
        return done


def undo(merge_id: int, merchant_id: str, *, reason: str, person_id: int | None) -> bool:
    """Let them be two again; False: somebody else did so before.

    Raises:
        Merge.DoesNotExist: it is none of this merchant's.
    """
    with feed.writing(merchant_id) as out:
        done = Merge.objects.select_related("member").get(
            pk=merge_id, member__merchant=out.merchant
        )
        if done.undone_at:
            return False
        everyone = _person(done.member)
        together = consenting.standing(done.member)
        done.undone_at, done.undone_reason = timezone.now(), reason
        done.undone_by_id = person_id
        done.save(update_fields=["undone_at", "undone_reason", "undone_by"])
        _regroup(out, everyone)
        served = _served(everyone)
        consenting.settle(out, served)
        for one in everyone:
            if one.uuid in served:
                consenting.keep_refusals(out, together, since=done.at, one=one)
        return True


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _root(customer: Customer) -> Customer:
    """Whom somebody is served as."""
    if not customer.head:
        return customer
    return Customer.objects.get(merchant=customer.merchant_id, uuid=customer.head)


def _person(customer: Customer) -> list[Customer]:
    """Every customer who is the same person."""
    if not customer.head:
        return [customer]
    found = Customer.objects.filter(merchant=customer.merchant_id, head=customer.head)
    return list(found.order_by("pk"))


def _served(everyone: Sequence[Customer]) -> set[str]:
    """Whom they are served as."""
    return {customer.head or customer.uuid for customer in everyone}


def _stand_together(out: feed.Writing, everyone: Sequence[Customer]) -> None:
    """Whoever is one person has joined, and is a professional, if any of them has or is."""
    member, pro = any(one.member for one in everyone), any(one.pro for one in everyone)
    for customer in everyone:
        if (customer.member, customer.pro) != (member, pro):
            customer.member, customer.pro = member, pro
            customer.save(update_fields=["member", "pro"])
            out.say(customer_item(customer))


def _regroup(out: feed.Writing, everyone: Sequence[Customer]) -> None:
    """Work out whom each is served as from what stands, and tell the tills of every change."""
    standing = Merge.objects.filter(member__in=everyone, undone_at=None)
    into = dict(standing.values_list("member", "into"))

    def root(pk: int) -> int:
        return root(into[pk]) if pk in into else pk

    heads = {customer.pk: root(customer.pk) for customer in everyone}
    sizes = Counter(heads.values())
    uuids = {customer.pk: customer.uuid for customer in everyone}
    for customer in everyone:
        head = heads[customer.pk]
        now = uuids[head] if sizes[head] > 1 else ""
        if now != customer.head:
            customer.head = now
            customer.save(update_fields=["head"])
            out.say(customer_item(customer))
