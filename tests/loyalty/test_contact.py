# SPDX-License-Identifier: Apache-2.0
"""Phones and e-mails: the same person is found however they write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.contact import email, phone


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("0692 12 34 56", "0692123456"),
        ("06.92.12.34.56", "0692123456"),
        ("+262 692 12 34 56", "0692123456"),
        ("00262 692 12 34 56", "0692123456"),
        ("+33 6 12 34 56 78", "0612345678"),
        ("+33 (0)6 12 34 56 78", "0612345678"),
        ("06\u202f12\u00a034 56 78", "0612345678"),
        ("+44 20 7946 0958", "442079460958"),
        ("12345", ""),
        ("", ""),
        ("call me", ""),
        ("06 12 34 56 78 ext", ""),
        ("٠٦١٢٣٤٥٦٧٨", ""),
    ],
)
def test_a_phone_as_it_is_compared(typed: str, compared: str) -> None:
    assert phone(typed) == compared


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        (" Elodie@Exemple.RE ", "elodie@exemple.re"),
        ("a@b.c", "a@b.c"),
        ("a@b", ""),
        ("@b.c", ""),
        ("a@", ""),
        ("a b@c.d", ""),
        ("a@.", ""),
        ("o'neil-f.k+2026_b@exemple.re", "o'neil-f.k+2026_b@exemple.re"),
        ("anaïs@exemple.re", "anaïs@exemple.re"),
        ("anais@@exemple.re", ""),
        ("anais@paul@exemple.re", ""),
        ("anais@exemple..re", ""),
        ("anais@.exemple.re", ""),
        ("anais@exemple.re.", ""),
        ("anais.@exemple.re", ""),
        ("anais,paul@exemple.re", ""),
        ("anais@exemple.re,paul@exemple.re", ""),
        ("anais@exemple.re;", ""),
        ("Anaïs <anais@exemple.re>", ""),
        ("anais<@exemple.re", ""),
        ("anais(maison)@exemple.re", ""),
        ("mailto:anais@exemple.re", ""),
        ('"anais"@exemple.re', ""),
        ("anais\\@exemple.re", ""),
        ("anais\u202f@exemple.re", ""),
        ("anais\0@exemple.re", ""),
        ("", ""),
    ],
)
def test_an_address_as_it_is_compared(typed: str, compared: str) -> None:
    assert email(typed) == compared


@given(st.text(max_size=60))
def test_what_was_compared_once_compares_the_same_again(typed: str) -> None:
    assert email(email(typed)) == email(typed)
    assert phone(phone(typed)) == phone(typed)


@given(st.text("0123456789 .-+()", max_size=20))
def test_a_phone_is_digits_or_nothing(typed: str) -> None:
    assert phone(typed).isdigit() or not phone(typed)
