# SPDX-License-Identifier: Apache-2.0
"""`./run enrol`: this board becomes a terminal of the hub that gave a code; its key never leaves it."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import translation
from http.client import HTTPException
from pathlib import Path
from typing import Final, TypedDict
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from firmware import config as settings
from firmware.config import Config, Identity
from firmware.faults import Fault
from loyalty import claim
from loyalty.claim import BadCode, Forged

_LOCALE: Final = Path(__file__).parent / "locale"

PATIENCE_S: Final = 20.0
TRIES: Final = 3
PATH: Final = "/api/1/enrol"

Ask = Callable[[bytes], bytes]
"""Carries a sealed message to the hub and brings its answer."""


class NotEnrolled(Fault):
    """The board did not become a terminal; nothing has changed."""

    lasting = True


REFUSED: Final = {
    "unknown": "Le hub ne connaît pas ce code, ou il est trop vieux : un code vaut 15 minutes."
    " Demandez-en un autre.",
    "used": "Ce code a déjà servi : demandez-en un autre.",
    "unfit": "Le hub n’accepte pas ce terminal : mettez son logiciel à jour, puis demandez un autre"
    " code.",
    "slow": "Trop de codes faux : attendez un quart d’heure, puis demandez un autre code.",
}


class Hardware(TypedDict, total=False):
    """What hangs on the board, as the settings name it."""

    width: int
    height: int
    language: str
    scanners: tuple[str, ...]
    printer: str
    signal: str


BARE: Final[Hardware] = {}


def enrol(path: Path, typed: str, *, ask: Ask, hw_id: str, hardware: Hardware = BARE) -> Config:
    """Make this board a terminal and write what it starts from; all of it or nothing.

    Enrolled again, it keeps its hardware settings, and its sales where it is the same terminal.

    Args:
        path: the settings to write; certificates lie beside them.
        typed: the claim code.
        ask: the way to the hub.
        hw_id: which board this is.
        hardware: what hangs on it; the rest is as before, or a picture of each thing.

    Raises:
        NotEnrolled: nothing has changed; the sentence says what to do.
        BadSetting: the settings that are there must be corrected or removed first.
    """
    folder = path.parent.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    before = settings.load(path, enrolled=False) if path.exists() else None
    try:
        claimed = claim.claim(typed)
    except BadCode as error:
        raise NotEnrolled(
            "« {code} » n’est pas un code : il a douze lettres et chiffres, comme 7KQ2-M4XD-9RTB.",
            code=typed,
        ) from error
    key = ec.generate_private_key(ec.SECP256R1())
    facts = {"csr": _request(key), "hw_id": hw_id}
    asked = claim.ask(claimed, facts, nonce=os.urandom(claim.NONCE_BYTES))
    try:
        told = claim.read_answer(claimed, asked, ask(asked))
        certificate = _certificate(told, key)
        config = _config(told, folder, before=before, hardware=hardware)
    except (Forged, KeyError, ValueError, InvalidSignature) as error:
        raise NotEnrolled(
            "Qui a répondu ne connaît pas ce code : ce n’est pas votre hub. Vérifiez l’adresse et le"
            " réseau."
        ) from error
    if identity := config.identity:
        own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(identity.authority, told["authority"].encode())
        _write(identity.pair, own + certificate)
    _write(path, settings.written(config, folder).encode())  # last: with it the rest counts
    _forget(folder, config.gen)
    return config


def said(fault: Fault) -> str:
    """A fault in both languages: nobody has chosen one yet."""
    return f"{fault}\n{said_in(fault, 'en')}"


def said_in(fault: Fault, language: str) -> str:
    """A fault in one language; in French where there is no such one."""
    known = translation("enrol", _LOCALE, [language], fallback=True)
    return known.gettext(fault.text).format(**fault.facts)


def over_http(address: str) -> Ask:
    """The way to a hub on the network.

    Args:
        address: hub.example or https://hub.example; http:// on a wire of one's own only.
    """
    bare = address.strip().rstrip("/")
    url = bare if re.match(r"https?://", bare) else f"https://{bare}"

    def ask(asked: bytes) -> bytes:
        for _ in range(TRIES - 1):
            try:
                return _post(url, asked)
            except NotEnrolled as fault:
                if fault.permanent:
                    raise
        return _post(url, asked)  # an answer may be lost: the same again is answered again

    return ask


def _post(url: str, asked: bytes) -> bytes:
    headers = {"Content-Type": "application/octet-stream"}
    request = Request(url + PATH, data=asked, headers=headers)  # noqa: S310 (http or https)
    try:
        with urlopen(request, timeout=PATIENCE_S) as answered:  # noqa: S310
            return bytes(answered.read(claim.LARGEST + 1))
    except HTTPError as error:
        raise _refused(error, url) from error
    except (OSError, ValueError, HTTPException) as error:
        raise NotEnrolled(
            "Le hub {url} ne répond pas : vérifiez l’adresse, le câble ou le Wi-Fi, et l’heure de ce"
            " terminal ({error}).",
            permanent=False,
            url=url,
            error=getattr(error, "reason", error),
        ) from error


def _refused(error: HTTPError, url: str) -> NotEnrolled:
    try:
        return NotEnrolled(REFUSED[json.loads(error.read(1000))["refused"]])
    except (ValueError, KeyError, TypeError, OSError):
        return NotEnrolled(
            "À l’adresse {url} ne répond pas un hub de Comptoir : vérifiez-la (réponse {code}).",
            url=url,
            code=error.code,
        )


def _request(key: ec.EllipticCurvePrivateKey) -> str:
    """Ask for a certificate; whose it will be is the hub's to say."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "terminal")])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _certificate(told: Mapping[str, str], key: ec.EllipticCurvePrivateKey) -> bytes:
    """The certificate, which must be for our key, in the terminal's name, and by that authority."""
    pem = told["certificate"].encode()
    made = x509.load_pem_x509_certificate(pem)
    made.verify_directly_issued_by(x509.load_pem_x509_certificate(told["authority"].encode()))
    named = made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if made.public_key() != key.public_key() or [n.value for n in named] != [told["terminal"]]:
        raise Forged("another's certificate")
    return pem


def _config(
    told: Mapping[str, str], folder: Path, *, before: Config | None, hardware: Hardware
) -> Config:
    terminal, gen = told["terminal"], int(told["gen"])
    made = Config(
        terminal=terminal,
        gen=gen,
        enrolled_ms=int(told["at_ms"]),
        merchant=told["merchant"],
        shop=told["shop"],
        lookup_key=bytes.fromhex(told["lookup_key"]),
        state=folder / "state",
        host=told["host"],
        port=int(told["port"]),
        identity=Identity(
            authority=folder / f"authority-{gen}.crt", pair=folder / f"identity-{gen}.pem"
        ),
        width=800,
        height=480,
        language="fr",
        scanners=("mock:",),
        printer="mock:",
        signal="mock:",
    )
    if before:
        same = (before.terminal, before.merchant) == (terminal, made.merchant)
        made = replace(
            made,
            # what another terminal has not sent yet stays where it is
            state=before.state if same else folder / f"state-{terminal}",
            width=before.width,
            height=before.height,
            language=before.language,
            scanners=before.scanners,
            printer=before.printer,
            signal=before.signal,
        )
    return replace(made, **hardware)


def _write(path: Path, text: bytes) -> None:
    """All of it or nothing, on the disk, for nobody else's eyes."""
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(folder: Path, gen: int) -> None:
    """Remove the certificates of generations before, which open no door any more."""
    for name in ("authority-*.crt", "identity-*.pem"):
        for path in folder.glob(name):
            if path.stem.rpartition("-")[2] != str(gen):
                path.unlink()
