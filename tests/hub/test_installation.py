# SPDX-License-Identifier: Apache-2.0
"""What an operator got wrong is said at start, in words and in both languages."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from hub.settings import _database
from tests import postgres


def hub(url: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hub", *command],
        env=os.environ | {"HUB_DATA": str(folder), "HUB_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_postgresql_is_told_apart_in_all_its_parts() -> None:
    found = _database("postgresql://ana:p%40ss@db.example.re:5433/comptoir?sslmode=require")
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.postgresql", "comptoir")
    told = found["OPTIONS"]
    wanted = {"user": "ana", "password": "p@ss", "host": "db.example.re", "port": "5433"}
    assert wanted.items() <= told.items()
    assert told["sslmode"] == "require"


def test_no_url_makes_a_commit_less_than_durable() -> None:
    url = "postgresql://ana@db/comptoir?options=-c%20synchronous_commit%3Doff%20-c%20geqo%3Doff"
    told = _database(url)["OPTIONS"]["options"]
    assert told.rindex("synchronous_commit=on") > told.index("synchronous_commit=off")
    assert "geqo=off" in told


@pytest.mark.parametrize("url", ["comptoir", "mysql://ana@db/comptoir", "postgresql://ana@db"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"(?s)est illisible.*can't be read"):
        _database(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("comptoir", ["HUB_DATABASE_URL est illisible", "HUB_DATABASE_URL can't be read"]),
        ("postgresql://ana@127.0.0.1:1/comptoir", ["ne répond pas", "does not answer"]),
    ],
)
def test_the_bridge_ends_with_a_sentence(url: str, words: list[str], tmp_path: Path) -> None:
    ended = hub(url, tmp_path, "run_bridge")
    assert ended.returncode == 1
    assert all(word in ended.stderr for word in words)
    assert "Traceback" not in ended.stderr


@pytest.mark.postgresql
def test_a_server_that_forgets_in_a_power_cut_is_refused(tmp_path: Path) -> None:
    with postgres.running() as server:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET fsync = off")
        server.kill()
        server.start()
        ended = hub(server.url(), tmp_path, "run_bridge")
    assert ended.returncode == 1
    assert "fsync = off" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_broker_elsewhere_is_not_spoken_to_without_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_BROKER_PLAIN", "1")
    assert hub("", tmp_path, "check").returncode == 0
    monkeypatch.setenv("HUB_BROKER_HOST", "mqtt.example")
    refused = hub("", tmp_path, "check")
    assert refused.returncode == 1
    assert "HUB_BROKER_PLAIN est pour un courtier sur cet ordinateur" in refused.stderr
