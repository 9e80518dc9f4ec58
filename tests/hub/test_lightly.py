# SPDX-License-Identifier: Apache-2.0
"""What is committed lightly is committed, and what comes after it waits for the disk again."""

import pytest
from django.db import IntegrityError, connection

from hub.broker_bridge.models import Inbox
from hub.merchants.lightly import lightly

FULL = {"sqlite": ("PRAGMA synchronous", 2), "postgresql": ("SHOW synchronous_commit", "on")}


def durability() -> object:
    with connection.cursor() as cursor:
        cursor.execute(FULL[connection.vendor][0])
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_only_what_is_inside_does_not_wait_for_the_disk() -> None:
    full = FULL[connection.vendor][1]
    assert durability() == full
    with lightly():
        assert durability() != full
        Inbox.objects.create(topic="t", payload=b"f")
    assert durability() == full
    assert Inbox.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_undone_and_durability_comes_back() -> None:
    with pytest.raises(IntegrityError), lightly():
        Inbox.objects.bulk_create([Inbox(pk=1, topic="t", payload=b"f"), Inbox(pk=1)])
    assert durability() == FULL[connection.vendor][1]
    assert not Inbox.objects.exists()


@pytest.mark.django_db
def test_inside_a_transaction_it_is_a_part_of_it() -> None:
    with lightly():
        Inbox.objects.create(topic="t", payload=b"f")
        assert durability() == FULL[connection.vendor][1]
    assert Inbox.objects.count() == 1
