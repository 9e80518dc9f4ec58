# SPDX-License-Identifier: Apache-2.0
"""An authority in a few lines, for whom the hub's own is too far away."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


class ModelAuthority:
    """Signs whatever it is given."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "model")])
        self.pem = self.sign(self._key.public_key(), "model")

    def sign(self, key: object, name: str) -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        made = made.public_key(key).serial_number(x509.random_serial_number())  # type: ignore[arg-type]
        made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        made = made.not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
        return made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
