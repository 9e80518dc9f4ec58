# SPDX-License-Identifier: Apache-2.0
"""Links that people are mailed to prove an address: each works once, and lapses.

What a page asks for is a row; its secret is made when the mail is, and only its digest is kept.
"""

import hashlib
import logging
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import close_old_connections, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from hub.merchants import letters
from hub.merchants.deeds import Did
from hub.merchants.doing import note
from hub.merchants.mailed import Link, Purpose
from hub.merchants.models import Merchant, Person, Role
from hub.merchants.outgoing import deliver, unsent
from hub.merchants.registry import open_merchant

log = logging.getLogger(__name__)

LASTS: Final = timedelta(hours=48)
"""SPEC A2."""
AN_HOUR: Final = timedelta(hours=1)
MOST_AN_HOUR: Final = 3
"""Mails to one address: nobody is to be flooded by a page of ours."""
LONGEST_ID: Final = 34
"""Of a merchant's id, before a number is put behind it."""


class Spent(Exception):
    """The link was used, has lapsed, or never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody who signs up said; nothing of it exists before the link is followed."""

    business: str
    name: str
    zone: str
    password: str
    """Its hash."""


def sign_up(
    address: str, *, business: str, name: str, zone: str, password: str, page: str, language: str
) -> None:
    """Let somebody be mailed a link that makes their account, or told that they have one."""
    # hashed for whoever is known, too: the answer takes as long
    wanted = SignUp(business=business, name=name, zone=zone, password=make_password(password))
    person = _person(address)
    if person is None:
        _ask(Purpose.ACTIVATE, address, wanted=asdict(wanted), page=page, language=language)
    else:
        _ask(Purpose.PASSWORD, address, person=person, page=page, language=language)


def ask_again(address: str, *, page: str, language: str) -> None:
    """Let whoever has an account choose a password, and whoever signed up be mailed again."""
    person = _person(address)
    if person is not None:
        _ask(Purpose.PASSWORD, address, person=person, page=page, language=language)
        return
    waiting = _usable().filter(address=address, purpose=Purpose.ACTIVATE).order_by("-pk").first()
    if waiting is not None:
        _ask(Purpose.ACTIVATE, address, wanted=waiting.wanted, page=page, language=language)


def invite(person: Person, *, page: str, language: str) -> None:
    """Let somebody for whom an account was opened choose its first password."""
    _ask(Purpose.PASSWORD, person.email, person=person, page=page, language=language)


def ask_new_address(person: Person, address: str, *, page: str, language: str) -> None:
    """Let an address that nobody has be mailed a link that makes it the account's.

    Whoever asks is not told whether somebody has it.
    """
    if _person(address) is None:
        _ask(Purpose.ADDRESS, address, person=person, page=page, language=language)


def find(secret: str) -> Link:
    """The link of a secret, which it leaves as it is.

    Raises:
        Spent: it can't be used.
    """
    found = _usable().filter(digest=_digest(secret)).select_related("person").first()
    if found is None:
        raise Spent
    return found


def activate(secret: str) -> Person:
    """Make the merchant and the account that were signed up.

    Raises:
        Spent: the link can't be used.
    """
    with transaction.atomic():
        link = _use(secret, Purpose.ACTIVATE)
        wanted = SignUp(**link.wanted)
        merchant = open_merchant(_free_id(wanted.business), wanted.business, zone=wanted.zone)
        person = Person.objects.create(
            email=link.address,
            name=wanted.name,
            role=Role.MERCHANT,
            merchant=merchant,
            password=wanted.password,
        )
        note(Did.ACTIVATED, by=person, about=person)
        return person


def choose_password(secret: str, password: str) -> Person:
    """Give the account its new password: every session of it ends.

    Raises:
        Spent: the link can't be used.
    """
    with transaction.atomic():
        person = _use(secret, Purpose.PASSWORD).person
        if person is None:
            raise Spent
        person.set_password(password)
        person.save(update_fields=["password"])
        note(Did.PASSWORD_CHOSEN, by=person, about=person)
        return person


def take_address(secret: str) -> Person:
    """Give the account its new address, and tell the old one.

    Raises:
        Spent: the link can't be used, or somebody has the address by now.
    """
    with transaction.atomic():
        link = _use(secret, Purpose.ADDRESS)
        person = link.person
        if person is None or _person(link.address) is not None:
            raise Spent
        old, person.email = person.email, link.address
        person.save(update_fields=["email"])
        note(Did.ADDRESS_CHANGED, by=person, about=person)
        # what was mailed to the old address opens nothing any more
        Link.objects.filter(person=person, used_at=None).update(used_at=timezone.now())
    try:
        letters.address_changed(person, old, language=link.language).send()
    except (OSError, ValueError) as error:
        log.warning("change of address not told id=%s error=%s", link.pk, type(error).__name__)
    return person


def send_due() -> int:
    """Mail the links that were asked for and not sent yet; gives how many were."""
    now = timezone.now()
    # nobody gets into a merchant's space that was closed meanwhile
    inside = Person.objects.filter(Q(merchant=None) | Q(merchant__closed_at=None))
    due = _usable().filter(Q(person=None) | Q(person__in=inside), unsent(now))
    due = due.select_related("person__merchant").order_by("pk")
    return deliver(due, _with_secret, whose=_merchant_of, now=now)


def send_soon() -> None:
    """Mail them beside the answer: it takes as long whether there is one to send or not."""
    threading.Thread(target=_send_and_close, name="links", daemon=True).start()


# ── inside ──────────────────────────────────────────────────────────────────────────────────────


def _with_secret(link: Link) -> EmailMessage:
    """Its mail, with a secret that is nowhere else."""
    secret = secrets.token_urlsafe(32)
    Link.objects.filter(pk=link.pk).update(digest=_digest(secret))
    return letters.letter(link, secret)


def _merchant_of(link: Link) -> str | None:
    return link.person.merchant_id if link.person else None


def _ask(
    purpose: Purpose,
    address: str,
    *,
    page: str,
    language: str,
    person: Person | None = None,
    wanted: dict[str, str] | None = None,
) -> None:
    now = timezone.now()
    if person is not None and not person.may_enter:
        return
    lately = Link.objects.filter(address=address, made_at__gt=now - AN_HOUR)
    if lately.count() >= MOST_AN_HOUR:
        return
    Link.objects.create(
        purpose=purpose,
        address=address,
        person=person,
        wanted=wanted or {},
        page=page,
        language=language,
        made_at=now,
    )


def _use(secret: str, purpose: Purpose) -> Link:
    """Use it up, and with it the others of the same address: of two at once, one has it."""
    address = find(secret).address
    unused = Link.objects.filter(address=address, used_at=None)
    others = list(unused.select_for_update().order_by("pk"))
    link = find(secret)  # somebody may have been quicker
    if link.purpose != purpose:
        raise Spent
    Link.objects.filter(pk__in=[one.pk for one in others]).update(used_at=timezone.now())
    return link


def _usable() -> models.QuerySet[Link]:
    return Link.objects.filter(used_at=None, made_at__gt=timezone.now() - LASTS)


def _person(address: str) -> Person | None:
    return Person.objects.filter(email=address).first()


def _free_id(business: str) -> str:
    """An id for a merchant that nobody has, after its name: maison-lucet-2."""
    stem = slugify(business)[:LONGEST_ID].strip("-") or "commerce"
    taken = set(Merchant.objects.filter(pk__startswith=stem).values_list("pk", flat=True))
    names = (f"{stem}-{n}" if n > 1 else stem for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _send_and_close() -> None:
    try:
        send_due()
    finally:
        close_old_connections()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
