"""A headless Firefox, driven by the protocol that it speaks itself, WebDriver BiDi."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import websocket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 120  # seconds, on a busy machine
OPENS = "WebDriverBiDiServer.json"  # the file of the profile that says where Firefox listens
QUIET = """user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
"""
HEARD = ["log.entryAdded", "network.beforeRequestSent"]
WAITING = """(async () => {
    const end = performance.now() + %d;
    while (!(%s)) {
        if (performance.now() > end) return false;
        await new Promise((done) => setTimeout(done, 50));
    }
    return true;
})()"""


class Firefox:
    """One tab, and what happened in it since its page was opened."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        """Begin a session."""
        self._socket = socket
        self._numbers = itertools.count()
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._tell("session.new", capabilities={})
        self._tell("session.subscribe", events=HEARD)
        self._tab = self._tell("browsingContext.getTree")["contexts"][0]["context"]

    def _tell(self, method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has it
        """Send a command; give its result, and write down what is told on the way."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == number:
                assert said["type"] == "success", said
                result: dict[str, Any] = said["result"]
                return result
            told = said.get("params", {})
            if said.get("method") == HEARD[0] and told["level"] == "error":
                self.errors.append(told["text"])
            elif said.get("method") == HEARD[1] and told["context"] == self._tab:
                self.requests.append(told["request"]["url"])

    def open(self, address: str, width: int) -> None:
        """Open a page, and wait until it is loaded."""
        self._go("about:blank")
        size = {"width": width, "height": 844}
        self._tell("browsingContext.setViewport", context=self._tab, viewport=size)
        self.errors.clear()
        self.requests.clear()
        self._go(address)

    def _go(self, address: str) -> None:
        """Leave for an address."""
        self._tell("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - whatever it is in JSON
        """Give the value of an expression in the page, of a promise when it is kept."""
        said = self._tell(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(JSON.stringify)",
            target={"context": self._tab},
            awaitPromise=True,
        )
        assert said["type"] == "success", said
        return json.loads(said["result"].get("value", "null"))

    def wait_for(self, condition: str) -> None:
        """Wait until a condition holds in the page."""
        assert self.evaluate(WAITING % (1000 * PATIENCE, condition)), condition


def read_address(path: Path) -> dict[str, Any]:
    """Read where Firefox listens; empty while it has not written that to its end."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found


@contextmanager
def start_firefox(path: str, home: Path) -> Iterator[Firefox]:
    """Start a Firefox whose profile is in an empty folder."""
    (home / "user.js").write_text(QUIET, encoding="utf-8")
    options = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(home))
    log = home / "log"
    with log.open("wb") as sink, subprocess.Popen(
        [path, *options], env={**os.environ, "HOME": str(home)}, stdout=sink, stderr=sink
    ) as process:  # fmt: skip
        try:
            deadline = time.monotonic() + PATIENCE
            while not (where := read_address(home / OPENS)):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.1)
            address = f"ws://{where['ws_host']}:{where['ws_port']}/session"
            socket = websocket.create_connection(
                address, timeout=2 * PATIENCE, suppress_origin=True
            )
            yield Firefox(socket)
            socket.close()
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
