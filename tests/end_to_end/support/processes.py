"""Processes that a test starts and, whatever happens, ends again by their id.
Everything listens on loopback only."""

import contextlib
import signal
import socket
import subprocess
import time

LOOPBACK = "127.0.0.1"
START_SECONDS = 30
STOP_SECONDS = 20


def free_port():
    """A port that nobody uses for UDP or TCP just now."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            tcp.bind((LOOPBACK, 0))
            port = tcp.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                with contextlib.suppress(OSError):
                    udp.bind((LOOPBACK, port))
                    return port


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
                raise RuntimeError(
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
