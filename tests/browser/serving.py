"""A site on a server of its own, under the policy that a careful host would send."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Nothing from another host, nothing inline, no data: address, no frame, no form sent elsewhere.
STRICT = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

#: Where the book is on its host: the page for what is not found names its files from there.
PUBLISHED = "/en/latest"


@contextmanager
def served(site: Path, policy: str = STRICT) -> Iterator[str]:
    """Serve the folder *site* with *policy*, and return the address it is at."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix(PUBLISHED))

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
