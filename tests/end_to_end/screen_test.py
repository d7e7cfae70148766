"""What people see of a run on standard error: a status line that never wraps,
whatever the window does, the last domains waited for, and a table."""

import shlex
import signal
import unittest

from support import scan
from support.loopback import LoopbackDns, world_domains
from support.scan import SECONDS, ScanCase
from support.terminal import Pty, Tmux, drawings

WORLD = 2000
LOST = ["a-lost.example", "b-lost.example"]


class Screen(ScanCase):
    """A run of about two seconds, at the end of which two names are lost."""

    def setUp(self):
        super().setUp()
        self.server = self.started(LoopbackDns(
            world=WORLD, faults=[f"loss name={name}" for name in LOST]))
        self.list = self.file("domains.txt", world_domains(WORLD) + LOST)
        self.arguments = (self.list, "-r", self.server.endpoints, "--rate",
                          "5k", "--attempts", "5", "--timeout", "200")

    def open(self, columns, *arguments, **environment):
        return Pty(columns, *(arguments or self.arguments), **environment)

    def see(self, columns):
        """Runs to the end; the lines drawn, and the table."""
        with self.open(columns) as terminal:
            text = terminal.read_all()
            self.assertEqual(terminal.process.wait(SECONDS), 0)
        return drawings(text)

    def check_lines(self, lines, columns):
        self.assertGreater(len(lines), 2)
        for line in lines:
            self.assertLess(len(line), columns, line)
            self.assertNotIn("\n", line)

    def check_width(self, columns):
        lines, table = self.see(columns)
        self.check_lines(lines, columns)
        self.assertRegex("\n".join(lines),
                         r"(?m)^[0-9.k]+/~?2\.00k [0-9.]+%  .*/s")
        waiting = [line for line in lines if line.startswith("waiting for ")]
        self.assertRegex("\n".join(waiting), r", at most \d+ s more")
        table = table.split("\r\n")
        self.assertEqual(table.pop(), "")
        for line in table:
            self.assertLessEqual(len(line), columns, line)
        text = "\n".join(table)
        for words in (r"^status +domains +share", r"^ok +1,\d\d\d +\d+\.\d%",
                      r"^timeout +2 +<0\.1%", r"^provider +domains +of mail",
                      r"^queries +\d,\d\d\d +\S+/s", r"^sent again +\d+ ",
                      r"^rows +2,002 +\S+/s", r"^time +\d+\.\ds"):
            self.assertRegex(text, "(?m)" + words)
        return lines

    def test_at_forty_columns(self):
        self.check_width(40)

    def test_at_sixty_columns(self):
        lines = self.check_width(60)
        self.assertTrue(any("ETA" in line for line in lines))
        self.assertTrue(any("in flight" in line for line in lines))

    def test_at_two_hundred_columns_it_says_all(self):
        lines = self.check_width(200)
        everything = ("mean ", "re-sent ", "ok ", "nxdomain ")
        self.assertTrue(any(all(words in line for words in everything)
                            for line in lines), lines)

    def test_follows_a_window_that_becomes_narrower(self):
        with self.open(200) as terminal:
            text = terminal.read()
            while "/s" not in text:
                text += terminal.read()
            terminal.resize(40)
            terminal.read()  # Perhaps drawn before.
            lines, _ = drawings(terminal.read_all())
        self.check_lines(lines, 40)

    def test_no_color_means_none(self):
        for setting, coloured in (("1", False), ("", True)):
            with self.open(80, NO_COLOR=setting) as terminal:
                text = terminal.read_all()
            self.assertEqual("\x1b[1m" in text, coloured)
            self.assertIn("\r\x1b[J", text)

    def test_an_interrupted_run_says_what_it_waits_for(self):
        with self.open(80) as terminal:
            text = terminal.read()
            while "waiting" not in text:
                text += terminal.read()
            terminal.process.send_signal(signal.SIGINT)
            text += terminal.read_all()
        self.assertRegex(text, r"interrupted; waiting for \d")

    def test_a_real_terminal_is_left_clean_when_its_window_changes(self):
        command = shlex.join([scan.PROGRAM, *map(str, self.arguments),
                              "-o", "/dev/null"])
        window = Tmux(self.folder, 120, 40, command)
        self.addCleanup(window.stop)
        window.wait_for(" in flight")
        for columns in (50, 110, 44):
            window.resize(columns, 40)
            screen = window.wait_for("/s" if columns != 44 else "time ")
            self.assertLessEqual(max(map(len, screen)), columns)
        self.assertRegex(screen[0], "^status +domains +share$")
        self.assertRegex(screen[-1], "^time ")


if __name__ == "__main__":
    unittest.main()
