"""Senders of messages to Folkeregisteret, who stop when the server is gone and go on where they were."""

import contextlib
import threading
import time

from .program import Failed
from .timing import Client, percentiles

SENDERS = [f"3110150{number:02d}" for number in range(1, 9)]
HEADER = "x-orgnr"
INTAKE = "/folkeregisteret/mottak/api"
# What a client waits before it tries again when it is told that there is no room now.
PAUSE = 0.1


class Sending:
    """A thread for each sender with its list; every message until it is answered."""

    def __init__(self, lists):
        self.lists, self.at = lists, [0] * len(lists)
        # By sender and identifier, every reference that was given.
        self.receipts, self.taken, self.unwelcome, self.later = {}, [], [], 0
        # Those sent by themselves; and of each time that all sent, how many messages in how many seconds.
        self.alone, self.spells = [], []
        self.lock, self.count, self.threads = threading.Lock(), 0, []

    def begin(self, port):
        """Begins, or goes on."""
        self.begun = self.count, time.monotonic()
        self.threads = [threading.Thread(target=self._send, args=(sender, port)) for sender in range(len(self.lists))]
        for thread in self.threads:
            thread.start()

    go_on = begin

    def wait_for(self, count):
        """Waits until so many are answered."""
        while self.count < count:
            if not any(thread.is_alive() for thread in self.threads):
                raise Failed("the senders gave up")
            time.sleep(0.005)

    def pause(self):
        """Waits until every sender has ended, or has seen that the server is gone."""
        for thread in self.threads:
            thread.join()
        count, begun = self.begun
        self.spells.append((self.count - count, time.monotonic() - begun))

    def ended(self):
        """Waits until all is sent; answers the figures."""
        self.pause()
        if any(at < len(todo) for at, todo in zip(self.at, self.lists)):
            raise Failed("the senders gave up")
        latency = percentiles(self.taken)
        return {
            "per_second": self.count / sum(seconds for _, seconds in self.spells),
            "spells": [count / seconds for count, seconds in self.spells],
            "latency": {name: latency[name] for name in ("p50", "p95", "p99")} | {"max": latency["all"][-1]},
            "unwelcome": self.unwelcome,
            "later": self.later,
        }

    def one(self, port, message):
        """A message by itself, uncounted; answers its reference."""
        head = f"{HEADER}: {SENDERS[0]}\r\n"
        status, body = Client(port, INTAKE).ask(f"/{message.address}", head=head, body=message.body, type_=message.type_)
        if status != 202:
            raise Failed(f"{message.kind} was answered {status}")
        self.alone.append(message)
        self.receipts[0, message.ident] = {reference(body)}
        return reference(body)

    def _send(self, sender, port):
        head, mine = f"{HEADER}: {SENDERS[sender]}\r\n", self.lists[sender]
        with contextlib.suppress(OSError):
            client = Client(port, INTAKE)
            while self.at[sender] < len(mine):
                message = mine[self.at[sender]]
                begun = time.monotonic()
                status, body = client.ask(f"/{message.address}", head=head, body=message.body, type_=message.type_)
                taken = time.monotonic() - begun
                if status in (429, 503):
                    self.later += 1
                    time.sleep(PAUSE)
                    continue
                with self.lock:
                    self.count += 1
                    self.taken.append(taken)
                    if status == 202:
                        self.receipts.setdefault((sender, message.ident), set()).add(reference(body))
                    else:
                        self.unwelcome.append((message.kind, message.ident, status, bytes(body[:500]).decode(errors="replace")))
                self.at[sender] += 1


def reference(receipt):
    """The register's reference in a receipt."""
    return bytes(receipt).decode().split("Referanse>")[1][:36]
