# SPDX-License-Identifier: Apache-2.0
"""What a terminal seals, its merchant's key alone opens."""

import base64
import stat
from dataclasses import asdict

import pytest

from firmware.till.sealed import seal as seal_at_the_till
from hub.merchants import sealed
from loyalty.details import GiftDetails, PersonDetails


@pytest.fixture
def key(settings, tmp_path) -> str:
    settings.HUB_DATA = tmp_path
    return sealed.make_key("lucet")


@pytest.mark.parametrize(
    "details",
    [
        PersonDetails(last_name="Nguyễn Thị", phone="+262 692 12 34 56", email="a@b.re"),
        GiftDetails(code="ABCD", buyer="Łukasz", recipient="Ève", email="e@b.re", message="🎂"),
    ],
)
def test_the_hub_opens_what_the_till_sealed(key, details):
    text = seal_at_the_till(key, asdict(details))
    assert sealed.open_sealed("lucet", text) == asdict(details)
    assert sealed.open_sealed("lucet", sealed.seal(key, asdict(details))) == asdict(details)


def test_the_same_details_never_look_the_same(key):
    assert seal_at_the_till(key, {"a": "b"}) != seal_at_the_till(key, {"a": "b"})


def test_another_merchant_can_not_open_it(key):
    sealed.make_key("payet")
    with pytest.raises(sealed.Unsealable):
        sealed.open_sealed("payet", seal_at_the_till(key, {"a": "b"}))


@pytest.mark.parametrize("damage", ["", "%%%", "é", "AAAA", base64.b64encode(bytes(90)).decode()])
def test_damaged_text_is_told_from_details(key, damage):
    with pytest.raises(sealed.Unsealable):
        sealed.open_sealed("lucet", damage)


@pytest.mark.parametrize("clear", [b"[1]", b"nothing", b'{"a": 1}', b"\xff"])
def test_what_is_no_details_is_not_taken(key, clear):
    public = sealed.X25519PublicKey.from_public_bytes(base64.b64decode(key))
    text = base64.b64encode(sealed.SUITE.encrypt(clear, public, info=sealed.INFO)).decode()
    with pytest.raises(sealed.Unsealable):
        sealed.open_sealed("lucet", text)


def test_a_key_is_made_once_and_nobody_else_reads_it(key, tmp_path):
    path = tmp_path / "keys" / "lucet.x25519"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        sealed.make_key("lucet")
