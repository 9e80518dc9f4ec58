# SPDX-License-Identifier: Apache-2.0
"""What falls due by itself: what breaks at one merchant keeps nobody waiting, and is told."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from hub.ledger import birthdays, retention, running, sizing
from hub.ledger.appointments import Appointment
from hub.ledger.jobs import JobFailure, JobRun
from hub.ledger.models import Account, Customer
from hub.merchants.deeds import Deed, Did
from hub.merchants.models import Merchant
from tests.hub.console.browsing import opened
from tests.hub.console.test_costs import queries
from tests.hub.console.test_retention import YEARS, absent_since, state
from tests.hub.console.world import World, appointment, baguette

JOBS = "/commerces/travaux/"
CLOSE = "/commerces/maison-lucet/fermer/"
BECAUSE = {"reason": "Il cesse son activité"}


def read(client: Client) -> str:
    return client.get(JOBS).content.decode()


def lose_zone(merchant: Merchant) -> None:
    """Nothing that has a day can be done there any more."""
    Merchant.objects.filter(pk=merchant.pk).update(zone="Nulle/Part")


def find_zone(merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(zone="Indian/Reunion")


# ── one merchant apart from the others ──────────────────────────────────────────────────────────


def test_what_breaks_at_one_merchant_keeps_no_other_waiting(world: World) -> None:
    lose_zone(world.iles)  # before Maison Lucet in the order
    meeting = appointment(world.denis, world.elodie, starts_at=timezone.now() - timedelta(days=1))
    with pytest.raises(ZoneInfoNotFoundError):
        birthdays.celebrate_due()
    counts = running.run()
    assert counts["rendez-vous"] == 1
    meeting.refresh_from_db()
    assert meeting.state == "done"
    world.lucet.refresh_from_db()
    assert world.lucet.kept_on, "a job behind those that broke, at the other merchant"
    broken = set(JobFailure.objects.values_list("job", "merchant"))
    assert ("absents", world.iles.pk) in broken
    assert not {merchant for _job, merchant in broken} - {world.iles.pk}


def test_a_failure_is_counted_while_it_lasts_and_gone_when_it_is_over(world: World) -> None:
    lose_zone(world.iles)
    running.run(["absents"])
    first = JobFailure.objects.get()
    running.run(["absents"])
    again = JobFailure.objects.get()
    assert (again.times, again.since, again.last_at > first.last_at) == (2, first.since, True)
    assert (again.error, again.place.split(":")[0]) == (
        "ZoneInfoNotFoundError",
        "hub/ledger/retention.py",
    )
    find_zone(world.iles)
    running.run(["absents"])
    assert not JobFailure.objects.exists()


def test_what_a_failure_says_names_nobody() -> None:
    error = ValueError("zoe@exemple.re has 'Zoé' and 0692123456 twice\nDETAIL: Key (email)=(zoe)")
    assert running._message(error) == "… has … and … twice"


def test_a_job_that_breaks_before_any_merchant_lets_the_others_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise RuntimeError("no idea")

    monkeypatch.setattr(running, "JOBS", (("points", broken), *running.JOBS[2:]))
    assert running.run()["visites"] == 0
    assert JobFailure.objects.get().merchant is None
    assert JobRun.objects.get(job="visites").ended_at


def test_sqlite_looks_how_full_its_tables_are_when_it_starts_each_hour_and_when_asked(
    world: World,
) -> None:
    if connection.vendor != "sqlite":
        assert sizing.look_due() == 0, "the server looks by itself"
        return
    assert running.run([sizing.JOB])[sizing.JOB] > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'ledger_customer'")
        assert "persons_listed" in {name for (name,) in cursor.fetchall()}
    now = timezone.now()
    assert sizing.look_due(now=now) == 0
    assert sizing.look_due(now=now + sizing.EVERY) > 0
    running.ask(sizing.JOB)
    assert running.run(running.asked())[sizing.JOB] > 0
    assert sizing.look_due(now=now) == 0


# ── a closed merchant ───────────────────────────────────────────────────────────────────────────


def test_at_a_closed_merchant_nothing_is_given_or_taken_until_it_opens_again(
    world: World, odile: Client
) -> None:
    appointment(world.denis, world.elodie, starts_at=timezone.now() - timedelta(days=1))
    appointment(world.port, world.chloe, starts_at=timezone.now() - timedelta(days=1))
    odile.post(CLOSE, BECAUSE)
    before = list(Account.objects.filter(merchant=world.lucet).values_list("balance", flat=True))
    assert running.run()["rendez-vous"] == 1, "the other merchant's"
    held = list(Account.objects.filter(merchant=world.lucet).values_list("balance", flat=True))
    assert held == before
    odile.post(CLOSE, BECAUSE)
    assert running.run()["rendez-vous"] == 1
    assert not Appointment.objects.exclude(state="done").exists()


def test_a_closed_merchant_forgets_whom_the_law_wants_forgotten(
    world: World, odile: Client
) -> None:
    now = timezone.now()
    zoe = world.till.join("Zoé", "Técher", serial=1)
    world.till.send()
    absent_since(zoe, now - YEARS, email="zoe@exemple.re")
    # nothing credits it any more, and nobody waits for her there
    appointment(world.denis, zoe, starts_at=now - YEARS)
    assert retention.keep_due(now=now) == 0
    odile.post(CLOSE, BECAUSE)
    assert retention.keep_due(now=now + timedelta(days=1)) == 1
    assert state(zoe) == "warned"
    assert retention.keep_due(now=now + timedelta(days=40)) == 1
    assert state(zoe) == "forgotten"


def test_what_the_tills_of_a_closed_merchant_still_send_is_counted(
    world: World, odile: Client
) -> None:
    running.run()
    odile.post(CLOSE, BECAUSE)
    world.till.sell(baguette(1000), customer=world.elodie)
    world.till.send()
    assert running.run()["chiffres"] > 0
    assert Customer.objects.filter(merchant=world.lucet).exists()


# ── the page ────────────────────────────────────────────────────────────────────────────────────


def test_the_page_says_that_nobody_does_them_and_how_to_begin(world: World, odile: Client) -> None:
    assert "Personne n’a encore fait ces travaux." in read(odile)
    running.run()
    assert "./run hub run_jobs" not in read(odile)
    JobRun.objects.update(ended_at=timezone.now() - timedelta(hours=2))
    assert "Personne ne fait ces travaux depuis" in read(odile)


def test_what_broke_comes_first_with_its_merchant_and_its_message(
    world: World, odile: Client
) -> None:
    lose_zone(world.iles)
    running.run(["absents"])
    find_zone(world.iles)
    lines = odile.get(JOBS).context["lines"]
    assert (lines[0].job, lines[0].broke) == ("absents", True)
    page = read(odile)
    assert "Librairie des Îles" in page
    assert "ZoneInfoNotFoundError (hub/ledger/retention.py:" in page


def test_a_merchant_is_behind_where_nothing_broke_and_nothing_was_done(
    world: World, odile: Client
) -> None:
    appointment(world.denis, world.elodie, starts_at=timezone.now() - timedelta(days=3))
    running.run(["points"])
    lines = odile.get(JOBS).context["lines"]
    assert (lines[0].job, lines[0].broke) == ("rendez-vous", False)
    assert lines[0].troubles[0].merchant == world.lucet
    running.run(["rendez-vous"])
    assert not any(line.troubles for line in odile.get(JOBS).context["lines"])


def test_a_job_that_is_asked_for_runs_alone_and_is_not_asked_for_any_more(
    world: World, odile: Client
) -> None:
    page = odile.post(JOBS, {"job": "absents"}, follow=True).content.decode()
    assert "« Qui ne vient plus » est redemandé" in page
    assert running.asked() == ["absents"]
    assert list(running.run(running.asked())) == ["absents"]
    assert running.asked() == []
    assert odile.post(JOBS, {"job": "nothing"}).status_code == 404


def test_the_loop_does_what_is_asked_for_without_waiting_for_its_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.ledger.management.commands import run_jobs

    class Stop:
        """Somebody asks during the first pause, and the program is stopped after the second."""

        pauses = 0

        def set(self) -> None: ...
        def is_set(self) -> bool:
            return self.pauses >= 2

        def wait(self, _pause_s: float) -> bool:
            self.pauses += 1
            if self.pauses == 1:
                running.ask("absents")
            return self.is_set()

    monkeypatch.setattr(run_jobs.threading, "Event", Stop)
    monkeypatch.setattr(run_jobs.signal, "signal", lambda *_: None)
    monkeypatch.setattr(run_jobs, "close_old_connections", lambda: None)
    call_command("run_jobs")
    assert running.asked() == []


def test_many_failures_ask_no_more_than_few(world: World, odile: Client) -> None:
    running.run()
    lose_zone(world.iles)
    running.run()
    queries(odile, JOBS)
    few = queries(odile, JOBS)
    lose_zone(world.lucet)
    running.run()
    assert queries(odile, JOBS) <= few


@pytest.mark.row("A10")
def test_the_operator_has_a_job_done_again(
    browser: Browser, transactional_db: None, live_server: Any, world: World, odile: Client
) -> None:
    lose_zone(world.iles)
    running.run()
    page = opened(browser, live_server.url, odile)
    page.goto(f"{live_server.url}/commerces/")
    page.get_by_role("navigation").get_by_role("link", name="Travaux").first.click()
    row = page.get_by_role("row").filter(has_text="Qui ne vient plus")
    expect(row).to_contain_text("échoue")
    expect(row).to_contain_text("Librairie des Îles")
    find_zone(world.iles)
    row.get_by_role("button", name="Refaire").click()
    expect(row).to_contain_text("redemandé")
    running.run(running.asked())
    page.reload()
    expect(row).to_contain_text("en ordre")
    page.context.close()
    assert Deed.objects.get(did=Did.JOB_ASKED).about == "job:absents"
