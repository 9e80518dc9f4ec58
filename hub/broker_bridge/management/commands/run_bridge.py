# SPDX-License-Identifier: Apache-2.0
"""`python -m hub run_bridge`: the hub's second process, between the broker and the ledger.

Once, at its start: what an older version of this hub could not read is posted.

1. Take every frame that came in and write it into the inbox.
2. Answer the inbox frame by frame: post, commit, then acknowledge.
3. See off whom the hub has put out.
4. Once a minute: terminals that have gone silent, gift-card notices that are due, new merchants.
"""

import gc
import logging
import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from hub.broker_bridge.answers import DATABASE_FAULTS
from hub.broker_bridge.doorman import Doorman
from hub.broker_bridge.inbox import Worker
from hub.broker_bridge.link import Link, Received
from hub.broker_bridge.pokes import LEAST_S
from hub.broker_bridge.status import heard_lately, mark_silent
from hub.ledger import custody, notices, restored
from hub.ledger.waiting import post_waiting
from hub.merchants import authority, feed
from hub.merchants.models import Merchant, Terminal
from loyalty.topics import shard_of

log = logging.getLogger(__name__)

WAIT_S = 0.5
CHORES_EVERY_S = 60.0
DEAF_S = 150.0
"""Nobody heard that long, though each terminal speaks once a minute: a broker that lost a node may
have lost our subscription with it, and keeps the line alive."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
"""Before a database that was away is tried again."""


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT."""

    help = "Relie les terminaux au grand livre (le courtier MQTT doit être joignable)."

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[Any, Any]:
        return super().get_check_kwargs(options) | {"databases": ["default"]}

    def handle(self, *_args: object, **_options: object) -> None:
        stop = threading.Event()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: stop.set())
        ours, plain = authority.here(), settings.HUB_BROKER_PLAIN
        restored.check_witness()
        link = Link(
            settings.HUB_BROKER_HOST,
            settings.HUB_BROKER_PORT,
            epoch=feed.epoch(),
            shards=_shards(),
            identity=None if plain else ours.own,
        )

        link.fleet = _fleet()

        def see_off(terminal: str) -> None:
            with ours.stand_in(terminal) as identity:
                link.see_off(terminal, None if plain else identity)

        worker, doorman = Worker(link.send), Doorman(ours, see_off)
        if woken := post_waiting():
            log.info("entries that an older hub did not know posted=%s", woken)
        link.start()
        gc.collect()
        gc.freeze()  # what was imported stays: looking through it again and again costs a tenth
        try:
            run(link, worker, stop, doorman=doorman)
        finally:
            link.stop()


def run(
    link: Link, worker: Worker, stop: threading.Event, *, doorman: Doorman | None = None
) -> None:
    """The loop; what an earlier run left in the inbox comes first.

    While the database is away it waits, and keeps what came in.

    Raises:
        CommandError: the connection can't be mended from here; whoever started us starts us again.
    """
    chores_at_s, pause_s = 0.0, SHORTEST_PAUSE_S
    busy, frames, heard_s = True, list[Received](), time.monotonic()
    while not stop.is_set():
        wait_s = LEAST_S if worker.pokes.waiting or worker.granting else WAIT_S
        try:
            frames = frames or link.receive(0 if busy else wait_s)
            if frames:
                worker.store(frames)
                frames, heard_s = [], time.monotonic()
            busy = worker.work()
            worker.grant()
            link.live(feed.epoch())
            worker.pokes.watch()
            worker.poke()
            if doorman:
                doorman.look()
            if time.monotonic() > heard_s + DEAF_S:
                heard_s = time.monotonic()
                if heard_lately():
                    log.warning("no terminal heard for %d s: connecting anew", DEAF_S)
                    link.renew()
            if time.monotonic() >= chores_at_s:
                chores_at_s = time.monotonic() + CHORES_EVERY_S
                close_old_connections()
                _chores(link, worker)
                if not link.alive:
                    raise CommandError("La liaison avec le courtier s’est arrêtée : à relancer.")
            pause_s = SHORTEST_PAUSE_S
        except DATABASE_FAULTS as error:
            log.warning("database away, again in %s s error=%s", pause_s, error)
            close_old_connections()
            stop.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def _chores(link: Link, worker: Worker) -> None:
    for shard in _shards():
        link.serve(shard)
    link.fleet = _fleet()
    silent = mark_silent()
    sent, left = notices.send_due(), custody.see_off()
    log.info("bridge %s silent=%s notices=%s left=%s", worker.counts, silent, sent, left)


def _shards() -> set[int]:
    return {shard_of(merchant) for merchant in Merchant.objects.values_list("pk", flat=True)}


def _fleet() -> int:
    return Terminal.objects.filter(retired_at=None).count()
