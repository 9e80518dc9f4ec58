# SPDX-License-Identifier: Apache-2.0
"""From the page that gives a code to a terminal that is heard: over HTTP, TLS and a real broker."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from provisioning.demo.programs import Program, Programs
from tests.hands import until
from tests.journeys.test_sales import sign_in
from tests.journeys.world import World

NAME = "saint-pierre-9"


@pytest.fixture
def programs() -> Iterator[Programs]:
    """Programs that end with the test."""
    started = Programs()
    yield started
    started.stop()


def enrol(world: World, code: str, path: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "firmware", "enrol", world.house.web_url, code]
    argv += ["--config", str(path), "--screen", "720x1280"]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def code_of(world: World, page: Page) -> str:
    sign_in(world, page)
    page.goto(f"{world.house.web_url}terminaux/")
    page.get_by_role("link", name="Enrôler").click()
    page.get_by_label("Nom du terminal").fill(NAME)
    page.get_by_role("button", name="Donner un code").click()
    return page.locator(".code").inner_text()


def online(world: World) -> bool:
    return bool(world.at_hub("SELECT online FROM merchants_terminal WHERE id = ?", NAME))


def test_a_board_becomes_a_terminal_with_a_code_and_is_shut_out_by_the_next_one(
    world: World, page: Page, tmp_path: Path, programs: Programs
) -> None:
    first, second = (tmp_path / board / "terminal.toml" for board in ("first", "second"))
    code = code_of(world, page)
    done = enrol(world, code.lower().replace("-", " "), first)
    assert done.returncode == 0, done.stderr
    assert f"Terminal {NAME} enrôlé (génération 1)" in done.stdout
    start(programs, first)
    until(lambda: online(world), "the first board is heard")

    again = enrol(world, code, second)
    assert again.returncode != 0
    assert "Ce code a déjà servi" in again.stderr
    assert "This code was used before" in again.stderr
    assert not second.exists()

    page.context.clear_cookies()
    assert enrol(world, code_of(world, page), second).returncode == 0
    log = first.parent / "sync.log"
    until(lambda: "link lost" in log.read_text(), "the first board is seen off")
    assert not online(world)
    start(programs, second)
    until(lambda: online(world), "the second board is heard")
    assert world.at_hub("SELECT gen FROM merchants_terminal WHERE id = ?", NAME) == 2


def start(programs: Programs, settings: Path) -> None:
    argv = (sys.executable, "-m", "firmware", "sync", "--config", str(settings))
    env = {"RUNTIME_DIRECTORY": str(settings.parent / "ram")}
    (settings.parent / "ram").mkdir()
    programs.start(Program(settings.parent.name, argv, settings.parent / "sync.log", env))
