"""Terminals: a pty whose every write a test reads, and tmux, which is a real
one with windows that change their size."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from support import scan

# Colours, line wrap on and off.
STYLE = re.compile(r"\x1b\[(?:[0-9;]*m|\?7[lh])")
CLEAR = "\r\x1b[J"


class Pty:
    """mxscan with a terminal for standard error. Use in a with statement."""

    has_stdout = False

    def __init__(self, columns, *arguments, **environment):
        self.ours, terminal = pty.openpty()
        self.resize(columns)
        env = {**os.environ, "TERM": "xterm", **environment}
        self.process = scan.start(
            *arguments, stderr=terminal, env=env,
            stdout=terminal if self.has_stdout else subprocess.DEVNULL)
        os.close(terminal)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.ours)
        self.process.kill()
        self.process.wait()

    def resize(self, columns):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))

    def read(self):
        """What is written next; empty when nobody has it open any more."""
        if not select.select([self.ours], [], [], scan.SECONDS)[0]:
            raise TimeoutError("Nothing is written.")
        try:
            return os.read(self.ours, 1 << 16).decode()
        except OSError:
            return ""

    def read_all(self):
        return "".join(iter(self.read, ""))


class WholePty(Pty):
    """The same, and standard output too."""

    has_stdout = True


def drawings(text):
    """What was drawn, each without colours: the status lines, and what came
    behind the last of them."""
    *lines, rest = STYLE.sub("", text).split(CLEAR)
    return [line.rstrip("\r") for line in lines if line], rest


class Tmux:
    """A window of tmux, of a server of its own, running one command."""

    def __init__(self, folder, columns, rows, command):
        self.socket = folder / "tmux"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns),
                  "-y", str(rows), f"{command}; cat")

    def tmux(self, *arguments):
        env = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        env.pop("TMUX", None)
        return subprocess.run(
            ["tmux", "-S", str(self.socket), *arguments], check=True, env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            text=True).stdout

    def screen(self):
        return self.tmux("capture-pane", "-p").rstrip("\n").split("\n")

    def wait_for(self, words):
        end = time.monotonic() + scan.SECONDS
        while time.monotonic() < end:
            screen = self.screen()
            if any(words in line for line in screen):
                return screen
            time.sleep(0.05)
        raise TimeoutError(f"No '{words}' on {screen}")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def stop(self):
        self.tmux("kill-server")
