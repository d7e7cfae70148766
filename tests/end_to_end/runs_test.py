"""How a run begins and ends, as a shell sees it: input and output, exit codes,
signals, full disks, closed pipes, and what stands on which stream."""

import json
import os
import pty
import signal
import subprocess
import time
import unittest

from support import scan
from support.loopback import LoopbackDns, world_domains, world_truth
from support.scan import SECONDS, ScanCase, csv_rows, ndjson

WORLD = 300
LONG_WORLD = 20_000


class Runs(ScanCase):
    """A world of a few hundred domains, and a server for it."""

    def setUp(self):
        super().setUp()
        self.domains = world_domains(WORLD)
        self.list = self.file("domains.txt", self.domains)
        self.server = self.started(LoopbackDns(world=WORLD))
        self.resolver = self.server.endpoints

    def run_scan(self, *arguments, **options):
        return scan.run(*arguments, "-r", self.resolver, **options)


class Output(Runs):
    def test_rows_go_to_standard_output_and_nothing_else_does(self):
        ran = self.run_scan(self.list, "--progress", "always",
                            "--format", "ndjson")
        self.assert_success(ran)
        rows = ndjson(ran.stdout)
        rows.sort(key=lambda row: row["line"])
        self.assert_true_rows(rows, world_truth(WORLD))

    def test_standard_error_ends_with_a_table_unless_told_not_to(self):
        ran = self.run_scan(self.list)
        self.assert_success(ran)
        said = ran.stderr.decode()
        self.assertTrue(said.startswith("status "), said)
        self.assertRegex(said, r"\nrows +%d " % WORLD)
        for quiet in (["-q"], ["--progress", "never"]):
            self.assertEqual(self.run_scan(self.list, *quiet).stderr, b"")
        self.assertEqual(self.run_scan(self.domains[0]).stderr, b"")

    def test_verbose_says_what_the_run_does_a_line_for_each_thing(self):
        out = self.folder / "rows.csv"
        ran = self.run_scan(self.list, "-v", "-o", out, "--progress", "never")
        self.assert_success(ran)
        said = ran.stderr.decode().splitlines()
        for line in said:
            self.assertRegex(line, r"^mxscan: \d+s, ")
        for told in ("checks mx", f"input {self.list}", "resolver 127.0.0.1:",
                     f"rows to {out}, as csv", f"journal {out}.journal",
                     f"reads {self.list}", f"all is read: {WORLD} lines",
                     f"{out} is whole: {WORLD} domains, "):
            with self.subTest(told):
                self.assertEqual(
                    len([line for line in said if f", {told}" in line]), 1)

    def test_csv_has_a_header_and_the_same_rows(self):
        csv, json_ = self.folder / "rows.csv", self.folder / "rows.ndjson"
        self.assert_success(self.run_scan(self.list, "-o", csv, "-o", json_))
        text = csv.read_text()
        self.assertTrue(text.startswith("line,input,domain,status,"))
        self.assertNotIn("\r", text)
        by_line = {row["line"]: row for row in ndjson(json_.read_bytes())}
        rows = csv_rows(text)
        self.assertEqual(len(rows), WORLD)
        for row in rows:
            same = by_line[int(row["line"])]
            self.assertEqual(row["domain"], same["domain"])
            self.assertEqual(row["status"], same["status"])
            self.assertEqual(row["provider"], same["provider"] or "")
            hosts = ";".join(f"{mx['preference']} {mx['exchange']}"
                             for mx in same["mx"] or [])
            self.assertEqual(row["mx_hosts"], hosts)
            if same["mx"]:
                self.assertEqual(json.loads(row["mx"]), same["mx"])

    def test_an_output_that_cannot_be_made_is_named(self):
        path = self.folder / "no" / "such" / "rows.csv"
        ran = self.run_scan(self.list, "-o", path)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(str(path).encode(), ran.stderr)
        self.assertEqual(ran.stderr.count(b"\n"), 1)

    def test_a_summary_that_cannot_be_made_is_named(self):
        path = self.folder / "no" / "summary.json"
        ran = self.run_scan(self.list, "--summary", path)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(str(path).encode(), ran.stderr)

    def test_no_space_left_is_an_interruption(self):
        for arguments in (["-o", "/dev/full"],
                          ["-o", self.folder / "rows.csv", "-o", "/dev/full"]):
            ran = self.run_scan(self.list, *arguments)
            self.assertEqual(ran.returncode, 75, ran.stderr)
            self.assertIn(b"/dev/full", ran.stderr)

    def test_no_space_left_on_standard_output(self):
        with open("/dev/full", "wb") as full:
            ran = self.run_scan(self.list, stdout=full)
        self.assertEqual(ran.returncode, 75, ran.stderr)

    def test_the_summary_adds_up(self):
        path = self.folder / "summary.json"
        out = self.folder / "rows.ndjson"
        lines = ["# a comment", "", *self.domains, "not a domain"]
        ran = self.run_scan(self.file("list.txt", lines), "-o", out,
                            "--summary", path)
        self.assert_success(ran)
        summary = json.loads(path.read_text())
        rows = ndjson(out.read_bytes())
        self.assertEqual(summary["input"]["rows"], len(rows))
        self.assertEqual(summary["input"]["lines"], len(lines))
        self.assertEqual(summary["input"]["blank_or_comment"], 2)
        self.assertEqual(summary["input"]["invalid"], 1)
        for word, count in summary["domains"]["by_status"].items():
            self.assertEqual(count, sum(r["status"] == word for r in rows))
        self.assertEqual(sum(summary["domains"]["by_status"].values()),
                         len(rows))
        asked = self.server.stop()
        self.assertEqual(summary["queries"]["sent"], asked["queries"])


class Input(Runs):
    def test_standard_input_by_dash_and_by_default(self):
        text = self.list.read_bytes()
        for arguments in (["-"], []):
            ran = self.run_scan(*arguments, "--format", "ndjson", input=text)
            self.assert_success(ran)
            self.assertEqual(len(ndjson(ran.stdout)), WORLD)

    def test_domains_on_the_command_line(self):
        ran = self.run_scan(*self.domains[:2], "--format", "ndjson")
        self.assert_success(ran)
        self.assertEqual(sorted(row["domain"] for row in ndjson(ran.stdout)),
                         sorted(self.domains[:2]))

    def test_several_files_are_told_apart(self):
        one = self.file("one.txt", self.domains[:3])
        two = self.file("two.txt", self.domains[3:5])
        ran = self.run_scan(one, two, "--format", "ndjson")
        self.assert_success(ran)
        got = sorted((row["input_file"], row["line"]) for row in
                     ndjson(ran.stdout))
        self.assertEqual(got, [(str(one), 1), (str(one), 2), (str(one), 3),
                               (str(two), 1), (str(two), 2)])

    def test_every_line_has_its_row_whatever_it_holds(self):
        domain = self.domains[0].encode()
        lines = [b"\xef\xbb\xbf" + domain, domain.upper() + b".\r",
                 b"# comment", b"   ", b"  " + domain + b"\t", b"a" * 64 + b".com",
                 b"192.0.2.1", b"https://example.com/", b"user@example.com",
                 b"two words.com", b"nul\0.com", b"\xff\xfe.com", b"..",
                 b"x" * 5000, b"b\xc3\xbccher.com", domain]
        ran = self.run_scan("-", "--format", "ndjson", input=b"\n".join(lines))
        self.assert_success(ran)
        rows = {row["line"]: row for row in ndjson(ran.stdout)}
        blank = {3, 4}
        self.assertEqual(set(rows), set(range(1, len(lines) + 1)) - blank)
        for line in (1, 2, 5, 16):
            self.assertEqual(rows[line]["domain"], domain.decode())
        self.assertEqual(rows[15]["domain"], "xn--bcher-kva.com")
        reasons = {6: "label_too_long", 7: "ip_address", 8: "url",
                   9: "email_address", 10: "white_space", 11: "nul_byte",
                   12: "bad_utf8", 13: "empty_label", 14: "line_too_long"}
        for line, reason in reasons.items():
            self.assertEqual(rows[line]["status"], "invalid_input")
            self.assertEqual(rows[line]["detail"], reason)
            self.assertIsNone(rows[line]["domain"])

    def test_an_empty_input_is_a_run_without_rows(self):
        ran = self.run_scan("-", "--format", "ndjson", input=b"")
        self.assert_success(ran)
        self.assertEqual(ran.stdout, b"")

    def test_the_same_domain_a_thousand_times_is_asked_once(self):
        ran = self.run_scan("-", "--format", "ndjson", "--threads", "1",
                            input=(self.domains[0] + "\n").encode() * 1000)
        self.assert_success(ran)
        self.assertEqual(len(ndjson(ran.stdout)), 1000)
        self.assertLess(self.server.stop()["queries"], 30)

    def test_a_host_is_asked_once_however_many_threads_want_it(self):
        server = self.started(LoopbackDns("--count-questions", world=WORLD))
        rows = self.scan(self.domains, server.endpoints, "--threads", "3")
        self.assert_true_rows(rows, world_truth(WORLD))
        twice = {question: count for question, count
                 in server.stop()["questions"].items()
                 if count > 1 and question.split()[-1] in ("A", "AAAA")}
        failing = {mx["exchange"] for row in rows for mx in row["mx"] or []
                   if mx["unknown"]}
        self.assertEqual([q for q in twice if q.split()[0] not in failing
                          and not q.startswith("sites")], [])

    def test_what_is_switched_off_is_not_asked(self):
        rows = self.scan(self.domains, self.resolver, "--no-addresses",
                         "--no-implicit", "--no-backend", "--threads", "1")
        asked = self.server.stop()["types"]
        self.assertEqual(set(asked), {"MX", "A"})
        self.assertEqual(asked["A"], 1, "One name that cannot exist is asked "
                         "for, to see whether the resolver says so.")
        states = {mx["state"] for row in rows for mx in row["mx"] or []}
        self.assertLessEqual(states, {"not_queried", "null"})
        for row in rows:
            self.assertIsNone(row["addresses"])
            self.assertNotIn(row["status"], ("no_mail", "implicit_mx"))


class Usage(unittest.TestCase):
    def check(self, code, stream, words, *arguments):
        ran = scan.run(*arguments)
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.assertIn(words, getattr(ran, stream).decode())
        other = ran.stdout if stream == "stderr" else ran.stderr
        self.assertEqual(other, b"")

    def test_a_wrong_flag_is_code_2(self):
        self.check(2, "stderr", "--nonsense", "--nonsense")
        self.check(2, "stderr", "--rate", "example.com", "--rate", "fast")
        self.check(2, "stderr", "nowhere", "nowhere")

    def test_a_list_that_cannot_be_read_is_code_1(self):
        self.check(1, "stderr", "/no/list", "example.com", "-r", "@/no/list")

    def test_help_and_version_are_code_0(self):
        self.check(0, "stdout", "Examples", "--help")
        self.check(0, "stdout", "mxscan ", "--version")

    def test_bare_on_a_terminal_it_prints_the_help(self):
        master, terminal = pty.openpty()
        ran = scan.run(stdin=terminal)
        os.close(terminal)
        os.close(master)
        self.assertEqual(ran.returncode, 0)
        self.assertIn(b"Examples", ran.stdout)


class Interruption(ScanCase):
    """A run too long to finish by itself while a test waits."""

    @classmethod
    def setUpClass(cls):
        cls.domains = world_domains(LONG_WORLD)

    def start(self, *faults, **options):
        """Starts a scan at a rate that gives it hours to go."""
        server = self.started(LoopbackDns(world=LONG_WORLD, faults=faults))
        self.out = self.folder / "rows.ndjson"
        process = scan.start(self.file("domains.txt", self.domains), "-r",
                             server.endpoints, "--rate", "500", "-o",
                             self.out, "--format", "ndjson", **options)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def wait_for_rows(self):
        end = time.monotonic() + SECONDS
        while not (self.out.exists() and self.out.stat().st_size > 0):
            self.assertLess(time.monotonic(), end, "No row came.")
            time.sleep(0.02)

    def check_drains(self, number):
        process = self.start()
        self.wait_for_rows()
        process.send_signal(number)
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 75, err)
        self.assertEqual(out, b"")
        self.assertIn(b"interrupted", err)
        data = self.out.read_bytes()
        self.assertTrue(data.endswith(b"\n"))
        rows = ndjson(data)
        self.assertLess(len(rows), LONG_WORLD)
        lines = [row["line"] for row in rows]
        self.assertEqual(len(set(lines)), len(lines))
        truth = world_truth(LONG_WORLD)
        self.assert_true_rows(rows, [truth[line - 1] for line in lines])

    def test_sigint_drains(self):
        self.check_drains(signal.SIGINT)

    def test_sigterm_drains(self):
        self.check_drains(signal.SIGTERM)

    def test_a_second_signal_ends_it_at_once(self):
        # Nothing is answered after the first second, so draining takes long.
        process = self.start("silence from=1s")
        self.wait_for_rows()
        end = time.monotonic() + SECONDS
        while process.poll() is None and time.monotonic() < end:
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        self.assertEqual(process.wait(SECONDS), 130)
        for line in self.out.read_bytes().splitlines(keepends=True):
            self.assertTrue(line.endswith(b"\n"))
            json.loads(line)

    def test_a_reader_that_has_gone_ends_it_silently(self):
        server = self.started(LoopbackDns(world=LONG_WORLD))
        process = scan.start(self.file("domains.txt", self.domains), "-r",
                             server.endpoints, "--rate", "5k")
        self.addCleanup(self.end, process)
        self.assertTrue(process.stdout.readline().startswith(b"line,"))
        process.stdout.close()
        self.assertEqual(process.wait(SECONDS), 141)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        process.stdout = process.stderr = None


class Advice(Runs):
    """What is said before the first row of resolvers not made for scans."""

    # Nothing is asked about these, so that a public address can be named.
    UNASKABLE = "two words\n" * 50_000

    def test_of_a_public_resolver_with_the_time_that_the_list_takes(self):
        list_ = self.folder / "long.txt"
        list_.write_text(self.UNASKABLE)
        ran = scan.run(list_, "-r", "8.8.8.8", "--progress", "never",
                       stderr=subprocess.STDOUT)
        self.assertEqual(ran.returncode, 0)
        advice, _, rows = ran.stdout.partition(b"\n")
        self.assertRegex(advice, b"8.8.8.8 .Google Public DNS. is asked at "
                         b"most 1,500 times .* 50,000 domains take about 77 "
                         b"seconds.*README.md")
        self.assertEqual(len(csv_rows(rows)), 50_000)

    def test_of_a_stub_though_it_answers(self):
        domains = world_domains(1200)
        stub = self.started(LoopbackDns(world=1200, listen=("127.0.0.53",)))
        out = self.folder / "rows.csv"
        arguments = (self.file("list.txt", domains), "-r", stub.endpoints,
                     "-o", out)
        ran = scan.run(*arguments)
        self.assert_success(ran)
        self.assertIn(b"127.0.0.53 is the stub of systemd-resolved",
                      ran.stderr)
        self.assertEqual(len(csv_rows(out.read_text())), 1200)
        self.assertEqual(scan.run(*arguments, "-q").stderr, b"")

    def test_of_a_pipe_by_what_a_million_domains_would_take(self):
        """Its length is unknown, and nobody waits for its end."""
        ran = scan.run("-", "-r", "8.8.8.8", input=b"two words\n")
        self.assert_success(ran)
        self.assertIn(b"1,000,000 domains would take", ran.stderr)


if __name__ == "__main__":
    unittest.main()
