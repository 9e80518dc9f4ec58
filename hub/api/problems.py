# SPDX-License-Identifier: Apache-2.0
"""What could not be done, as RFC 9457 has it: a word for programs, a sentence for people."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from hub.api import words
from hub.merchants.tokens import TooMany
from loyalty.refusal import Refusal

CONTENT_TYPE: Final = "application/problem+json"


def written(body: Any, status: int) -> JsonResponse:  # noqa: ANN401 (whatever is JSON)
    """An answer, in letters that people can read."""
    kind = CONTENT_TYPE if status >= HTTPStatus.BAD_REQUEST else "application/json"
    return JsonResponse(
        body,
        status=status,
        content_type=kind,
        safe=False,
        json_dumps_params={"ensure_ascii": False},
    )


class WrongField(Schema):
    """One field that can't be as it was sent."""

    field: str
    """Where it is, with dots: `body.lines.0.unit_cents`."""
    reason: str
    """A word that stays the same."""
    detail: str
    """A sentence in the caller's language."""


class ProblemOut(Schema):
    """Why it was not done; nothing was changed."""

    status: int
    reason: str
    """A word that stays the same: what a program goes by."""
    title: str
    """A sentence in the caller's language (`Accept-Language`)."""
    facts: dict[str, str | int] = {}
    """The figures that explain it."""
    errors: list[WrongField] = []


class Problem(Exception):
    """It was not done."""

    def __init__(
        self,
        status: HTTPStatus,
        reason: str,
        *,
        facts: Mapping[str, str | int] | None = None,
        errors: Iterable[WrongField] = (),
        wait_s: int = 0,
        final: bool = False,
    ) -> None:
        """Say what; `final`: the rules decided it, and the same request is answered so again."""
        super().__init__(reason)
        self.status, self.reason = status, reason
        self.wait_s, self.final = wait_s, final
        self.facts, self.errors = dict(facts or {}), list(errors)

    @property
    def body(self) -> dict[str, Any]:
        """What is answered, in the language of whoever asks now."""
        return ProblemOut(
            status=self.status,
            reason=self.reason,
            title=words.sentence(self.reason),
            facts=self.facts,
            errors=self.errors,
        ).model_dump(mode="json")

    def answer(self) -> HttpResponse:
        """The answer to the request."""
        response = written(self.body, self.status)
        if self.status is HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = "Bearer"
        if self.wait_s:
            response["Retry-After"] = str(self.wait_s)
        return response


def refused(refusal: Refusal) -> Problem:
    """A business no of the rules."""
    status = HTTPStatus.NOT_FOUND if refusal.reason in words.NOT_THERE else HTTPStatus.CONFLICT
    return Problem(status, refusal.reason.value, facts=refusal.facts, final=True)


def unknown(what: str) -> Problem:
    """A shop, a customer or a service that a body names is not there, or another merchant's."""
    return Problem(HTTPStatus.NOT_FOUND, f"unknown_{what}")


def invalid(errors: Iterable[WrongField]) -> Problem:
    """Fields are missing, or can't be as they were sent."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", errors=errors)


def not_found() -> Problem:
    """What the address names is not there, or another merchant's."""
    return Problem(HTTPStatus.NOT_FOUND, "not_found")


def unreadable() -> Problem:
    """The request is none that can be read."""
    return Problem(HTTPStatus.BAD_REQUEST, "unreadable")


def install(api: NinjaAPI) -> None:
    """Answer every exception of the interface with a problem."""

    @api.exception_handler(Problem)
    def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
        return problem.answer()

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return invalid(map(_wrong, error.errors)).answer()

    @api.exception_handler(TooMany)
    def _too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
        return Problem(HTTPStatus.TOO_MANY_REQUESTS, "too_many", wait_s=error.wait_s).answer()

    @api.exception_handler(Http404)
    def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return not_found().answer()

    @api.exception_handler(HttpError)
    def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        return unreadable().answer()

    @api.exception_handler(SuspiciousOperation)
    def _suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
        return unreadable().answer()


def _wrong(error: Mapping[str, Any]) -> WrongField:
    where = [str(part) for part in error["loc"]]
    # the name of the parameter that all of the body is bound to says nothing
    place = [where[0], *where[2:]] if where[0] == "body" else where
    kind = str(error["type"])
    return WrongField(field=".".join(place), reason=kind, detail=words.of_field(kind))
