# SPDX-License-Identifier: Apache-2.0
"""What docs/api.md tells an integrator to type is typed, at a hub that was started for it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from hub.ledger.acts import create_gift_card
from hub.programmes.publish import keep_category, keep_product

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "api.md"
BLOCKS = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL_S = 60


def told(expected: object, answer: object, known: dict[str, str]) -> object:
    """What was expected with what was answered where the page only names it; learns the names."""
    match expected, answer:
        case "…", _:
            return answer
        case str(name), str(value) if name.startswith("$"):
            return known.setdefault(name[1:], value)
        case dict(), dict():
            return {key: told(one, answer.get(key), known) for key, one in expected.items()}
        case list(), list() if len(expected) == len(answer):
            pairs = zip(expected, answer, strict=True)
            return [told(one, other, known) for one, other in pairs]
    return expected


@pytest.mark.django_db(transaction=True)
def test_every_command_of_the_page_is_answered_as_it_says(program, shop, live_server) -> None:
    given = {"buyer": "Ana", "recipient": "Bob", "email": "bob@example.re"}
    card = create_gift_card(shop, cents=4000, **given)
    category = keep_category(shop.merchant_id, name="Soins")
    offer = {"kind": "service", "cents": 6000, "minutes": 45, "earns": True, "booking_points": 20}
    keep_product(shop.merchant_id, category=category, name="Soin du visage", **offer)
    known = {"HUB": live_server.url, "TOKEN": program.secret, "GIFT": card.code}

    first, *blocks = BLOCKS.findall(PAGE.read_text(encoding="utf-8"))
    assert "HUB=" in first[1], "what a reader sets"
    commands = [text for kind, text in blocks if kind == "sh"]
    answers = [text for kind, text in blocks if kind == "json"]
    assert len(commands) == len(answers) > 5
    for command, expected in zip(commands, answers, strict=True):
        done = subprocess.run(
            ["sh", "-eu", "-c", command],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **known},
            capture_output=True,
            text=True,
            timeout=SHELL_S,
            check=False,
        )
        answer = json.loads(done.stdout)
        assert answer == told(json.loads(expected), answer, known), command


@pytest.mark.django_db(transaction=True)
def test_the_page_to_try_it_on_loads_nothing_from_elsewhere(
    program, shop, live_server, browser
) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{live_server.url}/api/1/docs")
    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("auth-bearer-value").fill(program.secret)
    page.get_by_label("Apply credentials").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="List the shops").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text("saint-denis").first.wait_for()
    context.close()
    assert wrong == []
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {
        live_server.url.removeprefix("http://")
    }
