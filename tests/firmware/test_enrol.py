# SPDX-License-Identifier: Apache-2.0
"""A board becomes a terminal: all of it or nothing, from the hub that gave the code and no other."""

import ast
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import polib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from firmware import config, enrol
from firmware.enrol import NotEnrolled
from loyalty import claim
from tests.firmware.model_authority import ModelAuthority

CODE = "7KQ2-M4XD-9RTB"
BOARD = "b" * 64


class ModelHub:
    """Knows one code, and answers as it is told to."""

    def __init__(self, **other: str) -> None:
        self.authority = ModelAuthority()
        self.key = claim.claim(CODE).key
        self.facts = {
            "terminal": "saint-denis-1",
            "gen": "1",
            "at_ms": "1795330800000",
            "merchant": "maison-lucet",
            "shop": "s1",
            "lookup_key": "07" * 32,
            "host": "mqtt.example",
            "port": "8883",
        } | other
        self.asked: list[dict[str, str]] = []

    def __call__(self, asked: bytes) -> bytes:
        told = claim.read_ask(self.key, asked)
        self.asked.append(told)
        request = x509.load_pem_x509_csr(told["csr"].encode())
        made = self.authority.sign(request.public_key(), self.facts["terminal"])
        facts = {"certificate": made, "authority": self.authority.pem} | self.facts
        return claim.answer(self.key, asked, facts, nonce=bytes(12))


def enrolled(path: Path, hub: Callable[[bytes], bytes], **hardware: object) -> config.Config:
    return enrol.enrol(path, CODE, ask=hub, hw_id=BOARD, hardware=hardware)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal" / "terminal.toml"


def test_the_terminal_starts_from_what_the_hub_told(path: Path) -> None:
    hub = ModelHub()
    made = enrolled(path, hub)
    assert config.load(path) == made
    assert (made.terminal, made.gen, made.merchant, made.shop) == (
        "saint-denis-1",
        1,
        "maison-lucet",
        "s1",
    )
    assert (made.host, made.port, made.lookup_key) == ("mqtt.example", 8883, b"\x07" * 32)
    assert hub.asked[0]["hw_id"] == BOARD
    assert made.enrolled_ms == 1_795_330_800_000


def test_nobody_else_on_the_board_reads_it(path: Path) -> None:
    enrolled(path, ModelHub())
    files = list(path.parent.iterdir())
    assert {file.name for file in files} == {
        "terminal.toml",
        "authority-1.crt",
        "identity-1.pem",
    }
    assert not any(file.stat().st_mode & 0o077 for file in files)


def test_the_key_never_leaves_the_board(path: Path) -> None:
    hub = ModelHub()
    made = enrolled(path, hub)
    assert made.identity
    pem = made.identity.pair.read_bytes()
    own = x509.load_pem_x509_certificate(pem).public_key()
    assert isinstance(own, ec.EllipticCurvePublicKey)
    assert b"PRIVATE KEY" in pem
    told = json.dumps(hub.asked)
    assert "PRIVATE" not in told
    request = x509.load_pem_x509_csr(hub.asked[0]["csr"].encode())
    spki = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert request.public_key().public_bytes(*spki) == own.public_bytes(*spki)


def test_what_hangs_on_the_board_is_kept_when_it_is_enrolled_again(path: Path) -> None:
    enrolled(path, ModelHub(), width=720, height=1280, scanners=("hid://",), printer="usb://any")
    again = enrolled(path, ModelHub(gen="2", host="other.example"), printer="mock:")
    assert (again.gen, again.host) == (2, "other.example")
    assert (again.width, again.height, again.scanners) == (720, 1280, ("hid://",))
    assert again.printer == "mock:"
    assert again.state == path.parent.resolve() / "state"
    assert sorted(file.name for file in path.parent.glob("*-*.*")) == [
        "authority-2.crt",
        "identity-2.pem",
    ]


def test_a_terminal_that_lost_its_certificates_can_be_enrolled_again(path: Path) -> None:
    enrolled(path, ModelHub())
    (path.parent / "identity-1.pem").unlink()
    assert enrolled(path, ModelHub(gen="2")).gen == 2


def test_what_another_terminal_has_not_sent_stays_where_it_is(path: Path) -> None:
    enrolled(path, ModelHub())
    other = enrolled(path, ModelHub(terminal="saint-paul-1"))
    assert other.state == path.parent.resolve() / "state-saint-paul-1"
    assert config.load(path).state == other.state


def refuses(path: Path, hub: Callable[[bytes], bytes], code: str = CODE) -> str:
    before = {file: file.read_bytes() for file in path.parent.glob("*")}
    with pytest.raises(NotEnrolled) as fault:
        enrol.enrol(path, code, ask=hub, hw_id=BOARD)
    assert {file: file.read_bytes() for file in path.parent.glob("*")} == before
    return str(fault.value)


def test_a_hub_that_does_not_know_the_code_is_not_believed(path: Path) -> None:
    enrolled(path, ModelHub())

    def forged(asked: bytes) -> bytes:
        return claim.answer(bytes(32), asked, ModelHub().facts, nonce=bytes(12))

    assert "ce n’est pas votre hub" in refuses(path, forged)
    assert "ce n’est pas votre hub" in refuses(path, lambda asked: asked)
    assert "ce n’est pas votre hub" in refuses(path, lambda _: b"")


def test_a_certificate_that_does_not_fit_is_not_taken(path: Path) -> None:
    hub, other = ModelHub(), ModelHub()
    stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
    for bad in (
        {"certificate": hub.authority.sign(stranger, "saint-denis-1")},
        {"authority": other.authority.pem},
        {"certificate": "none"},
        {"gen": "two"},
        {"at_ms": "today"},
        {"lookup_key": "xyz"},
    ):
        assert "ce n’est pas votre hub" in refuses(path, ModelHub(**bad))


def test_what_is_no_code_is_said_before_anybody_is_asked(path: Path) -> None:
    hub = ModelHub()
    assert "« 7KQ2 » n’est pas un code" in refuses(path, hub, "7KQ2")
    assert hub.asked == []


# ── over HTTP ───────────────────────────────────────────────────────────────────────────────────


class Web:
    """Answers over HTTP what the test says: each answer once, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes] | None] = []
        self.bodies: list[bytes] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                web.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                answer = web.answers[0]
                web.answers = web.answers[1:] or web.answers
                if answer is None:
                    self.connection.close()
                    return
                self.send_response(answer[0])
                self.end_headers()
                self.wfile.write(answer[1])

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_question_is_asked_again_as_it_was_when_no_answer_came(web: Web) -> None:
    web.answers = [None, (200, b"sealed")]
    assert enrol.over_http(f"{web.address}/")(b"question") == b"sealed"
    assert web.bodies == [b"question", b"question"]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, b'{"refused": "unknown"}', "un code vaut 15 minutes"),
        (403, b'{"refused": "used"}', "a déjà servi"),
        (403, b'{"refused": "unfit"}', "mettez son logiciel à jour"),
        (429, b'{"refused": "slow"}', "attendez un quart d’heure"),
        (404, b"<html>", "ne répond pas un hub de Comptoir"),
        (500, b"[]", "ne répond pas un hub de Comptoir"),
        (403, b'{"refused": []}', "ne répond pas un hub de Comptoir"),
    ],
)
def test_each_refusal_says_what_to_do(web: Web, status: int, body: bytes, words: str) -> None:
    web.answers = [(status, body)]
    with pytest.raises(NotEnrolled, match=words):
        enrol.over_http(web.address)(b"question")
    assert len(web.bodies) == 1


def test_a_hub_that_is_not_there_is_named(web: Web) -> None:
    web.answers = [None]
    for address in (web.address, web.address.replace("http:", "https:"), "http://", "a hub"):
        with pytest.raises(NotEnrolled, match="vérifiez l’adresse"):
            enrol.over_http(address)(b"question")


def test_every_sentence_has_its_english_and_no_english_is_left_over() -> None:
    said = set(enrol.REFUSED.values())
    for node in ast.walk(ast.parse(Path(enrol.__file__).read_text())):
        match node:
            case ast.Call(func=ast.Name("NotEnrolled"), args=[ast.Constant(value=str(text))]):
                said.add(text)
    catalogue = enrol._LOCALE / "en" / "LC_MESSAGES" / "enrol.po"
    assert {entry.msgid for entry in polib.pofile(str(catalogue))} == said


def test_a_refusal_is_told_in_both_languages() -> None:
    both = enrol.said(
        NotEnrolled(
            "« {code} » n’est pas un code : il a douze lettres et chiffres, comme 7KQ2-M4XD-9RTB.",
            code="7KQ2",
        )
    )
    assert both.splitlines() == [
        "« 7KQ2 » n’est pas un code : il a douze lettres et chiffres, comme 7KQ2-M4XD-9RTB.",
        "“7KQ2” is no code: it has twelve letters and digits, like 7KQ2-M4XD-9RTB.",
    ]
