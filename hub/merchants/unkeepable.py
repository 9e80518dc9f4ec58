# SPDX-License-Identifier: Apache-2.0
"""Turn away a request with a NUL in it: PostgreSQL keeps none in a text, and nobody types one."""

from collections.abc import Callable, Iterator
from typing import Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError

_NUL: Final = "\0"


class NoNul:
    """Middleware: what a view reads of its address, its fields, headers and cookies has no NUL.

    A body in JSON is the interface's, whose shapes look at every text of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(_NUL in text for text in _texts(request)):
            raise BadRequest("a NUL in the request")
        return self.get_response(request)


def _texts(request: HttpRequest) -> Iterator[str]:
    """All that may be looked up or kept as it is."""
    yield request.path_info
    yield from request.headers.values()
    yield from request.COOKIES.values()
    yield from _said(request.GET)
    try:
        yield from _said(request.POST)
    except UnreadablePostError as cut:
        raise BadRequest("the request was cut off") from cut


def _said(query: QueryDict) -> Iterator[str]:
    for name, values in query.lists():
        yield name
        yield from values
