# SPDX-License-Identifier: Apache-2.0
"""Tills that ask a web service again and again over connections they keep, and how long it took."""

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from statistics import quantiles
from typing import Final

from provisioning.demo.ports import LOOPBACK

PATIENCE_S: Final = 120.0
"""The first request waits until a worker has imported all of pretix."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How some clients at once were served."""

    per_s: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Who sells at which pretix, with which cards."""

    port: int
    slug: str
    key: str
    cards: Sequence[int]

    def transact(self, *, clients: int, requests: int) -> Pace:
        """Take one cent from card after card, so many times, by so many clients at once.

        Raises:
            RuntimeError: a request was not answered with 200.
        """
        # each has cards of its own: nobody waits for another's lock
        hands = [self.cards[number::clients] for number in range(clients)]
        began_s = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            times = [*pool.map(lambda hand: self._client(hand, requests // clients), hands)]
        passed_s = time.perf_counter() - began_s
        every = [took_ms for each in times for took_ms in each]
        percent = quantiles(every, n=100)
        return Pace(len(every) / passed_s, percent[49], percent[98])

    def _client(self, cards: Sequence[int], requests: int) -> list[float]:
        link = HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE_S)
        try:
            return [self._one(link, card) for card in islice(cycle(cards), requests)]
        finally:
            link.close()

    def _one(self, link: HTTPConnection, card: int) -> float:
        began_s = time.perf_counter()
        link.request(
            "POST",
            f"/api/v1/organizers/{self.slug}/giftcards/{card}/transact/",
            body=json.dumps({"value": "-0.01", "text": "bench"}),
            headers={"Authorization": f"Token {self.key}", "Content-Type": "application/json"},
        )
        answer = link.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {said[:300]!r}")
        return (time.perf_counter() - began_s) * 1000
