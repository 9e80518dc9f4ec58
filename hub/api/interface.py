# SPDX-License-Identifier: Apache-2.0
"""The interface for other programs, and its description (OpenAPI) with a page to try it on."""

from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.renderers import JSONRenderer

from hub.api import appointments, customers, giftcards, places, refunds, sales
from hub.api.problems import CONTENT_TYPE, ProblemOut, install

ALWAYS: Final = {
    400: "The request can't be read",
    401: "No token, or one that is unknown or revoked",
    403: "The token may not do this",
    410: "It was done, and its answer is not kept: the customer is gone",
    422: "A field is missing or wrong",
    429: "Too often: wait as long as Retry-After says, in seconds",
}
"""What every request may be answered besides what it names itself."""


class Readable(JSONRenderer):
    """In letters that people can read."""

    json_dumps_params = {"ensure_ascii": False}


class Interface(NinjaAPI):
    """Ninja's, with every problem described as what it is."""

    def get_openapi_schema(self, **options: Any) -> Any:  # noqa: ANN401 (what ninja says)
        """The description, in which each operation may fail in the ways that all can."""
        schema = super().get_openapi_schema(**options)
        problem = {"schema": {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                answers = operation["responses"]
                for status, words in ALWAYS.items():
                    answers[status] = {"description": words}
                for status, answer in answers.items():
                    if int(status) >= min(ALWAYS):
                        answer["content"] = {CONTENT_TYPE: problem}
        return schema


api = Interface(
    title="Comptoir",
    version="1",
    description="The loyalty programme of a shop, for its till, its web shop and its agenda.",
    urls_namespace="api",
    renderer=Readable(),
    docs=Swagger(settings={"persistAuthorization": True, "validatorUrl": None}),
    docs_url="/docs",
    openapi_url="/openapi.json",
)
install(api)
api.add_router("", places.router)
api.add_router("/customers", customers.router)
api.add_router("/sales", sales.router)
api.add_router("/sales", refunds.router)
api.add_router("/gift-cards", giftcards.router)
api.add_router("", appointments.router)
