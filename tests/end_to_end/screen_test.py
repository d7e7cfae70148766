"""What people see of a run on standard error: a status line that never wraps,
whatever the window does, the last domains waited for, and a table."""

import re
import shlex
import signal
import unittest

from support import scan
from support.loopback import LoopbackDns, world_domains
from support.scan import SECONDS, ScanCase
from support.terminal import STYLE, Pty, Tmux, WholePty, drawings

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


class Pages(ScanCase):
    """A handful of domains, the first of which takes longest."""

    ZONE = """
$TTL 3600
$ORIGIN slow.com.
@ MX 10 mx1
mx1 A 44.10.1.1
$ORIGIN broken.com.
@ MX 10 gone
@ MX 20 odd\\027[31m\\226\\128\\174.broken.com.
@ MX 30 a-name-that-is-much-too-long-for-a-narrow-window.and-so-on.broken.com.
"""
    DOMAINS = ("slow.com", "broken.com", "b\u00fccher.example",
               "no domain", "\u7247" * 38 + " x")

    def setUp(self):
        super().setUp()
        zone = self.folder / "zone"
        zone.write_text(self.ZONE)
        self.server = self.started(LoopbackDns(
            "--zone", str(zone),
            faults=["delay name=slow.com ms=300 jitter=0"]))
        self.list = self.file("domains.txt", self.DOMAINS)

    def see(self, columns, *arguments, **environment):
        environment = {"LC_ALL": "C.UTF-8", **environment}
        with WholePty(columns, self.list, "-r", self.server.endpoints,
                      *arguments, **environment) as terminal:
            text = terminal.read_all()
            self.assertEqual(terminal.process.wait(SECONDS), 0)
        return text

    def test_stand_in_the_order_of_the_input(self):
        lines = self.see(80, "-q").split("\r\n")
        plain = [STYLE.sub("", line).replace("\r\x1b[J", "")
                 for line in lines]
        titles = [above for above, line in zip(plain, plain[1:])
                  if line == "\u2500" * 80]
        self.assertEqual(titles, [
            "slow.com", "broken.com",
            "xn--bcher-kva.example (b\u00fccher.example)", "no domain",
            "\u7247" * 38 + " x"])
        self.assertIn("10  mx1.slow.com  44.10.1.1", plain)
        text = "\n".join(plain)
        self.assertRegex(text, r"(?m)^error +The exchange\n")
        self.assertIn("\n           The exchange gone.broken.com does not "
                      "exist.\n           Give", text)
        self.assertIn("mx_target_nxdomain, RFC 5321", text)
        self.assertIn("\x1b[31merror\x1b[0m", "".join(lines))

    def test_fit_narrow_windows_and_draw_nothing_odd(self):
        for columns in (20, 41):
            text = self.see(columns, "-q", NO_COLOR="1", LC_ALL="C")
            text = text.replace("\r\x1b[J", "").replace("\r\n", "\n")
            self.assertNotRegex(text, r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
            for line in text.split("\n"):
                wide = len(re.findall("\u7247", line))
                self.assertLessEqual(len(line) + wide, columns, line)

    def test_a_dumb_terminal_gets_text_alone(self):
        text = self.see(80, TERM="dumb")
        self.assertNotIn("\x1b", text)
        self.assertIn("slow.com\r\n" + "-" * 80, text)

    def test_the_status_line_leaves_nothing_on_the_screen(self):
        command = shlex.join([scan.PROGRAM, "slow.com", "broken.com",
                              "-r", self.server.endpoints,
                              "--progress", "always"])
        window = Tmux(self.folder, 80, 60, f"NO_COLOR=1 {command}")
        self.addCleanup(window.stop)
        screen = window.wait_for("mx_none_usable")
        self.assertEqual(screen[0], "slow.com")
        for line in screen:
            self.assertNotRegex(line, "in flight|waiting|ETA")

    def test_rows_come_where_they_are_asked_for(self):
        text = self.see(80, "-q", "--format", "ndjson")
        self.assertEqual(text.count('"status":'), len(self.DOMAINS))


if __name__ == "__main__":
    unittest.main()
