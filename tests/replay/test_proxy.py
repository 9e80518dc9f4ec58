# SPDX-License-Identifier: Apache-2.0
"""A shop's network as the replay cuts it: torn and refused, or silent and lost."""

import socket
from collections.abc import Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from provisioning.demo.ports import LOOPBACK, Ports
from tests.cast import somewhere
from tests.replay.proxy import Line, lines

Shop = tuple[Line, int]
"""The line, and the port of its near end."""


class Echo(StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(line)


@pytest.fixture
def shop() -> Iterator[Shop]:
    port = Ports().take(somewhere())
    with ThreadingTCPServer((LOOPBACK, 0), Echo) as far:
        far.daemon_threads = True
        far.block_on_close = False
        Thread(target=far.serve_forever, daemon=True).start()
        with lines({1: port}, to=far.server_address[1]) as made:
            yield made[1], port
        far.shutdown()


def call(port: int) -> socket.socket:
    return socket.create_connection((LOOPBACK, port), timeout=20)


def said_back(near: socket.socket, word: bytes) -> bytes:
    """What comes back; nothing when the connection is torn."""
    try:
        near.sendall(word)
        return near.recv(100)
    except ConnectionError:
        return b""


def test_a_line_carries_what_is_said_both_ways(shop: Shop) -> None:
    _, port = shop
    with call(port) as near:
        assert said_back(near, b"hello\n") == b"hello\n"


def test_a_cut_line_tears_what_was_open_and_refuses_until_it_is_mended(shop: Shop) -> None:
    line, port = shop
    with call(port) as before:
        assert said_back(before, b"hello\n")
        line.cut()
        with call(port) as meanwhile:
            assert said_back(meanwhile, b"hello\n") == b""
        assert said_back(before, b"hello\n") == b""
    line.mend()
    with call(port) as after:
        assert said_back(after, b"hello\n") == b"hello\n"


def test_what_a_silent_line_was_told_is_lost(shop: Shop) -> None:
    line, port = shop
    with call(port) as before:
        assert said_back(before, b"hello\n")
        line.hush()
        before.sendall(b"anybody?\n")
        line.mend()
        assert said_back(before, b"hello\n") == b""
    with call(port) as after:
        assert said_back(after, b"hello\n") == b"hello\n"


def test_a_line_that_lags_says_everything_all_the_same(shop: Shop) -> None:
    line, port = shop
    line.lag(0.05)
    with call(port) as near:
        assert said_back(near, b"hello\n") == b"hello\n"


def test_a_line_tears_once_in_the_middle_of_a_word(shop: Shop) -> None:
    line, port = shop
    with call(port) as before:
        assert said_back(before, b"hello\n") == b"hello\n"
        line.tear_after(3)
        assert said_back(before, b"hello\n") == b""
    with call(port) as after:
        assert said_back(after, b"hello\n") == b"hello\n"


def test_a_line_leads_elsewhere(shop: Shop) -> None:
    line, port = shop
    with socket.create_server((LOOPBACK, 0)) as other, call(port) as before:
        assert said_back(before, b"hello\n") == b"hello\n"
        line.lead(other.getsockname()[1])
        assert said_back(before, b"hello\n") == b""
        with call(port), other.accept()[0] as met:
            met.sendall(b"here\n")
