"""A real headless Chromium in front of a live server, and what every journey promises beside its own story."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.office import transactional_db

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = ["transactional_db"]  # what was committed stays: the journal refuses to be emptied between tests

DESKTOP = {"width": 1366, "height": 768}
PATIENCE = 30_000
"""Milliseconds that a journey waits for what must come: long, because a slow machine is no fault of the page."""

# Debian's Chromium starts as root only without its sandbox; the rest keeps it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    # Playwright keeps an event loop in this thread, and Django would refuse the database for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What no page may do: ask another host for anything, throw an error in a script, break the content security policy.

    A journey that leaves one behind fails; one that provokes it on purpose takes it out of the list.
    """
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def open_page(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[Any]:
    """Return a function that opens a page: `open_page()`, `open_page(viewport={...}, locale="en-GB")`."""
    contexts: list[BrowserContext] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"script error on {page.url}: {error}"))
        page.on("console", lambda said: _listen(said, page, complaints))

    def stay_here(route: Any) -> None:
        if route.request.url.startswith((live_server.url, "data:", "blob:")):
            route.continue_()
        else:
            complaints.append(f"asked another host: {route.request.url}")
            route.abort()

    def opened(**options: Any) -> Page:
        settings = {"base_url": live_server.url, "viewport": DESKTOP, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(PATIENCE)
        context.route("**/*", stay_here)
        context.on("page", watch)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Any) -> Page:
    """A page on the desktop, in Chinese."""
    page: Page = open_page()
    return page


def _listen(said: Any, page: Page, complaints: list[str]) -> None:
    if said.type == "error" and "Content Security Policy" in said.text:
        complaints.append(f"on {page.url}: {said.text}")
