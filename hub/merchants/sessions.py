# SPDX-License-Identifier: Apache-2.0
"""The browsers in which somebody is signed in, so that they can be seen and ended.

Sessions are Django's, in the database; beside each is a row of where it is and when it was seen.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.merchants.models import Merchant, Person
from hub.merchants.signing import OpenSession
from hub.merchants.tries import address_of

EVERY: Final = timedelta(minutes=5)
"""How exactly it is known when a session was last seen: a page need not write each time."""
NOTED: Final = "noted"
"""Where a session keeps under which key it was last noted, and when."""
LONGEST_AGENT: Final = 300

_BROWSERS: Final = (
    # each names those it descends from as well: the youngest first
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS: Final = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Chromebook", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


class Seen:
    """Middleware: notes where somebody is signed in, and when they were last seen there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # an answer that asked for no session is everybody's
        if request.session.accessed and request.session.get(SESSION_KEY):
            _note(request)
        return response


def of(person: Person) -> list[OpenSession]:
    """Where somebody is signed in, the newest use first."""
    noted = list(OpenSession.objects.filter(person=person).order_by("-seen_at", "-pk"))
    living = _living([row.key for row in noted])
    return [row for row in noted if row.key in living]


def end(person: Person, session: int) -> None:
    """Sign somebody out of one browser."""
    _end([row for row in of(person) if row.pk == session])


def end_others(person: Person, *, but: str | None) -> int:
    """Sign somebody out everywhere but in the session of a key; gives how many that were."""
    others = [row for row in of(person) if row.key != but]
    _end(others)
    return len(others)


def end_all_of(merchant: Merchant) -> None:
    """Sign everybody of a merchant out everywhere."""
    _end(list(OpenSession.objects.filter(person__merchant=merchant)))


def device(agent: str) -> str:
    """Name a browser and its machine: « Firefox sur Windows »."""
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Navigateur inconnu")


def tidy() -> int:
    """Delete sessions that have lapsed, and rows of such as are gone; gives how many rows."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    living = Session.objects.values("session_key")
    return OpenSession.objects.exclude(key__in=living).delete()[0]


def _note(request: HttpRequest) -> None:
    session, now = request.session, timezone.now()
    if session.session_key is None:
        session.create()
    key, at = session.get(NOTED, ("", 0))
    if key == session.session_key and now.timestamp() - at < EVERY.total_seconds():
        return
    session[NOTED] = (session.session_key, now.timestamp())
    where = {
        "agent": request.headers.get("User-Agent", "")[:LONGEST_AGENT],
        "address": address_of(request) or None,
        "seen_at": now,
    }
    OpenSession.objects.update_or_create(
        key=session.session_key,
        defaults=where,
        create_defaults={**where, "person_id": int(session[SESSION_KEY]), "since": now},
    )


def _end(rows: list[OpenSession]) -> None:
    Session.objects.filter(session_key__in=[row.key for row in rows]).delete()
    OpenSession.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _living(keys: list[str]) -> set[str]:
    there = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(there.values_list("session_key", flat=True))


def _first(kinds: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, mark in kinds if re.search(mark, agent)), "")
