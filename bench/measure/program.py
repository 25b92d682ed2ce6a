"""Programs started, timed and weighed."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Failed(Exception):
    """Something that stops the run, said in one sentence."""


def say(text):
    """Tells the person who waits."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def need(program, package):
    """The path of a program, installed from Debian's archive when it is missing and that is possible."""
    found = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing {package}")
        subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, stdout=subprocess.DEVNULL)
        found = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if not found:
        raise Failed(f"{program} is missing; install the package {package}")
    return found


def run(command, **options):
    """Runs to the end; answers (seconds, peak resident bytes, standard output).

    The peak is read from the process itself: the one that `wait4` gives begins at what this program had.
    """
    begun = time.monotonic()
    peak = 0
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([str(part) for part in command], stdout=out, **options)
        while (ended := wait_for(child, 0.1)) is None:
            with contextlib.suppress(OSError, Failed):
                peak = max(peak, status_bytes(child.pid, "VmHWM"))
        seconds = time.monotonic() - begun
        if ended != 0:
            raise Failed(f"{' '.join(map(str, command))} ended with {ended}")
        out.seek(0)
        return seconds, peak, out.read().decode()


def wait_for(child, seconds):
    """The exit code, or nothing if it still runs after so long."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def free_port():
    """A port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def status_bytes(pid, field):
    """A memory field of /proc/PID/status, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise Failed(f"/proc/{pid}/status has no {field}")


def tree_bytes(pid):
    """Proportional resident bytes of a process and its children: shared memory counts once."""
    total = 0
    for each in [str(pid), *children(pid)]:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def children(pid):
    """The process numbers directly below one."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return []


def disk_bytes(path):
    """What a file or directory takes on disk."""
    path = Path(path)
    if path.is_file():
        return path.stat().st_blocks * 512
    return sum(each.lstat().st_blocks * 512 for each in path.rglob("*") if each.is_file())


@contextlib.contextmanager
def running(command, **options):
    """A program that runs while the block does."""
    child = subprocess.Popen([str(part) for part in command], **options)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def eventually(what, attempt, seconds):
    """Tries until it succeeds (answers something true) or the time is up."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            answer = attempt()
            if answer:
                return answer
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.01)
