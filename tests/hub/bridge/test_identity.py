# SPDX-License-Identifier: Apache-2.0
"""Who is let in at the broker and heard by the hub: faults 24, 26, 39, 40, 41 and 57, on sockets.

A real Mosquitto as the demo starts it, the real bridge, the real link of a terminal. Each defence
is taken out once, to see that its absence would be seen.
"""

import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import paho.mqtt.client as mqtt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from firmware.sync import link as firmware_link
from hub.broker_bridge.doorman import Doorman
from hub.broker_bridge.models import Inbox
from hub.ledger import custody
from hub.ledger.models import JournalEntry
from hub.merchants import authority as hub_authority
from hub.merchants.authority import Authority
from hub.merchants.models import Terminal
from loyalty.topics import down_topic, up_topic
from loyalty.wire import Poke, encode_frame
from provisioning.demo.broker import Broker
from provisioning.demo.broker import broker as demo_broker
from provisioning.demo.ports import Ports, listening
from provisioning.demo.programs import Programs
from tests.guest import client, lets_in
from tests.hub.bridge.house import OTHERS, OURS, QUIET_S, Board, House, hello, house
from tests.hub.bridge.own import HUB, PATIENCE_S, SHARD

__all__ = ["house"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_enrolled_terminal_is_let_in_and_answered(house: House) -> None:
    board = house.board()
    assert board.connects()
    board.greets()
    assert board.is_answered()
    opened = board.link._client and board.link._client.socket()
    assert isinstance(opened, ssl.SSLSocket)
    assert opened.version() == "TLSv1.3"
    assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    board.link.cut()


# ── 24: somebody in between ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[Broker]:
    """A broker that would let anybody in, with an authority of its own."""
    programs = Programs()
    port = Ports().take(20_000 + os.getpid() % 10_000)
    made = demo_broker(tmp_path / "impostor", port, log=tmp_path / "impostor.log")
    conf = tmp_path / "impostor" / "broker" / "mosquitto.conf"
    text = conf.read_text().replace("require_certificate true", "require_certificate false")
    text = text.replace("allow_anonymous false", "allow_anonymous true").replace("crlfile", "#")
    conf.write_text(text.replace("use_", "#").replace("acl_file", "#"))
    programs.start(made.program)
    programs.wait_until(lambda: listening(port), what="the impostor")
    yield made
    programs.stop()


def test_fault_24_a_terminal_says_nothing_to_a_broker_of_another_authority(
    house: House, impostor: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = house.board()
    fooled = Board(replace(board.config, port=impostor.port))
    assert not fooled.connects(timeout_s=3 * QUIET_S)
    assert not fooled.link.send(b"a sale")

    def careless(*args: object, **more: object) -> ssl.SSLContext:
        return ssl._create_unverified_context()

    monkeypatch.setattr(firmware_link, "_tls", careless)
    assert fooled.connects(), "without the check it would have been fooled"
    fooled.link.cut()


def test_fault_24_a_captive_portal_is_no_broker(house: House) -> None:
    def portal() -> None:
        with suppress(OSError):
            while True:
                caller, _address = server.accept()
                with caller:
                    caller.recv(4096)
                    caller.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://log.in/\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=portal, daemon=True).start()
        board = house.board()
        lured = Board(replace(board.config, port=server.getsockname()[1]))
        assert not lured.connects(timeout_s=2 * QUIET_S)


def test_fault_24_a_name_that_is_not_the_brokers_is_not_called(house: House) -> None:
    board = house.board(host="127.0.0.2")
    assert not board.connects(timeout_s=2 * QUIET_S)


# ── 26: a clock that starts in 1970 ─────────────────────────────────────────────────────────────


def test_fault_26_dates_do_not_count_while_the_clock_is_not_trusted_and_count_afterwards(
    authority: Authority, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = house.board()
    # seen from 1970 every certificate is of tomorrow
    monkeypatch.setattr(hub_authority, "SINCE", NOW + timedelta(days=1))
    authority.equip(house.files, ["new.example"])
    house.reload_broker()
    assert board.connects()
    board.greets()
    assert board.is_answered()
    board.link.cut()
    board.clock.trusted = True
    assert not board.connects(timeout_s=2 * QUIET_S), "without leave to pass over dates"


# ── 39: strangers ───────────────────────────────────────────────────────────────────────────────


def test_fault_39_who_has_no_certificate_does_not_get_in(house: House) -> None:
    bare = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    bare.tls_set(str(house.files / "authority.crt"))
    assert not lets_in(bare, house.broker.port)
    assert not lets_in(mqtt.Client(mqtt.CallbackAPIVersion.VERSION2), house.broker.port)


def test_fault_39_without_asking_for_certificates_the_broker_would_let_them_in(
    house: House, impostor: Broker
) -> None:
    bare = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    bare.tls_set(str(house.folder / "impostor" / "broker" / "authority.crt"))
    assert lets_in(bare, impostor.port)


def test_fault_39_a_certificate_of_another_authority_does_not_get_in(house: House) -> None:
    own, other = Authority(house.folder / HUB / "keys"), Authority(house.folder / "other" / "keys")
    forged = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    forged.tls_set(str(own.own("x").authority), str(other.own(OURS).pair))
    assert not lets_in(forged, house.broker.port)
    assert lets_in(client(house.folder / HUB, OURS), house.broker.port), "ours does"


NOW: Final = datetime.now(UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [("YEARS", timedelta(days=-1)), ("SINCE", NOW + timedelta(days=1))],
    ids=["expired", "not yet valid"],
)
def test_fault_39_a_certificate_out_of_its_time_does_not_get_in(
    house: House, name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_authority, name, value)
    assert not lets_in(client(house.folder / HUB, OURS), house.broker.port)


def test_fault_39_who_is_signed_by_us_and_not_enrolled_leaves_no_trace(house: House) -> None:
    known = house.board()
    Authority(house.folder / HUB / "keys").sign(
        ec.generate_private_key(ec.SECP256R1()).public_key(), "somebody-else", gen=1
    )
    stranger = client(house.folder / HUB, "somebody-else")
    stranger.connect("127.0.0.1", house.broker.port)
    stranger.loop_start()
    frame = encode_frame(hello("somebody-else", 1))
    stranger.publish(up_topic(SHARD, "somebody-else"), frame, 1).wait_for_publish(PATIENCE_S)
    house.until(lambda: house.worker.counts.strangers == 1)
    stranger.disconnect()
    stranger.loop_stop()
    assert not Terminal.objects.exclude(pk=known.config.terminal).exists()
    assert not JournalEntry.objects.exists()
    house.until(lambda: not Inbox.objects.exists())


# ── 40: in another's name ───────────────────────────────────────────────────────────────────────


def overhears(house: House) -> tuple[bool, bool]:
    """Whether a terminal is heard on another's topic, and hears what another is told."""
    intruder, victim = house.board(OURS), house.board(OTHERS)
    assert intruder.connects()
    line = intruder.link._client
    assert line
    line.subscribe([(down_topic(OTHERS), 1), ("lk/1/dn/+", 1), ("#", 1), ("$SYS/#", 1)])
    line.publish(up_topic(SHARD, OTHERS), encode_frame(hello(OTHERS, 1)), qos=1)
    line.publish(down_topic(OTHERS), encode_frame(Poke(epoch="", latest=9)), qos=1)
    intruder.drive(lambda: False, timeout_s=QUIET_S)
    spoke = Terminal.objects.filter(pk=OTHERS, last_contact__isnull=False).exists()
    told = encode_frame(Poke(epoch="e", latest=99))
    house.link.send(down_topic(OTHERS), told)
    intruder.drive(lambda: False, timeout_s=QUIET_S)
    intruder.link.cut()
    assert not victim.link.up
    return spoke, told in intruder.came


def test_fault_40_on_anothers_topic_nobody_is_heard_and_nobody_hears(house: House) -> None:
    assert overhears(house) == (False, False)


def test_fault_40_without_the_list_of_topics_both_would_happen(house: House) -> None:
    rules = house.files / "acl"
    rules.write_text("topic readwrite #\npattern readwrite lk/1/#/%u\npattern readwrite #\n")
    house.reload_broker()
    assert overhears(house) == (True, True)


@pytest.mark.parametrize("facts", [{"terminal": OTHERS}, {"gen": 2}, {"gen": 0}])
def test_fault_40_a_frame_in_anothers_name_on_its_own_topic_is_dropped_by_the_hub(
    house: House, facts: dict[str, object]
) -> None:
    house.board(OTHERS)
    board = house.board(OURS)
    assert board.connects()
    board.greets(**facts)
    house.until(lambda: house.worker.counts.strangers == 1)
    assert not board.is_answered(timeout_s=QUIET_S)
    assert not Terminal.objects.filter(last_contact__isnull=False).exists()
    board.greets()
    assert board.is_answered()
    board.link.cut()


# ── 41: put out ─────────────────────────────────────────────────────────────────────────────────


def test_fault_41_a_retired_terminal_loses_its_connection_and_gets_no_other(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    board, neighbour = house.board(OURS), house.board(OTHERS)
    assert board.connects()
    assert neighbour.connects()
    custody.retire(Terminal.objects.get(pk=OURS))
    assert board.drive(lambda: not board.link.up), "it was open"
    assert not board.connects(timeout_s=2 * QUIET_S)
    assert firmware_link.TURNED_AWAY in caplog.text, "whoever reads the log learns why"
    assert neighbour.link.up
    neighbour.greets()
    assert neighbour.is_answered(), "its neighbour is none the worse"
    # and the second one that is put out, as the first
    custody.retire(Terminal.objects.get(pk=OTHERS))
    assert neighbour.drive(lambda: not neighbour.link.up)
    assert not neighbour.connects(timeout_s=2 * QUIET_S)


def test_fault_41_without_the_doorman_the_connection_would_stay(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Doorman, "look", lambda _: None)
    board = house.board()
    assert board.connects()
    hub_authority.revoke(Terminal.objects.get(pk=OURS))
    assert not board.drive(lambda: not board.link.up, timeout_s=2 * QUIET_S)
    board.link.cut()
    assert not board.connects(timeout_s=2 * QUIET_S)


def test_fault_41_without_the_list_of_the_revoked_it_would_come_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_authority, "_tell", lambda _: None)
    board = house.board()
    assert board.connects()
    hub_authority.revoke(Terminal.objects.get(pk=OURS))
    assert board.drive(lambda: not board.link.up)
    assert board.connects()
    board.link.cut()


def test_fault_41_a_session_of_before_opens_no_door(house: House) -> None:
    board = house.board()
    identity = board.config.identity
    assert identity
    context = firmware_link._tls(identity, clock_trusted=True)
    greeting = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04abcd"

    def call(session: ssl.SSLSession | None) -> tuple[bytes, ssl.SSLSession | None]:
        raw = socket.create_connection(("127.0.0.1", house.broker.port), timeout=PATIENCE_S)
        with context.wrap_socket(raw, server_hostname="127.0.0.1", session=session) as line:
            line.sendall(greeting)
            return line.recv(10), line.session

    taken, session = call(None)
    assert taken == b"\x20\x02\x00\x00"
    assert call(session)[0] == taken, "while it is welcome"
    hub_authority.revoke(Terminal.objects.get(pk=OURS))
    time.sleep(QUIET_S)
    with suppress(OSError):
        assert call(session)[0] == b""


# ── 57: an older generation ─────────────────────────────────────────────────────────────────────


def test_fault_57_the_board_of_before_is_shut_out_when_another_becomes_the_terminal(
    house: House,
) -> None:
    old = house.board()
    assert old.connects()
    kept = [old.config.identity.authority, old.config.identity.pair]  # type: ignore[union-attr]
    copies = {path: path.read_bytes() for path in kept}
    new = house.board()
    for path, text in copies.items():
        path.write_bytes(text)
    assert (old.config.gen, new.config.gen) == (1, 2)
    assert old.drive(lambda: not old.link.up)
    assert new.connects()
    assert not old.connects(timeout_s=2 * QUIET_S)
    assert new.drive(lambda: new.link.up)
    new.greets()
    assert new.is_answered()
    # whatever reached the hub in its name: the generation is not the present one
    answered = house.worker.counts.answered
    house.worker.store([(up_topic(SHARD, OURS), encode_frame(hello(OURS, old.config.gen)))])
    house.until(lambda: house.worker.counts.strangers == 1)
    assert house.worker.counts.answered == answered
    new.link.cut()
