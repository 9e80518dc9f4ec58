# SPDX-License-Identifier: Apache-2.0
"""Programs that speak for a merchant by the interface: with a token, over HTTP, in JSON."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from hub.merchants import tokens
from hub.merchants.models import Merchant, Person, Role, Shop
from hub.merchants.tokens import May
from provisioning.messages import compile_messages

compile_messages()
ROOT = "/api/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any

    @property
    def reason(self) -> str:
        return self.body["reason"]


@dataclass(frozen=True, slots=True)
class Program:
    """Another program, with its token."""

    secret: str
    client: Client

    def get(self, path: str, **query: object) -> Answer:
        return self._asked(self.client.get(ROOT + path, query, headers=self._headers()))

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = "",
        language: str = "en",
    ) -> Answer:
        """Ask under a key: a fresh one unless given, none where None."""
        headers = self._headers() | {"Accept-Language": language}
        if key is not None:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        answer = self.client.post(
            ROOT + path, body or {}, content_type="application/json", headers=headers
        )
        return self._asked(answer)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}

    @staticmethod
    def _asked(answer: Any) -> Answer:
        return Answer(answer.status_code, answer.json(), answer.headers)


@pytest.fixture
def owner(merchant: Merchant, settings) -> Person:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Person.objects.open_account(
        "isabelle@lucet.example", "x", name="Isabelle", role=Role.MERCHANT, merchant=merchant
    )


@pytest.fixture
def program_of(owner: Person) -> Callable[..., Program]:
    """Give a program a token of a merchant; it may everything unless said."""

    def made(merchant: Merchant, may: Collection[May] = tuple(May)) -> Program:
        _, secret = tokens.make(merchant.pk, "Caisse du web", may, by_id=owner.pk)
        return Program(secret, Client())

    return made


@pytest.fixture
def program(merchant: Merchant, shop: Shop, program_of) -> Program:
    """One of Maison Lucet, which has a shop."""
    return program_of(merchant)
