# SPDX-License-Identifier: Apache-2.0
"""Lines of a file count once each, whatever cuts the work short, and tills are served meanwhile."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.utils import timezone

from hub.ledger.imports import members, work
from hub.ledger.models import Customer, JournalEntry
from hub.ledger.staging import Act, Import, ImportLine, Kind, Stage
from hub.merchants.models import Person, Role, Shop


def staged(shop: Shop, count: int, *, kind: Kind = Kind.MEMBERS) -> Import:
    """A file of so many people that somebody let count, nothing of it written."""
    boss = Person(email="boss@lucet.example", name="Boss", role=Role.MERCHANT)
    boss.merchant = shop.merchant
    boss.save()
    wanted = Import.objects.create(
        merchant=shop.merchant, kind=kind, shop=shop, person=boss, file_name="x.csv",
        lines=count, stage=Stage.APPLYING,
    )  # fmt: skip
    ImportLine.objects.bulk_create(
        ImportLine(of=wanted, n=n, act=Act.ADD, facts=facts_of(n)) for n in range(2, count + 2)
    )
    return wanted


def facts_of(n: int) -> dict[str, object]:
    return {"first_name": f"Ana {n}", "email": f"ana{n}@exemple.re", "member": True}


def no_rest(_seconds: float) -> None:
    pass


def test_a_file_is_written_once_however_often_it_is_asked_for(shop: Shop) -> None:
    wanted = staged(shop, 90)
    assert work.apply_due(rest=no_rest) == 90
    assert work.apply_due(rest=no_rest) == 0
    Import.objects.update(stage=Stage.APPLYING)
    assert work.apply_due(rest=no_rest) == 0, "no line is left after the last that counts"
    assert Customer.objects.filter(merchant=shop.merchant).count() == 90
    wanted.refresh_from_db()
    assert (wanted.stage, wanted.counts, wanted.applied) == (Stage.DONE, {"add": 90}, 91)


def test_what_fails_takes_its_whole_chunk_back_and_goes_on_from_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, calls, write = staged(shop, 90), [], members.Members.write

    def fails(self, out, every):
        write(self, out, every)
        calls.append(len(every))
        if len(calls) == 2:
            raise IntegrityError("the second chunk, after all of it was written")

    monkeypatch.setattr(members.Members, "write", fails)
    work.apply_due(rest=no_rest)
    wanted.refresh_from_db()
    assert (wanted.stage, wanted.counts) == (Stage.STOPPED, {"add": work.AT_ONCE})
    assert Customer.objects.count() == work.AT_ONCE
    assert JournalEntry.objects.filter(kind="joined").count() == work.AT_ONCE
    assert work.begin(wanted)
    work.apply_due(rest=no_rest)
    assert Customer.objects.count() == 90


def test_between_two_chunks_it_rests_as_long_as_one_took(shop: Shop) -> None:
    rests: list[float] = []
    staged(shop, 3 * work.AT_ONCE)
    work.apply_due(rest=rests.append)
    assert len(rests) == 3
    assert all(seconds > 0 for seconds in rests)


def test_a_till_saves_between_two_chunks(shop: Shop, till) -> None:
    """Its frame is posted while a file is half written: nothing waits for the end."""
    posted: list[int] = []

    def served(_seconds: float) -> None:
        if not posted:
            till.send()
            posted.append(Customer.objects.count())

    staged(shop, 3 * work.AT_ONCE)
    work.apply_due(rest=served)
    assert posted == [work.AT_ONCE]


def test_lines_are_forgotten_after_a_week_and_a_file_that_nobody_settled_is_dropped(
    shop: Shop,
) -> None:
    wanted = staged(shop, 3)
    Import.objects.update(stage=Stage.READY, made_at=timezone.now() - timedelta(days=8))
    assert work.tidy() == 1
    assert not ImportLine.objects.exists()
    wanted.refresh_from_db()
    assert wanted.stage == Stage.DROPPED
    assert not work.begin(wanted)


def test_a_file_that_is_on_its_way_is_never_forgotten(shop: Shop) -> None:
    staged(shop, 3)
    Import.objects.update(made_at=timezone.now() - timedelta(days=8))
    assert work.tidy() == 0
    assert ImportLine.objects.count() == 3


# ── killed in the middle ────────────────────────────────────────────────────────────────────────

_BEGIN = """
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
    from hub.merchants import registry
    from hub.programmes import publish
    from tests.hub.ledger.test_imports import staged
    lucet = registry.open_merchant("lucet", "Lucet", zone="Indian/Reunion", card_prefix="2000")
    publish.publish(lucet.pk)
    staged(registry.open_shop(lucet.pk, "Saint-Denis"), 400)
"""
_COUNT = """
    from hub.ledger.models import Customer, JournalEntry
    from hub.ledger.staging import Import
    one = Import.objects.get()
    joined = JournalEntry.objects.filter(kind="joined")
    print(one.stage, sum(one.counts.values()), Customer.objects.count(), joined.count(),
          len(set(joined.values_list("customer", flat=True))))
"""


def told(folder: Path, script: str) -> str:
    """What a program of the hub says that has its own database."""
    head = "import django; django.setup()\n"
    return subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(script)],
        env=environment(folder), check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


def applied(folder: Path) -> int:
    """How far the only import is, asked from outside."""
    with closing(sqlite3.connect(folder / "hub.sqlite3")) as database:
        return database.execute("SELECT applied FROM ledger_import").fetchone()[0]


def environment(folder: Path) -> dict[str, str]:
    whole = {"HUB_DATA": str(folder), "HUB_DATABASE_URL": "", "PYTHONPATH": str(Path.cwd())}
    return os.environ | whole | {"DJANGO_SETTINGS_MODULE": "hub.settings"}


@pytest.mark.row("D5", "M6")
def test_killed_in_the_middle_it_goes_on_where_it_was_and_no_line_counts_twice(
    tmp_path: Path,
) -> None:
    told(tmp_path, _BEGIN)
    jobs = [sys.executable, "-m", "hub", "run_jobs", "--once"]
    with subprocess.Popen(jobs, env=environment(tmp_path), stdout=subprocess.DEVNULL) as first:
        while first.poll() is None and not applied(tmp_path):
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL, "it was in the middle"
    stage, done, customers, entries, people = told(tmp_path, _COUNT).split()
    assert stage == "applying"
    assert 0 < int(done) < 400
    assert int(done) == int(customers) == int(entries) == int(people)
    subprocess.run(jobs, env=environment(tmp_path), check=True, stdout=subprocess.DEVNULL)
    assert told(tmp_path, _COUNT) == "done 400 400 400 400"
