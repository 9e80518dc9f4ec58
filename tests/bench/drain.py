# SPDX-License-Identifier: Apache-2.0
"""Entries that waited for the network: how fast they go, beside posting the same from memory.

Two terminals sell the same baskets with their line down. One's frames are handed to `ledger.post`
in this process: the floor. The other's go their whole way: its sync, the broker, the bridge, the
ledger, and back until the terminal has noted the hub's acknowledgement.
"""

import gc
import time
from pathlib import Path

from firmware.store import cursors, journal
from loyalty.wire import Batch, decode_up, encode_fitting
from tests.bench.figure import Figure, median
from tests.bench.scene import Scene, Seller, database_name, endless, scene, until

MEMORY, WIRE = 1, 2
"""The two stores."""
ROUNDS = 4
ENTRIES = 20_000
BASKETS = 12_000
GOAL_RATIO = 0.5
GOAL_RATE = 2_600.0
LOOK_S = 0.01


def measure(folder: Path) -> list[Figure]:
    """Drain 20,000 entries in rounds, each beside its floor."""
    database = database_name()
    with scene(folder, stores=(MEMORY, WIRE), baskets=BASKETS) as here:
        floors, rates = _rounds(here)
    ratio = median(rate / floor for rate, floor in zip(rates, floors, strict=True))
    return [
        Figure(
            name=f"drain of {ENTRIES:,} entries, {database}",
            value=median(rates),
            unit="entries/s",
            floor=median(floors),
            beside="ledger.post fed the same frames from memory",
            goal=f"≥ {GOAL_RATIO} × floor and ≥ {GOAL_RATE:,.0f}/s",
            held=ratio >= GOAL_RATIO and median(rates) >= GOAL_RATE,
        )
    ]


def _rounds(here: Scene) -> tuple[list[float], list[float]]:
    memory, wire = here.seller(MEMORY), here.seller(WIRE)
    here.programs.start(here.sync(WIRE))
    ours, theirs = endless(here.baskets), endless(here.baskets)
    gc.collect()
    gc.freeze()  # as the bridge does
    floors, rates = [], []
    for _ in range(ROUNDS):
        until(lambda: wire.settled, "the feed is read")
        cursors.set_network(wire.db, on=False)
        memory.sell(ours, ENTRIES // ROUNDS // 2)
        wire.sell(theirs, ENTRIES // ROUNDS // 2)
        floors.append(_from_memory(memory))
        rates.append(_over_the_wire(wire))
    return floors, rates


def _from_memory(shop: Seller) -> float:
    """Entries a second that posting takes in frame by frame; the terminal notes it afterwards."""
    from hub.ledger import post

    number, seconds = 0, 0.0
    while batch := journal.batch_to_send(shop.db):
        said = Batch(
            terminal=shop.config.terminal, gen=shop.config.gen, segment=batch.segment, lo=batch.lo
        )
        _, lines = decode_up(encode_fitting(said, batch.raws)[0])
        began = time.perf_counter()
        ack = post.post(said.terminal, said, lines)
        seconds += time.perf_counter() - began
        journal.acknowledge(shop.db, ack.segment, upto=ack.upto, head=ack.head)
        number += len(lines)
    return number / seconds


def _over_the_wire(shop: Seller) -> float:
    """Entries a second from the moment the line is up to the last acknowledgement noted."""
    number = journal.waiting(shop.db)
    began = time.perf_counter()
    cursors.set_network(shop.db, on=True)
    until(lambda: shop.all_sent, "everything is acknowledged", pause_s=LOOK_S)
    return number / (time.perf_counter() - began)
