# SPDX-License-Identifier: Apache-2.0
"""At the hub's machine: the first operator's account, and one who lost their phone."""

import io

import pytest
from django.core.management import CommandError, call_command

from hub.merchants import factor
from hub.merchants.doing import deeds_about
from hub.merchants.models import Person

EMAIL = "odile@hub.example"


def opened(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("open_operator", EMAIL.upper(), name="Odile Payet", stdout=io.StringIO())


@pytest.mark.row("A3", "A6")
def test_an_operator_is_made_at_the_machine_by_the_rule_for_passwords(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="une majuscule"):
        opened(monkeypatch, "comptoir-2026!")
    opened(monkeypatch, "Comptoir-2026!")
    person = Person.objects.get()
    assert (person.email, person.role) == (EMAIL, "operator")
    assert person.check_password("Comptoir-2026!")
    with pytest.raises(CommandError, match="déjà un compte"):
        opened(monkeypatch, "Comptoir-2026!")


@pytest.mark.row("A9")
def test_the_only_operator_who_lost_their_phone_is_let_in_at_the_machine(
    db: None, monkeypatch: pytest.MonkeyPatch, settings, tmp_path
) -> None:
    settings.HUB_DATA = tmp_path
    opened(monkeypatch, "Comptoir-2026!")
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("reset_factor", EMAIL, reason="volé")
    person = Person.objects.get()
    secret = factor.new_secret()
    factor.set_up(person, secret, factor.code_now(secret))
    call_command("reset_factor", EMAIL, reason="volé", stdout=io.StringIO())
    person.refresh_from_db()
    assert person.factor == ""
    assert deeds_about(person).first().reason == "volé"
