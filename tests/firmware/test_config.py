# SPDX-License-Identifier: Apache-2.0
"""The settings: read once, every mistake named at once, secrets never shown."""

from pathlib import Path

import pytest

from firmware.config import Config, Identity, load, written
from firmware.faults import BadSetting
from loyalty.topics import shard_of

GOOD = """
terminal = "saint-denis-1"
gen = 1
enrolled_ms = 1795330800000
merchant = "maison-lucet"
shop = "s1"
lookup_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
state = "state"
[broker]
host = "127.0.0.1"
port = 1884
authority = "authority-1.crt"
identity = "identity-1.pem"
[screen]
width = 720
height = 1280
language = "en"
[drivers]
scanners = ["mock:", "serial:///dev/ttyACM0"]
printer = "tcp://10.0.0.9:9100"
signal = "gpio://17,27,22"
"""

TRUST = 'authority = "authority-1.crt"\nidentity = "identity-1.pem"\n'
PLAIN = GOOD.replace(TRUST, "plain = true\n")


def read(folder: Path, text: str) -> Config:
    file = folder / "terminal.toml"
    file.write_text(text, encoding="utf-8")
    (folder / "authority-1.crt").touch()
    (folder / "identity-1.pem").touch()
    return load(file)


def mistakes(folder: Path, text: str) -> str:
    with pytest.raises(BadSetting) as fault:
        read(folder, text)
    return str(fault.value)


def test_what_the_hub_wrote_is_read(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD)
    assert (config.terminal, config.gen, config.merchant) == ("saint-denis-1", 1, "maison-lucet")
    assert config.lookup_key == bytes(range(32))
    assert config.enrolled_ms == 1_795_330_800_000
    assert config.state == tmp_path / "state"
    assert config.identity == Identity(
        authority=tmp_path / "authority-1.crt", pair=tmp_path / "identity-1.pem"
    )
    assert (config.host, config.port) == ("127.0.0.1", 1884)
    assert (config.width, config.height, config.language) == (720, 1280, "en")
    assert config.scanners == ("mock:", "serial:///dev/ttyACM0")
    assert config.shard == shard_of("maison-lucet")


def test_screen_and_drivers_may_be_left_out(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD[: GOOD.index("[screen]")])
    assert (config.width, config.height, config.language) == (800, 480, "fr")
    assert (config.scanners, config.printer, config.signal) == (("mock:",), "mock:", "mock:")


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    said = mistakes(
        tmp_path,
        GOOD.replace("saint-denis-1", "Saint Denis")
        .replace("gen = 1", "gen = true")
        .replace("port = 1884", 'port = "1884"')
        .replace('shop = "s1"', "")
        .replace('language = "en"', 'language = "de"')
        .replace('scanners = ["mock:", "serial:///dev/ttyACM0"]', 'scanners = "mock:"'),
    )
    for name in (
        "terminal",
        "gen",
        "broker.port",
        "shop",
        "screen.language",
        "drivers.scanners",
    ):
        assert f"« {name} »" in said
    assert "« shop » manque" in said
    assert said.count("\n") == 6


def test_a_misspelt_setting_is_guessed(tmp_path: Path) -> None:
    said = mistakes(tmp_path, GOOD.replace("[broker]\nhost", "[broker]\nhots"))
    assert "« broker.hots » n’est pas un réglage connu. Vouliez-vous dire « broker.host » ?" in said
    assert "« broker.host » manque" in said


def test_a_bad_key_is_refused_and_never_shown(tmp_path: Path) -> None:
    for key in ("00ff", "secret-secret", "0" * 63):
        said = mistakes(tmp_path, GOOD.replace(GOOD.split('lookup_key = "')[1][:64], key))
        assert "64 chiffres hexadécimaux" in said
        assert key not in said


def test_a_file_that_is_missing_or_no_toml_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="pas enrôlé"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(BadSetting, match="illisible"):
        load(tmp_path)
    assert "TOML" in mistakes(tmp_path, "terminal = ")
    (tmp_path / "latin.toml").write_bytes(b'terminal = "\xe9"')
    with pytest.raises(BadSetting, match="TOML"):
        load(tmp_path / "latin.toml")


def test_text_that_python_would_fill_in_is_shown_as_it_is(tmp_path: Path) -> None:
    assert "{x}" in mistakes(tmp_path, GOOD.replace("saint-denis-1", "{x}"))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD)
    assert read(tmp_path, written(config, tmp_path)) == config
    plain = read(tmp_path, PLAIN)
    assert read(tmp_path, written(plain, tmp_path)) == plain


def test_without_tls_the_broker_is_on_this_computer(tmp_path: Path) -> None:
    assert read(tmp_path, PLAIN).identity is None
    said = mistakes(tmp_path, PLAIN.replace("127.0.0.1", "192.0.2.7"))
    assert "« broker.plain »" in said
    assert "127.0.0.1" in said


def test_a_terminal_without_its_certificates_says_to_enrol_again(tmp_path: Path) -> None:
    said = mistakes(tmp_path, GOOD.replace(TRUST, ""))
    assert "« broker.authority » manque" in said
    assert "« broker.identity » manque" in said
    said = mistakes(tmp_path, GOOD.replace("identity-1.pem", "identity-2.pem"))
    assert said.count("\n") == 1
    assert f"{tmp_path / 'identity-2.pem'} manque, enrôlez à nouveau" in said
