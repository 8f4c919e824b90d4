"""A headless Chromium that opens a page, clicks in it, and takes pictures of it, over its DevTools protocol."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import websocket
from PIL import Image

from tests.program import free_port

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.1
_COLOURS = 256
"""As many as a screen full of text and bars needs; the file is a third as large as with all."""


class Browser:
    """One page."""

    def __init__(self, page: websocket.WebSocket) -> None:
        self._page = page
        self._asked = 0

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        return self._call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def until(self, script: str) -> None:
        """Waits for an expression to be true."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self.run(script):
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true in the page: {script}")
            time.sleep(_POLL_SECONDS)

    def picture(self, element: str, path: Path, *, most: int | None = None) -> None:
        """What the expression's element looks like, as a PNG, down to `most` pixels of the page."""
        self.run(f"({element}).scrollIntoView()")
        x, y, width, height = self.run(
            f"(() => {{ const r = ({element}).getBoundingClientRect(); return [r.x, r.y, r.width, r.height] }})()"
        )
        clip = {"x": x, "y": y, "width": width, "height": min(height, most or height), "scale": 1}
        shot = self._call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        image = Image.open(BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
        image.quantize(_COLOURS).save(path, optimize=True)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._asked += 1
        self._page.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while (answer := json.loads(self._page.recv())).get("id") != self._asked:
            pass
        result: dict[str, Any] = answer["result"]
        return result


@contextmanager
def browsing(*, width: int, height: int) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SystemExit(f"There is no Chromium here; install one of {', '.join(PROGRAMS)}.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="sluice-chromium-", ignore_cleanup_errors=True) as folder:
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-allow-origins=*")
        size = (f"--window-size={width},{height}", "--force-device-scale-factor=1.5")
        place = (f"--user-data-dir={folder}", f"--remote-debugging-port={port}")
        process = subprocess.Popen([program, *options, *size, *place], stderr=subprocess.DEVNULL)
        try:
            page = websocket.create_connection(_address(port), timeout=_PATIENCE_SECONDS)
            yield Browser(page)
            page.close()
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _address(port: int) -> str:
    """Where the first page listens, as soon as the browser is up."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            pages = [each for each in json.load(answer) if each["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(_POLL_SECONDS)
    raise TimeoutError("Chromium did not start")
