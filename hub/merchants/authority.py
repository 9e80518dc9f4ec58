# SPDX-License-Identifier: Apache-2.0
"""The hub's own certificate authority: whom it signed may speak to the broker, whom it revoked not.

Everything is a file, none of them in the database: a hub restored from a backup still knows every
certificate that it gave, and every one that it took back.
"""

import fcntl
import ipaddress
import logging
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from loyalty.topics import TERMINAL_ID

if TYPE_CHECKING:
    from hub.merchants.models import Terminal

log = logging.getLogger(__name__)

SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Everything is valid since long ago: the clock of whoever looks may be late."""
YEARS: Final = timedelta(days=10 * 365)
"""A terminal that was off for years gets in: what keeps one out is revoking, not time."""
DECADES: Final = timedelta(days=50 * 365)
RENEWED_BEFORE: Final = timedelta(days=2 * 365)
EVERYWHERE: Final = ("localhost", "127.0.0.1", "::1")

AUTHORITY, BROKER, BROKER_KEY, REVOKED = "authority.crt", "broker.crt", "broker.key", "revoked.crl"
"""What a broker is given."""
PID: Final = "mosquitto.pid"
"""Where it says its number."""


class BadRequest(ValueError):
    """What should be signed is nobody's."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Files to speak TLS with."""

    authority: Path
    """Whose signature the other side must have."""
    pair: Path
    """Our certificate and its key."""


def key_of(request: bytes) -> ec.EllipticCurvePublicKey:
    """The key that a request is made for; what it says of itself does not matter.

    Raises:
        BadRequest: it is none, or its signature is not by that key.
    """
    try:
        asked = x509.load_pem_x509_csr(request)
        key = asked.public_key()
        if asked.is_signature_valid and isinstance(key, ec.EllipticCurvePublicKey):
            return key
    except (ValueError, TypeError) as error:
        raise BadRequest("no certificate request") from error
    raise BadRequest("its key is not its own, or of another kind than ours")


class Authority:
    """The authority whose files are in a folder; it is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._alone():
            if not self._own.exists():
                self._make()
        pem = self._own.read_bytes()
        self._key = cast("ec.EllipticCurvePrivateKey", load_pem_private_key(pem, None))
        self.certificate = x509.load_pem_x509_certificate(pem)

    @property
    def pem(self) -> bytes:
        """Its certificate, which is no secret."""
        return self.certificate.public_bytes(Encoding.PEM)

    def sign(self, key: ec.EllipticCurvePublicKey, terminal: str, *, gen: int) -> bytes:
        """A terminal's certificate, in PEM, for the key that it made; a copy is kept.

        Raises:
            BadRequest: it can't be a terminal's name.
        """
        if not TERMINAL_ID.fullmatch(terminal):
            raise BadRequest("no name of a terminal")
        pem = self._certificate(terminal, key, unit=str(gen)).public_bytes(Encoding.PEM)
        path = self._given(terminal) / f"{gen}.crt"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, pem)
        return pem

    def newest(self, terminal: str) -> int:
        """The newest generation of a terminal that has a certificate; 0: none has."""
        return max((int(path.stem) for path in self._given(terminal).glob("*.crt")), default=0)

    def revoke(self, terminal: str, *, below: int) -> bool:
        """Take back what was given to a terminal's generations below that; whether any was new."""
        with self._alone():
            given = [p for p in self._given(terminal).glob("*.crt") if int(p.stem) < below]
            serials = {_serial(path) for path in given}
            before = self._revoked()
            known = {one.serial_number for one in before}
            if serials <= known:
                return False
            self._say_revoked(known | serials, after=before)
            return True

    @property
    def edition(self) -> int:
        """Changes whenever somebody is revoked."""
        return self._list.stat().st_mtime_ns

    def revoked(self) -> frozenset[tuple[str, int]]:
        """Every terminal's generation that is."""
        serials = {one.serial_number for one in self._revoked()}
        given = self._given("").glob("*/*.crt") if serials else ()
        return frozenset((p.parent.name, int(p.stem)) for p in given if _serial(p) in serials)

    def own(self, name: str) -> Identity:
        """Files with which one of the hub's own programs speaks to the broker."""
        path = self._folder / "own" / f"{name}.pem"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with self._alone():
            if not (path.exists() and self._good(path.read_bytes())):
                _write(path, self._pair(name))
        return Identity(self._folder / AUTHORITY, path)

    @contextmanager
    def stand_in(self, terminal: str) -> Iterator[Identity]:
        """Be a terminal for a moment: a broker keeps one connection a name, so its own is closed."""
        path = self._folder / "own" / f"{terminal}.{os.getpid()}.pem"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write(path, self._pair(terminal))
        try:
            yield Identity(self._folder / AUTHORITY, path)
        finally:
            path.unlink()

    def equip(self, broker: Path, names: Iterable[str] = ()) -> None:
        """Write what a broker needs: who we are, who it is under these names, who is revoked."""
        broker.mkdir(mode=0o700, parents=True, exist_ok=True)
        wanted = {*EVERYWHERE, *names}
        with self._alone():
            _write(broker / AUTHORITY, self.pem, mode=0o644)
            _write(broker / REVOKED, self._list.read_bytes(), mode=0o644)
            path = broker / BROKER
            if path.exists() and self._good(path.read_bytes(), wanted):
                return
            key = ec.generate_private_key(ec.SECP256R1())
            made = self._certificate("broker", key.public_key(), served=sorted(wanted))
            _write(broker / BROKER_KEY, _key_pem(key))
            _write(path, made.public_bytes(Encoding.PEM), mode=0o644)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _own(self) -> Path:
        return self._folder / "authority.pem"

    @property
    def _list(self) -> Path:
        return self._folder / REVOKED

    def _given(self, terminal: str) -> Path:
        return self._folder / "terminals" / terminal

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Web, bridge and commands may all be first."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        key = self._key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(f"Comptoir {x509.random_serial_number() >> 128:08x}")
        made = _begun(subject, subject, key.public_key(), DECADES)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_usage(signs=True), critical=True)
        self.certificate = made.sign(key, hashes.SHA256())
        _write(self._folder / AUTHORITY, self.pem, mode=0o644)
        self._say_revoked(set(), after=None)
        _write(self._own, _key_pem(key) + self.pem)  # last: with it the authority is complete

    def _pair(self, name: str) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(name, key.public_key())
        return _key_pem(key) + certificate.public_bytes(Encoding.PEM)

    def _certificate(
        self,
        name: str,
        key: ec.EllipticCurvePublicKey,
        *,
        unit: str = "",
        served: Iterable[str] = (),
    ) -> x509.Certificate:
        served = list(served)
        made = _begun(_name(name, unit), self.certificate.subject, key, YEARS)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        made = made.add_extension(_usage(signs=False), critical=True)
        ours = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ours)
        made = made.add_extension(issuer, critical=False)
        end = ExtendedKeyUsageOID.SERVER_AUTH if served else ExtendedKeyUsageOID.CLIENT_AUTH
        made = made.add_extension(x509.ExtendedKeyUsage([end]), critical=False)
        if served:
            names = x509.SubjectAlternativeName([_served(one) for one in served])
            made = made.add_extension(names, critical=False)
        return made.sign(self._key, hashes.SHA256())

    def _good(self, pem: bytes, names: Iterable[str] = ()) -> bool:
        """Whether a certificate is ours, will be for long, and has these names."""
        found = x509.load_pem_x509_certificate(pem)
        if found.not_valid_after_utc < datetime.now(UTC) + RENEWED_BEFORE:
            return False
        if not names:
            return found.issuer == self.certificate.subject
        has = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return found.issuer == self.certificate.subject and {*map(_served, names)} <= {*has}

    def _revoked(self) -> x509.CertificateRevocationList:
        return x509.load_pem_x509_crl(self._list.read_bytes())

    def _say_revoked(
        self, serials: Iterable[int], *, after: x509.CertificateRevocationList | None
    ) -> None:
        """Write the list anew.

        A broker that reads it again keeps the one with the later date: so each list is a second
        later than the one before, whatever any clock says.
        """
        at = SINCE if after is None else after.last_update_utc + timedelta(seconds=1)
        made = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        made = made.last_update(at).next_update(SINCE + 2 * DECADES)
        for serial in sorted(serials):
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(SINCE)
            made = made.add_revoked_certificate(one.build())
        _write(self._list, made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM), 0o644)


def here() -> Authority:
    """This hub's authority."""
    return Authority(Path(settings.HUB_DATA) / "keys")


def revoke(terminal: "Terminal", *, all_of_it: bool = True) -> None:
    """Keep a terminal out at the broker: the hub itself denies its frames before.

    Its certificates are revoked and the broker told; the bridge sees that and closes the
    connection that may be open.

    Args:
        terminal: as it is now.
        all_of_it: retired; else only the generations before the present one, after an enrolment.
    """
    ours = here()
    if ours.revoke(terminal.pk, below=terminal.gen + all_of_it):
        broker = Path(settings.HUB_BROKER_FILES)
        ours.equip(broker)
        _tell(broker)


def _tell(broker: Path) -> None:
    """Have the broker read its list again; it runs under the hub's own account."""
    try:
        pid = int((broker / PID).read_text())
        # the number of a broker that is gone may be another program's by now
        if Path(f"/proc/{pid}/comm").read_text().strip() == "mosquitto":
            os.kill(pid, signal.SIGHUP)
    except (OSError, ValueError) as error:
        log.info("broker not told by us folder=%s error=%s", broker, error)


# ── files and certificates ──────────────────────────────────────────────────────────────────────


def _serial(path: Path) -> int:
    return x509.load_pem_x509_certificate(path.read_bytes()).serial_number


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = max(datetime.now(UTC), SINCE)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(SINCE).not_valid_after(now + lasts)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _name(common: str, unit: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if unit:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name(parts)


def _served(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, text: bytes, mode: int = 0o600) -> None:
    """All of it or nothing, and on the disk."""
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
