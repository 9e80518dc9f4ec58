# SPDX-License-Identifier: Apache-2.0
"""Contactless cards: what is read of a tag, and all of it again against a real pcscd."""

from collections.abc import Iterator

import pytest

from firmware.drivers import winscard
from firmware.drivers.base import Away, Connected, Event, Reading
from firmware.drivers.intake import Intake
from firmware.drivers.pcsc import PcscScanner
from firmware.drivers.supervise import Scanning
from firmware.drivers.winscard import PRESENT, UNKNOWN
from firmware.faults import BadSetting, NotInstalled, ServiceAway, Unplugged
from tests.firmware.drivers.contract import ScannerContract
from tests.firmware.drivers.events import eventually, heard
from tests.firmware.drivers.scanner_benches import FakePcsc, ScannerBench
from tests.firmware.drivers.virtual_card import READER, Daemon, Tag, missing

LEFT, RIGHT = "ACS ACR122U 00 00", "HID OMNIKEY 5022 01 00"
UID, OTHER = "04A1B2C3D4E580", "0411223344"


@pytest.fixture
def pcsc() -> FakePcsc:
    return FakePcsc()


@pytest.fixture
def listen(pcsc: FakePcsc):
    """Start a scanner at a URL and give what is heard of it."""
    started = []

    def start(url: str = "pcsc://any") -> Intake[Event]:
        intake: Intake[Event] = Intake()
        started.append(Scanning(PcscScanner(url, service=pcsc.open), first_pause_s=0.01))
        started[-1].start(intake.put)
        return intake

    yield start
    for scanning in started:
        scanning.stop()


def test_two_readers_at_once_say_which_one_read(pcsc, listen):
    pcsc.plug(LEFT)
    pcsc.plug(RIGHT)
    intake = listen()
    heard(intake, Connected)
    pcsc.lay(RIGHT, UID)
    assert heard(intake, Reading) == Reading(UID, RIGHT)
    pcsc.lay(LEFT, OTHER)
    assert heard(intake, Reading) == Reading(OTHER, LEFT)


def test_one_more_reader_is_found_while_the_first_works(pcsc, listen):
    pcsc.plug(LEFT)
    intake = listen()
    heard(intake, Connected)
    pcsc.plug(RIGHT)
    pcsc.lay(LEFT, UID)
    heard(intake, Reading)
    eventually(lambda: RIGHT in pcsc.watched)
    pcsc.lay(RIGHT, OTHER)
    assert heard(intake, Reading) == Reading(OTHER, RIGHT)
    pcsc.unplug(LEFT)
    pcsc.lay(RIGHT, UID)
    assert heard(intake, Reading) == Reading(UID, RIGHT)


def test_a_reader_is_chosen_by_part_of_its_name(pcsc, listen):
    pcsc.plug(LEFT)
    pcsc.plug(RIGHT)
    intake = listen("pcsc://Omnikey")
    heard(intake, Connected)
    pcsc.lay(LEFT, UID)
    pcsc.lay(RIGHT, OTHER)
    assert heard(intake, Reading) == Reading(OTHER, RIGHT)
    pcsc.unplug(RIGHT)
    assert isinstance(heard(intake, Away).fault, Unplugged)


def test_a_tag_that_lay_there_before_was_not_shown(pcsc, listen):
    pcsc.plug(LEFT)
    pcsc.lay(LEFT, UID)
    intake = listen()
    heard(intake, Connected)
    pcsc.lay(LEFT, OTHER)
    assert heard(intake, Reading).code == OTHER


def test_a_tag_that_flutters_at_the_edge_of_the_field_is_read_once(pcsc, listen):
    pcsc.plug(LEFT)
    intake = listen()
    heard(intake, Connected)
    for _ in range(4):
        pcsc.asked = ""
        pcsc.lay(LEFT, UID)
        eventually(lambda: pcsc.asked == UID)
        pcsc.lift(LEFT)
    pcsc.lay(LEFT, OTHER)
    assert [heard(intake, Reading).code for _ in range(2)] == [UID, OTHER]


def test_a_tag_without_a_number_is_no_reading(pcsc, listen):
    pcsc.plug(LEFT)
    intake = listen()
    heard(intake, Connected)
    pcsc.asked = UID
    pcsc.lay(LEFT, "")
    eventually(lambda: pcsc.asked == "")
    pcsc.lay(LEFT, UID)
    assert heard(intake, Reading).code == UID


def test_a_reader_without_a_name_is_refused():
    with pytest.raises(BadSetting, match="any"):
        PcscScanner("pcsc://")


def test_without_the_library_the_package_to_install_is_named(monkeypatch):
    monkeypatch.setattr(winscard, "_LIBRARY", "libpcsclite.so.none")
    winscard._library.cache_clear()
    try:
        with pytest.raises(NotInstalled, match="apt-get install -y pcscd"):
            winscard.Service()
    finally:
        winscard._library.cache_clear()


# ── a real pcscd, and Debian's virtual reader in it ─────────────────────────────────────────────


class Conversation(winscard.Service):
    """One that says when it is over."""

    over = False

    def close(self) -> None:
        super().close()
        self.over = True


class VirtualBench(ScannerBench):
    """A tag laid on a reader that pcscd, its driver and libpcsclite take for a real one.

    The reader itself can't be pulled out; its pcscd can be stopped.
    """

    away = ServiceAway

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._conversation: Conversation | None = None
        self.scanner = PcscScanner("pcsc://any", service=self._talk)
        self.plug()

    def show(self, card: str) -> None:
        tag = Tag(self._daemon.port, card)
        eventually(lambda: tag.read or self._stopped)
        tag.take_away()
        self._lifted()

    def flood(self) -> None:
        raise AssertionError("one card takes a second here")

    def unplug(self) -> None:
        self._daemon.stop()

    def plug(self) -> None:
        self._daemon.start()
        eventually(_reader_is_there)

    def _talk(self) -> Conversation:
        self._conversation = Conversation()
        return self._conversation

    @property
    def _stopped(self) -> bool:
        return self._conversation is None or self._conversation.over

    def _lifted(self) -> None:
        service = winscard.Service()
        eventually(lambda: not service.wait({READER: UNKNOWN}, 1)[READER] & PRESENT)
        service.close()


def _reader_is_there() -> bool:
    """Whether pcscd has found its reader: it answers a little earlier."""
    try:
        service = winscard.Service()
        found = READER in service.readers()
    except ServiceAway:
        return False
    service.close()
    return found


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A pcscd, not started yet, that this process finds."""
    if package := missing():
        pytest.skip(f"no virtual card reader here: apt-get install -y {package}")
    daemon = Daemon(tmp_path_factory.mktemp("pcscd"))
    with pytest.MonkeyPatch.context() as environment:
        # read once: libpcsclite remembers for ever where its pcscd is
        environment.setenv("PCSCLITE_CSOCK_NAME", str(daemon.socket))
        yield daemon
    daemon.stop()  # whatever became of the test that started it


class TestVirtualReader(ScannerContract):
    @pytest.fixture
    def bench(self, daemon):
        bench = VirtualBench(daemon)
        yield bench
        bench.close()

    # a card a second floods nobody
    test_a_scanner_that_goes_mad_neither_fills_memory_nor_keeps_the_loop_from_other_things = None
