# SPDX-License-Identifier: Apache-2.0
"""Slow down whoever guesses, in every web process alike: tries are counted in the database.

A try is written down before it is answered, so that many at once get no further than one by one.
Unknown accounts are counted like known ones: the answer does not tell them apart.
"""

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from hub.merchants.signing import Try


class What(StrEnum):
    """What is tried."""

    PASSWORD = "password"  # noqa: S105 (a word)
    CODE = "code"
    """The second factor."""
    LINK = "link"
    """Asking for a mail: signing up, or a password forgotten."""
    ENROL = "enrol"
    """A board with a claim code."""
    GIFT = "gift"
    """A gift card's number at a till on the web."""
    PIN = "pin"
    """A manager's, at a shop's account."""


class Of(StrEnum):
    """Whose tries are counted together."""

    PAIR = "pair"
    """An account from one address: who mistypes stops here, and nobody else is shut out."""
    ACCOUNT = "account"
    """An account from everywhere: many addresses gain nothing."""
    ADDRESS = "address"
    """All accounts from one address: one password tried on many gains nothing."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries in how long."""

    most: int
    within: timedelta


_QUARTER: Final = timedelta(minutes=15)
LIMITS: Final[Mapping[What, Mapping[Of, Limit]]] = {
    What.PASSWORD: {
        Of.PAIR: Limit(10, _QUARTER),
        Of.ACCOUNT: Limit(50, _QUARTER),
        Of.ADDRESS: Limit(100, _QUARTER),
    },
    # who is here knows the password; three codes of a million are right at any moment
    What.CODE: {Of.PAIR: Limit(5, _QUARTER), Of.ACCOUNT: Limit(30, timedelta(days=1))},
    What.LINK: {Of.ADDRESS: Limit(20, timedelta(hours=1))},
    What.ENROL: {Of.ADDRESS: Limit(10, _QUARTER)},
    What.GIFT: {Of.ACCOUNT: Limit(10, timedelta(minutes=1))},
    What.PIN: {Of.ACCOUNT: Limit(5, _QUARTER)},
}
KEPT: Final = timedelta(days=2)


class TooMany(Exception):
    """No further try before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A try that was let through, and counts as failed until something else is said."""

    keys: tuple[str, ...]
    own: tuple[int, ...]
    closed_until: datetime | None
    """Set: it was the last one; if it fails there is none before that moment."""

    def undo(self) -> None:
        """It was no guess: do not count it."""
        Try.objects.filter(pk__in=self.own).delete()

    def succeeded(self) -> None:
        """Forget it, and what was mistyped before it; other accounts' tries still count."""
        self.undo()
        Try.objects.filter(key=self.keys[0]).delete()


def attempt(what: What, *, address: str, account: str = "") -> Attempt:
    """Count a try, before it is answered.

    Args:
        what: what is tried.
        address: where it comes from, as `address_of` says.
        account: whose it is said to be, known or not.

    Raises:
        TooMany: it is not to be answered at all.
    """
    now = timezone.now()
    limits = LIMITS[what]
    keys = {of: _key(what, of, account=account, address=address) for of in limits}
    rows = Try.objects.bulk_create([Try(key=key, at=now) for key in keys.values()])
    own = tuple(row.pk for row in rows)
    last = False
    until = now
    for of, limit in limits.items():
        theirs = Try.objects.filter(key=keys[of], at__gt=now - limit.within)
        newest = list(theirs.order_by("-pk").values_list("at", flat=True)[: limit.most + 1])
        if len(newest) > limit.most:
            Try.objects.filter(pk__in=own).delete()
            raise TooMany(newest[-1] + limit.within)
        if len(newest) == limit.most:
            last, until = True, max(until, newest[-1] + limit.within)
    return Attempt(keys=tuple(keys.values()), own=own, closed_until=until if last else None)


def forget(what: What, *, address: str, account: str) -> None:
    """Let an account be tried again, from here at once: its owner has proved who they are."""
    keys = [_key(what, of, account=account, address=address) for of in (Of.PAIR, Of.ACCOUNT)]
    Try.objects.filter(key__in=keys).delete()


def tidy() -> int:
    """Delete tries that count no more; gives how many."""
    return Try.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy, what that proxy put last into its header.

    Empty when nobody says (a socket that is a file).
    """
    told = request.headers.get("X-Forwarded-For", "") if settings.HUB_BEHIND_PROXY else ""
    for said in (told.rpartition(",")[2].strip(), request.META.get("REMOTE_ADDR", "")):
        try:
            return str(ipaddress.ip_address(said))
        except ValueError:
            continue
    return ""


def _key(what: What, of: Of, *, account: str, address: str) -> str:
    parts = {
        Of.PAIR: (account, _net(address)),
        Of.ACCOUNT: (account,),
        Of.ADDRESS: (_net(address),),
    }
    return hashlib.sha256("|".join((what, of, *parts[of])).encode()).hexdigest()


def _net(address: str) -> str:
    """An IPv6 address counts with its neighbours: a household has more of them than we could."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))
