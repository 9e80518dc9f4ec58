# SPDX-License-Identifier: Apache-2.0
"""A real browser in which somebody has signed in already, or can."""

from django.test import Client
from playwright.sync_api import Browser, Page

from hub.merchants import factor
from tests.hub.console.world import PHONE


def next_code() -> str:
    """Of the operator's phone; that of this half minute has opened once."""
    return factor._code(PHONE, factor._step_now() + 1)


def opened(browser: Browser, site: str, client: Client) -> Page:
    """A tab with the cookies of a client; its context is the test's to close."""
    context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
    context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": site}
            for name, cookie in client.cookies.items()
        ]
    )
    return context.new_page()
