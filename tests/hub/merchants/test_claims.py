# SPDX-License-Identifier: Apache-2.0
"""A code makes one board a terminal, once, soon, and nobody who does not know it."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from hub.merchants import authority, claims
from hub.merchants.claims import Reason, Refused
from hub.merchants.enrolment import BadTerminal
from hub.merchants.models import Claim, Terminal
from loyalty import claim
from tests.hub.merchants.test_authority import request

NAME = "saint-denis-1"
BOARD = "b" * 64


def asked(code: str, **other: str) -> bytes:
    facts = {"csr": request().decode(), "hw_id": BOARD} | other
    return claim.ask(claim.claim(code), facts, nonce=os.urandom(12))


def refused(question: bytes) -> Reason:
    with pytest.raises(Refused) as turned_away:
        claims.answer(question)
    return turned_away.value.reason


def test_a_board_that_knows_the_code_becomes_the_terminal(shop, settings):
    settings.HUB_BROKER_NAME, settings.HUB_BROKER_PORT = "mqtt.example", 8883
    code = claims.make(shop, NAME)
    question = asked(code)
    told = claim.read_answer(claim.claim(code), question, claims.answer(question))
    pem = told.pop("certificate").encode()
    assert abs(int(told.pop("at_ms")) / 1000 - timezone.now().timestamp()) < 60
    assert told == {
        "terminal": NAME,
        "gen": "1",
        "merchant": "maison-lucet",
        "shop": shop.pk,
        "lookup_key": shop.merchant.lookup_key,
        "host": "mqtt.example",
        "port": "8883",
        "authority": authority.here().pem.decode(),
    }
    made = x509.load_pem_x509_certificate(pem)
    made.verify_directly_issued_by(authority.here().certificate)
    assert [part.value for part in made.subject] == [NAME, "1"]
    terminal = Terminal.objects.get()
    assert (terminal.pk, terminal.gen, terminal.hw_id) == (NAME, 1, BOARD)


def test_the_code_is_nowhere_at_the_hub(shop):
    code = claims.make(shop, NAME)
    bare = code.replace("-", "")
    row = Claim.objects.values().get()
    assert not [value for value in row.values() if bare in str(value) or code in str(value)]


def test_a_code_works_once(shop):
    code = claims.make(shop, NAME)
    claims.answer(asked(code))
    assert refused(asked(code)) is Reason.USED
    assert Terminal.objects.get().gen == 1


def test_who_did_not_hear_the_answer_is_answered_again(shop):
    code = claims.make(shop, NAME)
    question = asked(code)
    first, second = (
        claim.read_answer(claim.claim(code), question, claims.answer(question)) for _ in range(2)
    )
    assert first["gen"] == second["gen"] == "1"
    assert Terminal.objects.get().gen == 1


def test_a_code_lasts_a_quarter_of_an_hour(shop):
    code = claims.make(shop, NAME)
    assert Claim.objects.get().expires_at <= timezone.now() + timedelta(minutes=15)
    Claim.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(asked(code)) is Reason.UNKNOWN
    claims.make(shop, "saint-denis-2")
    assert Claim.objects.get().terminal == "saint-denis-2", "those that are over are gone"


def test_a_new_code_ends_the_one_before(shop):
    old, new = claims.make(shop, NAME), claims.make(shop, NAME)
    assert refused(asked(old)) is Reason.UNKNOWN
    claims.answer(asked(new))


def test_a_wrong_code_and_a_wrong_key_are_turned_away_alike(shop):
    code = claims.make(shop, NAME)
    assert refused(asked("0000-0000-0000")) is Reason.UNKNOWN
    name = claim.claim(code).name
    facts = {"csr": request().decode(), "hw_id": BOARD}
    forged = claim.ask(claim.Claim(name, bytes(32)), facts, nonce=bytes(12))
    assert refused(forged) is Reason.UNKNOWN
    assert refused(b"") is Reason.UNKNOWN
    assert not Terminal.objects.exists()


@pytest.mark.parametrize("bad", [{"csr": ""}, {"csr": "x" * 2000}])
def test_who_asks_for_what_can_not_be_uses_no_code(shop, bad):
    code = claims.make(shop, NAME)
    assert refused(asked(code, **bad)) is Reason.UNFIT
    claims.answer(asked(code))


def test_enrolled_again_it_is_the_next_generation_and_the_old_certificate_is_revoked(
    shop, settings
):
    for _ in range(2):
        claims.answer(asked(claims.make(shop, NAME)))
    revoked = x509.load_pem_x509_crl((settings.HUB_BROKER_FILES / "revoked.crl").read_bytes())
    given = sorted((settings.HUB_DATA / "keys" / "terminals" / NAME).glob("*.crt"))
    serials = [x509.load_pem_x509_certificate(p.read_bytes()).serial_number for p in given]
    assert Terminal.objects.get().gen == 2
    assert [one.serial_number for one in revoked] == serials[:1]


def test_a_restored_hub_gives_no_generation_twice(shop):
    for _ in range(3):
        claims.answer(asked(claims.make(shop, NAME)))
    Terminal.objects.update(gen=1)  # a backup of then
    claims.answer(asked(claims.make(shop, NAME)))
    assert Terminal.objects.get().gen == 4


def test_a_name_of_another_merchants_terminal_gets_no_code(shop, stranger):
    with pytest.raises(BadTerminal, match="autre commerçant"):
        claims.make(shop, stranger.terminal.pk)
    with pytest.raises(BadTerminal, match="minuscules"):
        claims.make(shop, "Caisse 1")


def test_the_command_gives_a_code_and_says_what_to_correct(shop, capsys):
    call_command("claim", "--shop", shop.pk, "--terminal", NAME)
    said = capsys.readouterr()
    claims.answer(asked(said.out))
    assert f"./run enrol ADRESSE-DU-HUB {said.out.strip()}" in said.err
    with pytest.raises(CommandError, match="saint-denis"):
        call_command("claim", "--shop", "nowhere", "--terminal", NAME)
    with pytest.raises(CommandError, match="minuscules"):
        call_command("claim", "--shop", shop.pk, "--terminal", "Caisse 1")


@pytest.mark.django_db(transaction=True)
def test_two_boards_with_one_code_are_one_terminal(shop):
    code = claims.make(shop, NAME)

    def one(question: bytes) -> bytes | Reason:
        try:
            return claims.answer(question)
        except Refused as turned_away:
            return turned_away.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as boards:
        taken = list(boards.map(one, [asked(code) for _ in range(4)]))
    assert taken.count(Reason.USED) == 3
    assert Terminal.objects.get().gen == 1
