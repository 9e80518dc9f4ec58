# SPDX-License-Identifier: Apache-2.0
"""Whoever tries the demo reads the mails that did not leave, and follows their links."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client

from hub.merchants import links
from tests.hub.console.test_accounts import MARIE
from tests.hub.console.world import World

ADDRESS = "/courrier/"


@pytest.fixture
def folder(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Mails become files, as on a hub without a mail server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mails"
    settings.HUB_MAILBOX = True
    monkeypatch.setattr(links, "send_soon", links.send_due)
    return settings.EMAIL_FILE_PATH


def read() -> str:
    return Client().get(ADDRESS).content.decode()


@pytest.mark.row("A2")
def test_somebody_signs_up_and_follows_the_link_in_the_mailbox(world: World, folder: Path) -> None:
    assert "Aucun e-mail encore." in read()
    Client().post("/inscription/", MARIE)
    page = read()
    assert "Activez votre compte Comptoir" in page
    assert "marie@fournil.example" in page
    link = re.search(r'href="http://testserver(/lien/[\w-]+/)"', page)
    assert link
    assert Client().post(link[1]).status_code == 302


def test_the_newest_comes_first_and_nothing_in_a_mail_is_obeyed(world: World, folder: Path) -> None:
    for subject in ("Le premier", "Le <script>alert(1)</script> second"):
        mail.EmailMessage(subject, "Été à l’œuvre\n<b>gras</b>", to=["a@b.example"]).send()
    page = read()
    assert page.index("second") < page.index("Le premier")
    assert "<script>alert" not in page
    assert "&lt;b&gt;gras" in page
    assert "Été à l’œuvre" in page


def test_elsewhere_there_is_no_mailbox(world: World, folder: Path, settings) -> None:
    settings.HUB_MAILBOX = False
    assert Client().get(ADDRESS).status_code == 404
