"""Latencies at one connection: a plain HTTP client that adds little, and percentiles."""

import json
import socket
import time
from urllib.parse import urlencode

from .program import Failed


def percentiles(seconds):
    """p50, p95, p99 and all measurements, in milliseconds; by nearest rank."""
    ordered = sorted(seconds)

    def at(share):
        return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 100) - 1))] * 1000

    return {"p50": at(50), "p95": at(95), "p99": at(99), "all": [round(each * 1000, 3) for each in ordered]}


def repeat(call, most, budget):
    """Times `call` after one warm-up, `most` times or until the budget in seconds is used, three times at least."""
    call()
    taken, end = [], time.perf_counter() + budget
    while len(taken) < most and (len(taken) < 3 or time.perf_counter() < end):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return taken


class Client:
    """One kept-alive connection. Bodies are read whole and not looked at unless asked."""

    def __init__(self, port, prefix=""):
        self.prefix = prefix
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(1 << 20)

    def get(self, path, parameters=None):
        """The body of a 200 answer."""
        status, body = self.ask(path, parameters)
        if status != 200:
            raise Failed(f"{path} {parameters} answered {status}: {bytes(body[:300])!r}")
        return body

    def ask(self, path, parameters=None, head="", body=None, type_="application/json"):
        """(status, body). `head` is more header lines; with a body (text or bytes) it is a POST."""
        target = self.prefix + path + ("?" + urlencode(parameters) if parameters else "")
        method, sent = ("GET", b"") if body is None else ("POST", body if isinstance(body, bytes) else body.encode())
        if body is not None:
            head += f"Content-Type: {type_}\r\nContent-Length: {len(sent)}\r\n"
        self.socket.sendall(f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{head}\r\n".encode() + sent)
        have, end = 0, -1
        while end < 0:
            have += self._more(have)
            end = self.buffer.find(b"\r\n\r\n", 0, have)
        head = bytes(self.buffer[:end]).lower()
        mark = head.find(b"content-length:")
        if mark < 0:
            raise Failed(f"{target}: no content length")
        whole = end + 4 + int(head[mark + 15 :].split(b"\r\n", 1)[0])
        while have < whole:
            have += self._more(have)
        return int(head[9:12]), memoryview(bytes(self.buffer[end + 4 : whole]))

    def json(self, path, parameters=None):
        """The body of a 200 answer, read."""
        return json.loads(bytes(self.get(path, parameters)))

    def _more(self, have):
        if have == len(self.buffer):
            self.buffer.extend(bytes(len(self.buffer)))
        count = self.socket.recv_into(memoryview(self.buffer)[have:])
        if count == 0:
            raise ConnectionError("the server hung up")
        return count
