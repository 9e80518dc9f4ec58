# SPDX-License-Identifier: Apache-2.0
"""A link that two people follow at once opens one door, on either database."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection

from hub.merchants import links
from hub.merchants.mailed import Link
from hub.merchants.models import Merchant, Person

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 60
AT = "http://testserver/lien/"


def signed_up(times: int) -> list[str]:
    """Somebody signs up several times; the secrets that they are mailed."""
    given = {"business": "Le Fournil", "name": "Marie", "zone": "Europe/Paris", "password": "x"}
    for _ in range(times):
        links.sign_up("marie@fournil.example", **given, page=AT, language="fr")
    links.send_due()
    return [letter.body.splitlines()[0].removeprefix(AT).rstrip("/") for letter in mail.outbox]


def at_once(acts: list[Callable[[], object]]) -> list[bool]:
    """Do all of these at the same time; whether each found its link spent."""

    def alone(act: Callable[[], object]) -> bool:
        try:
            act()
        except links.Spent:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(len(acts)) as threads:
        doing: list[Future] = [threads.submit(alone, act) for act in acts]
        return sorted(one.result(PATIENCE_S) for one in doing)


def test_one_link_followed_twice_makes_one_merchant(settings, tmp_path) -> None:
    settings.HUB_DATA = tmp_path
    (secret,) = signed_up(1)
    assert at_once([lambda: links.activate(secret)] * 2) == [False, True]
    assert (Merchant.objects.count(), Person.objects.count()) == (1, 1)


def test_two_links_of_one_address_make_one_merchant(settings, tmp_path) -> None:
    settings.HUB_DATA = tmp_path
    acts = [lambda secret=secret: links.activate(secret) for secret in signed_up(3)]
    assert at_once(acts) == [False, True, True]
    assert (Merchant.objects.count(), Person.objects.count()) == (1, 1)


def test_two_processes_mail_a_link_once(settings, tmp_path) -> None:
    signed_up(1)
    mail.outbox.clear()
    Link.objects.update(sent_at=None, claimed_at=None)
    assert at_once([links.send_due] * 4) == [False] * 4
    assert len(mail.outbox) == 1
