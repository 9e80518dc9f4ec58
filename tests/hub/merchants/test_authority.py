# SPDX-License-Identifier: Apache-2.0
"""The hub's certificates: secret where they must be, backdated, long, and taken back for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from hub.merchants import authority
from hub.merchants.authority import Authority, BadRequest, key_of
from hub.merchants.models import Terminal

NAME = "saint-denis-1"


def request(key=None, *, name: str = "whatever") -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    key = key or ec.generate_private_key(ec.SECP256R1())
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def certificate(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def revoked(folder: Path) -> x509.CertificateRevocationList:
    return x509.load_pem_x509_crl((folder / "revoked.crl").read_bytes())


def test_the_first_start_makes_it_and_the_next_ones_keep_it(tmp_path):
    first = Authority(tmp_path / "keys")
    assert Authority(tmp_path / "keys").pem == first.pem
    assert Authority(tmp_path / "others").pem != first.pem


def test_programs_that_start_at_once_share_one(tmp_path):
    with ThreadPoolExecutor(8) as starting:
        made = set(starting.map(lambda _: Authority(tmp_path / "keys").pem, range(8)))
    assert len(made) == 1


def test_nobody_else_on_the_computer_reads_a_key(tmp_path):
    ours = Authority(tmp_path / "keys")
    ours.own("hub")
    ours.equip(tmp_path / "broker")
    ours.sign(key_of(request()), NAME, gen=1)
    secret = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and b"PRIVATE KEY" in path.read_bytes()
    ]
    assert {path.name for path in secret} == {"authority.pem", "hub.pem", "broker.key"}
    assert not any(path.stat().st_mode & 0o077 for path in secret)


def test_a_certificate_is_the_terminals_whatever_the_request_says(tmp_path):
    ours = Authority(tmp_path)
    made = certificate(ours.sign(key_of(request(name="saint-denis-2")), NAME, gen=3))
    assert [part.value for part in made.subject] == [NAME, "3"]
    made.verify_directly_issued_by(ours.certificate)


def test_clocks_that_are_years_off_do_not_keep_a_terminal_out(tmp_path):
    ours = Authority(tmp_path)
    made = certificate(ours.sign(key_of(request()), NAME, gen=1))
    assert made.not_valid_before_utc == datetime(2020, 1, 1, tzinfo=UTC)
    assert made.not_valid_after_utc > datetime.now(UTC) + timedelta(days=9 * 365)


def test_a_stranger_to_tls_finds_the_brokers_certificate_in_order(tmp_path):
    ours = Authority(tmp_path / "keys")
    ours.equip(tmp_path / "broker", ["mqtt.example"])
    found = certificate((tmp_path / "broker" / "broker.crt").read_bytes())
    store = PolicyBuilder().store(Store([ours.certificate]))
    for name in (x509.DNSName("mqtt.example"), x509.DNSName("localhost")):
        store.build_server_verifier(name).verify(found, [])


@pytest.mark.parametrize("name", ["+", "#", "a/b", "Saint-Denis", "court", "hub", "a" * 41])
def test_a_name_that_is_no_terminals_is_not_signed(tmp_path, name):
    with pytest.raises(BadRequest):
        Authority(tmp_path).sign(key_of(request()), name, gen=1)


def test_a_request_that_is_damaged_or_of_another_kind_is_refused():
    good = request()
    for bad in (b"", b"\0", good[:-60], good.replace(b"A", b"B", 1)):
        with pytest.raises(BadRequest):
            key_of(bad)
    with pytest.raises(BadRequest):
        key_of(request(rsa.generate_private_key(65537, 2048)))


def test_the_brokers_certificate_is_made_anew_for_a_new_name_alone(tmp_path):
    ours = Authority(tmp_path / "keys")
    ours.equip(tmp_path, ["mqtt.example"])
    first = (tmp_path / "broker.crt").read_bytes()
    ours.equip(tmp_path)
    ours.equip(tmp_path, ["mqtt.example"])
    assert (tmp_path / "broker.crt").read_bytes() == first
    ours.equip(tmp_path, ["mqtt.example", "192.0.2.7"])
    assert (tmp_path / "broker.crt").read_bytes() != first


def test_another_authority_makes_everything_anew(tmp_path):
    Authority(tmp_path / "old").equip(tmp_path / "broker")
    new = Authority(tmp_path / "new")
    new.equip(tmp_path / "broker")
    found = certificate((tmp_path / "broker" / "broker.crt").read_bytes())
    found.verify_directly_issued_by(new.certificate)


def test_each_list_of_the_revoked_is_later_than_the_one_before(tmp_path):
    ours = Authority(tmp_path)
    seen = [revoked(tmp_path).last_update_utc]
    for gen in (1, 2, 3):
        ours.sign(key_of(request()), NAME, gen=gen)
        assert ours.revoke(NAME, below=gen + 1)
        seen.append(revoked(tmp_path).last_update_utc)
    assert seen == sorted(set(seen)), "a broker keeps the later one of two"
    assert len(revoked(tmp_path)) == 3
    assert not ours.revoke(NAME, below=4)


def test_enrolled_again_a_terminal_loses_its_older_certificates_alone(terminal, settings):
    ours = authority.here()
    old, new = (certificate(ours.sign(key_of(request()), terminal.pk, gen=gen)) for gen in (1, 2))
    neighbour = certificate(ours.sign(key_of(request()), "saint-denis-2", gen=1))
    terminal.gen = 2
    authority.revoke(terminal, all_of_it=False)
    broker = revoked(settings.HUB_BROKER_FILES)
    known = [
        bool(broker.get_revoked_certificate_by_serial_number(c.serial_number))
        for c in (old, new, neighbour)
    ]
    assert known == [True, False, False]
    authority.revoke(terminal)
    assert len(revoked(settings.HUB_BROKER_FILES)) == 2


def test_what_was_given_is_known_without_the_database(terminal):
    ours = authority.here()
    ours.sign(key_of(request()), terminal.pk, gen=7)
    Terminal.objects.all().delete()
    assert authority.here().newest(terminal.pk) == 7
    assert authority.here().newest("never-seen") == 0
