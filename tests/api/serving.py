"""The application behind a real web server on loopback, in a thread of the test process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port; yields its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"  # connections queue until the server accepts them
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@contextmanager
def logged_in(address: str, name: str, password: str) -> Iterator[httpx.Client]:
    """A client with a login's cookie, got through the login page's own form."""
    with httpx.Client(base_url=address) as client:
        answer = log_in(client, name, password)
        assert answer.status_code == 303, answer.text
        yield client


def log_in(client: httpx.Client, name: str, password: str, **fields: str) -> httpx.Response:
    """Send the login form that the page shows."""
    page = client.get("/masuk").text
    guard = page.partition('name="pintu" value="')[2].partition('"')[0]
    return client.post("/masuk", data={"nama": name, "sandi": password, "pintu": guard, "lanjut": "/cari", **fields})


def csrf_of(page: str) -> str:
    """The token that a page's forms carry."""
    return page.partition('name="csrf" value="')[2].partition('"')[0]
