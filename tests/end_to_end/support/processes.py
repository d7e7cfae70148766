"""Processes that a test starts and, whatever happens, ends again by their id.
Everything listens on loopback only."""

import contextlib
import pathlib
import random
import signal
import socket
import subprocess
import time

LOOPBACK = "127.0.0.1"
START_SECONDS = 30
STOP_SECONDS = 20


FIRST_PORT = 10_000
EPHEMERAL = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port():
    """A port that nobody uses for UDP or TCP just now, and that the kernel
    gives to nobody who leaves the choice to it."""
    end = int(EPHEMERAL.read_text().split()[0])
    while True:
        port = random.randrange(min(FIRST_PORT, end - 1000), end)
        with contextlib.suppress(OSError), \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind((LOOPBACK, port))
            udp.bind((LOOPBACK, port))
            return port


class DidNotStart(RuntimeError):
    """A server ended before it was ready, or was not ready in time."""


def started_somewhere(start):
    """What `start(port)` returns for the first free port that it can have:
    somebody may take it in between."""
    for _ in range(3):
        with contextlib.suppress(DidNotStart):
            return start(free_port())
    return start(free_port())


class Server:
    """A program that runs until stop()."""

    def __init__(self, command, log_path, **popen):
        self.command = [str(word) for word in command]
        self.log_path = log_path
        with open(log_path, "wb") as log:
            popen = {"stdout": log, "stderr": subprocess.STDOUT,
                     "stdin": subprocess.DEVNULL, **popen}
            self.process = subprocess.Popen(self.command, **popen)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_until(self, ready):
        """Waits until `ready()` is true; fails with the log otherwise."""
        end = time.monotonic() + START_SECONDS
        while not ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise DidNotStart(
                    f"{self.command[0]} did not start:\n{self.log()}")
            time.sleep(0.05)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode
