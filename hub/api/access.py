# SPDX-License-Identifier: Apache-2.0
"""Who asks: a token, what it may do, and the walls of its merchant."""

from http import HTTPStatus
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja.security import HttpBearer

from hub.api.problems import Problem, not_found, unknown
from hub.merchants import tokens
from hub.merchants.doors import is_shut
from hub.merchants.models import Merchant, Shop
from hub.merchants.tokens import May, Token

Row = TypeVar("Row", bound=Model)


class Bearer(HttpBearer):
    """Let in a token of any merchant, if it may do this."""

    openapi_name = "token"

    def __init__(self, may: May | None = None) -> None:
        super().__init__()
        self.may = may

    def __call__(self, request: HttpRequest) -> Any:  # noqa: ANN401 (what ninja says)
        """Say which of the two is wrong: that there is no token, or the one there is."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Problem(HTTPStatus.UNAUTHORIZED, "no_token")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """The token of that secret, counted once more."""
        try:
            found = tokens.admit(token)
        except tokens.Unknown:
            raise Problem(HTTPStatus.UNAUTHORIZED, "bad_token") from None
        if self.may is not None:
            demand(found, self.may)
        if is_shut(request, found.merchant):
            raise not_found()
        return found


def demand(token: Token, may: May) -> None:
    """Refuse what the token was not allowed."""
    if may not in token.allowed:
        raise Problem(HTTPStatus.FORBIDDEN, "forbidden", facts={"needs": may.value})


def token_of(request: HttpRequest) -> Token:
    """Whose program asks."""
    token: Token = request.auth  # type: ignore[attr-defined]
    return token


def merchant_of(request: HttpRequest) -> Merchant:
    """The merchant whose walls these are."""
    return token_of(request).merchant


def shop_named(request: HttpRequest, shop: str) -> Shop:
    """The shop that a body names; a closed one or another merchant's does not exist."""
    found = merchant_of(request).open_shops.filter(pk=shop).first()
    if found is None:
        raise unknown("shop")
    return found


def one_of(rows: QuerySet[Row], **named: str) -> Row:
    """The row that an address names, or 404."""
    found = rows.filter(**named).first()
    if found is None:
        raise not_found()
    return found
