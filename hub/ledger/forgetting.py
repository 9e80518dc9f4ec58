# SPDX-License-Identifier: Apache-2.0
"""Let a customer become nobody: what they are goes everywhere, what happened stays (SPEC M4, M7)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.dispatch import Signal
from django.utils import timezone

from hub.ledger import groups, purchasing, redacting
from hub.ledger.appointments import KEPT, Appointment
from hub.ledger.consents import Consent
from hub.ledger.forgotten import Forgetting
from hub.ledger.giftcards import GiftCard, GiftTurn
from hub.ledger.merges import Merge
from hub.ledger.models import Account, Card, Customer, Held, JournalEntry
from hub.ledger.orders import OpenOrder
from hub.ledger.own import post_own
from hub.ledger.people import customer_items
from hub.ledger.rulings import Ruling
from hub.ledger.snapshots import Snapshot
from hub.ledger.staging import ImportLine, Kind
from hub.ledger.tellings import PointsNotice, Reminder
from hub.merchants import bulk, feed
from hub.merchants.models import FeedItem, Merchant
from loyalty import account, contact
from loyalty.account import Movement
from loyalty.entry import Adjusted, Cause, Facts
from loyalty.feed import Recalled
from loyalty.wire import encode_item

forgotten = Signal()
"""Sent inside the transaction, with `merchant_id` and `customer` (uuid), for whom this module does
not know: what answers there are about them are emptied, too."""

USABLE: Final = (
    *(account.Kind.POINTS, account.Kind.PENDING, account.Kind.PURSE, account.Kind.CARRY),
    *(account.Kind.STAMPS, account.Kind.WELCOME, account.Kind.BIRTHDAY),
)
"""What nobody can use any more: it ends. Visits were counted, and what is owed was lost: they stay."""
_TO_SEND: Final = Q(sent_at=None, blocked_at=None) & ~Q(email="")
"""Gift cards whose mail is still to go."""
_UNDER_WAY: Final = timedelta(hours=1)
"""An entry is dated before its merchant's row is had: it may have waited for a forgetting."""
_MARK: Final = b'{"kind":"customer"'
_SAID: Final = """
SELECT id, body FROM merchants_feeditem WHERE merchant_id = %s AND substr(body, 1, %s) = %s
"""


class Why(StrEnum):
    """Why somebody can't be anonymised now."""

    UNNAMED = "unnamed"
    """Their registration is still on its way: it would bring their name back."""
    EXPECTED = "expected"
    """They have an appointment."""
    UNTOLD = "untold"
    """A gift card that they bought or are given has still to be mailed."""


class CannotForget(ValueError):
    """Somebody can't be anonymised now; nothing was changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def refusal(customer: Customer) -> Why | None:
    """Why this person can't be anonymised, as things stand."""
    people = _person(customer)
    if any(one.stub for one in people):
        return Why.UNNAMED
    if customer.merchant.closed_at:
        return None  # it expects nobody, and mails nobody
    if Appointment.objects.filter(customer__in=people, state__in=KEPT).exists():
        return Why.EXPECTED
    waiting = _gift_cards(customer.merchant_id, people).filter(_TO_SEND)
    return Why.UNTOLD if waiting.exists() else None


def forget(customer: Customer, *, reason: str, person_id: int | None) -> bool:
    """Anonymise a person, every customer they are with it; False: they were before.

    Raises:
        CannotForget: something is still to reach them.
    """
    with feed.writing(customer.merchant_id) as out:
        row = Customer.objects.get(pk=customer.pk)
        if row.forgotten_at:
            return False
        if why := refusal(row):
            raise CannotForget(why)
        forget_some(out, [row], reason=reason, person_id=person_id)
        return True


def forget_some(
    out: feed.Writing, every: Sequence[Customer], *, reason: str, person_id: int | None
) -> None:
    """Anonymise persons whom nothing is still to reach, inside `feed.writing`.

    The feed is read through once for all of them.
    """
    if not every:
        return
    now = timezone.now()
    people = [one for customer in every for one in _person(customer)]
    uuids = {one.uuid for one in people}
    _end_accounts(out, uuids, person_id=person_id)
    _recall(out, uuids)
    # while it is known who they were
    gifts = list(_gift_cards(out.merchant.pk, people))
    aside = [row for row, customer in redacting.set_aside(out.merchant) if customer in uuids]
    _empty_lines(out.merchant, people)
    redacting.redact([*_entries(out.merchant, uuids, gifts), *aside], now=now)
    _empty_gifts(gifts, uuids)
    _empty_words(people, uuids, aside=aside, gifts=gifts)
    purchasing.drop(people)
    keys = [one.pk for one in people]
    Card.objects.filter(customer__in=keys, blocked_at=None).update(blocked_at=now)
    Customer.objects.filter(pk__in=keys).update(
        **dict.fromkeys(
            (
                *("first_name", "initial", "last_name", "phone", "email", "hashes", "search"),
                *("birthday", "gender", "postcode", "segment", "tier"),
            ),
            "",
        ),
        birth_year=None,
        **dict.fromkeys(("member", "pro", "accepts_email", "accepts_sms"), False),
        figure=0,
        losing_on=None,
        warned_at=None,
        forgotten_at=now,
    )
    Forgetting.objects.bulk_create(
        Forgetting(customer=one, reason=reason, person_id=person_id, at=now) for one in people
    )
    _retell(out, keys)
    for uuid in uuids:
        forgotten.send(Customer, merchant_id=out.merchant.pk, customer=uuid)


def finish(merchant: Merchant, *, now: datetime) -> None:
    """Take up what reached the hub of people after they were forgotten.

    What was in a till's right ends, and what an old journal says of them goes; who bought a gift
    card is on it until it was mailed.
    """
    gone = Customer.objects.filter(merchant=merchant, forgotten_at__isnull=False)
    left = Account.objects.filter(
        merchant=merchant,
        owner__in=gone.values("uuid"),
        kind__in=USABLE,
        balance__gt=F("held_total"),
    )
    owners = set(left.values_list("owner", flat=True))
    since = OuterRef("posted_at") + _UNDER_WAY
    spoken = gone.filter(uuid=OuterRef("customer"), forgotten_at__lt=since)
    late = JournalEntry.objects.filter(
        Exists(spoken), merchant=merchant, redaction=None, kind__in=redacting.SPEAKING
    ).exclude(terminal=None)
    aside = list(redacting.set_aside(merchant))
    theirs = gone.filter(uuid__in={customer for _row, customer in aside})
    nobodys = set(theirs.values_list("uuid", flat=True))
    said = [*late, *(row for row, customer in aside if customer in nobodys)]
    bought = GiftCard.objects.filter(merchant=merchant, customer__in=gone.values("uuid"))
    named = bought.exclude(buyer="", recipient="", email="", message="")
    gifts = list(named.exclude(_TO_SEND))
    if owners or said or gifts:
        with feed.writing(merchant.pk) as out:
            _end_accounts(out, owners, person_id=None)
            redacting.redact(said, now=now)
            _empty_gifts(gifts, {gift.customer for gift in gifts})


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _person(customer: Customer) -> list[Customer]:
    uuids = groups.ones(customer.merchant_id, customer.uuid)
    return list(Customer.objects.filter(merchant=customer.merchant_id, uuid__in=uuids))


def _gift_cards(merchant_id: str, people: Sequence[Customer]) -> QuerySet[GiftCard]:
    """Gift cards that they bought, or that were given to their e-mail."""
    found = Q(customer__in=[one.uuid for one in people])
    for email in {one.email for one in people} - {""}:
        found |= Q(email__iexact=email)
    return GiftCard.objects.filter(found, merchant=merchant_id)


def _entries(
    merchant: Merchant, uuids: Collection[str], gifts: Iterable[GiftCard]
) -> list[JournalEntry]:
    """Every entry that may name them, also those of gift cards that others gave them."""
    found = {row.pk: row for row in redacting.spoken_of(merchant, uuids)}
    sold = JournalEntry.objects.filter(
        merchant=merchant,
        kind="gift_sold",
        redaction=None,
        movements__by_account=True,
        movements__account__owner__in=[gift.fingerprint for gift in gifts],
    )
    return list((found | {row.pk: row for row in sold}).values())


def _end_accounts(out: feed.Writing, uuids: Collection[str], *, person_id: int | None) -> None:
    """Let end what is free of what they have; what a till holds ends when it has come back."""
    if out.merchant.suspended_at:
        return  # nothing is free
    rows = Account.objects.filter(
        merchant=out.merchant, owner__in=uuids, kind__in=USABLE, balance__gt=F("held_total")
    ).order_by("owner", "pk")
    moves: dict[str, list[Movement]] = {}
    for row in rows:
        of = account.Account(account.Kind(row.kind), row.owner, row.key)
        moves.setdefault(row.owner, []).append(Movement(of, row.held_total - row.balance))
    facts: list[tuple[datetime | None, Facts]] = [
        (None, Adjusted(cause=Cause.CLOSED, moves=tuple(some), customer=owner))
        for owner, some in moves.items()
    ]
    if facts:
        post_own(out, facts, shop=None, person_id=person_id)


def _recall(out: feed.Writing, uuids: Collection[str]) -> None:
    """Ask the tills for what they hold: no order will need it."""
    rows = Held.objects.filter(
        account__merchant=out.merchant,
        account__owner__in=uuids,
        account__kind__in=USABLE,
        amount__gt=0,
        segment__dead=False,
        segment__follower=None,
    )
    names = ("segment__terminal", "account__kind", "account__owner", "account__key")
    for terminal, kind, *whose in rows.order_by("pk").values_list(*names):
        of = account.Account(account.Kind(kind), *whose)
        out.say(Recalled(of), to=feed.to_terminal(terminal))


def _empty_gifts(gifts: Sequence[GiftCard], uuids: Collection[str]) -> None:
    """The money stays on the cards: whoever has one can use it."""
    for gift in gifts:
        gift.recipient = gift.email = gift.message = ""
        if gift.customer in uuids:
            gift.buyer = ""
        gift.save(update_fields=["buyer", "recipient", "email", "message"])
    GiftTurn.objects.filter(card__in=gifts).update(reason="")


def _empty_words(
    people: Sequence[Customer],
    uuids: Collection[str],
    *,
    aside: Sequence[JournalEntry],
    gifts: Sequence[GiftCard],
) -> None:
    """What somebody wrote about them; mails on their way are not sent."""
    OpenOrder.objects.filter(customer__in=uuids).delete()
    PointsNotice.objects.filter(customer__in=people).delete()
    Reminder.objects.filter(customer__in=people).delete()
    Consent.objects.filter(customer__in=people).update(said="")
    either = Q(into__in=people) | Q(member__in=people)
    Merge.objects.filter(either).update(reason="", undone_reason="")
    merchant = people[0].merchant_id
    about = Q(entry__customer__in=uuids) | Q(became__customer__in=uuids)
    # what was set aside has no customer of its own, and its incident its hash alone
    subjects = {*uuids, *(row.hash for row in aside), *(gift.fingerprint for gift in gifts)}
    about |= Q(entry__in=aside) | Q(incident__subject__in=subjects)
    theirs = Q(entry__merchant=merchant) | Q(incident__merchant=merchant)
    Ruling.objects.filter(about, theirs).update(reason="")


def _empty_lines(merchant: Merchant, people: Sequence[Customer]) -> None:
    """Lines of files of members that say their phone, e-mail, card or whole name."""
    codes = Card.objects.filter(customer__in=people).values_list("code", flat=True)
    said = {*codes}
    for one in people:
        # a file's are kept as they are compared, somebody's as they were typed
        said |= {one.phone, contact.phone(one.phone), one.email, contact.email(one.email)}
    named = Q(pk__in=())
    for text in said - {""}:
        named |= Q(told__contains=f'"{text}"')
    lines = ImportLine.objects.filter(of__merchant=merchant, of__kind=Kind.MEMBERS)
    lines = lines.annotate(told=Cast("facts", TextField()))
    whole = {f"{one.first_name} {one.last_name}".strip() for one in people}
    lines.filter(named | Q(named__in=whole)).delete()


def _retell(out: feed.Writing, keys: Collection[int]) -> None:
    """Tell every till to forget them; what the feed and snapshots said of them is not kept."""
    items = {item.id: item for item in customer_items(Customer.objects.filter(pk__in=keys))}
    bodies = {uuid: encode_item(item) for uuid, item in items.items()}
    marks = {uuid.encode(): body for uuid, body in bodies.items()}
    rewritten = []
    for pk, said in bulk.select(_SAID, out.merchant.pk, len(_MARK), _MARK):
        body = bytes(said)
        if mine := next((new for mark, new in marks.items() if mark in body), None):
            rewritten.append((mine, pk))
    bulk.update(FeedItem, ("body",), rewritten)
    Snapshot.objects.filter(terminal__merchant=out.merchant).delete()
    for item in items.values():
        out.say(item)
