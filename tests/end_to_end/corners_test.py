"""Corners in which a run once hung, failed or took more than it was given:
each test is an accident that is not to come back."""

import os
import resource
import signal
import socket
import subprocess
import time
import unittest

from support import scan
from support.loopback import LoopbackDns, world_domains
from support.scan import ScanCase, ndjson

# A run that would hang is not waited for as long as others.
SECONDS = 60


class Ends(ScanCase):
    """Whatever happens last, the run ends."""

    def zone(self, *records):
        return self.file("zone.txt", records)

    def test_a_last_domain_whose_host_is_known_ends_the_run(self):
        # The second answer comes when the first row has long been written, and
        # asks nothing of the network: nothing else wakes the shard.
        server = self.started(LoopbackDns(
            "--zone", self.zone("a.com. 300 IN MX 10 mx.h.net.",
                                "b.com. 300 IN MX 10 mx.h.net.",
                                "mx.h.net. 300 IN A 198.51.100.1",
                                "mx.h.net. 300 IN AAAA 2001:db8::1"),
            faults=["delay name=b.com ms=500"]))
        for threads in (1, 2):
            ran = scan.run(self.file("list", ["a.com", "b.com"]), "-r",
                           server.endpoints, "--threads", threads, "--format",
                           "ndjson", timeout=SECONDS)
            self.assert_success(ran)
            self.assertEqual([row["status"] for row in ndjson(ran.stdout)],
                             ["ok", "ok"])

    def test_one_question_at_a_time_is_enough(self):
        server = self.started(LoopbackDns(world=200))
        ran = scan.run(self.file("list", world_domains(200)), "-r",
                       server.endpoints, "--window", 1, "--format", "ndjson",
                       timeout=SECONDS)
        self.assert_success(ran)
        self.assertEqual(len(ndjson(ran.stdout)), 200)


class Interrupted(ScanCase):
    def interrupt(self, process, number=signal.SIGINT):
        process.send_signal(number)
        return self.end(process)

    def end(self, process):
        try:
            return process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise

    def wait_for_rows(self, process, out):
        while not (out.exists() and out.stat().st_size > 0):
            self.assertIsNone(process.poll())
            time.sleep(0.02)

    def wait_for_mask(self, process, name):
        """Until SIGINT is in that mask of the process."""
        while process.poll() is None:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as text:
                mask = next(l for l in text if l.startswith(name)).split()[1]
            if int(mask, 16) >> (signal.SIGINT - 1) & 1:
                return
            time.sleep(0.01)

    def test_what_was_read_and_not_begun_is_left(self):
        # At this rate the lines that are read would take an hour.
        out, summary = self.folder / "rows.ndjson", self.folder / "sum.json"
        server = self.started(LoopbackDns(world=5000))
        process = scan.start(self.file("list", world_domains(5000)), "-r",
                             server.endpoints, "--rate", 5, "-o", out,
                             "--summary", summary)
        self.wait_for_rows(process, out)
        _, err = self.interrupt(process)
        self.assertEqual(process.returncode, 75, err)
        rows = ndjson(out.read_bytes())
        self.assertGreater(len(rows), 0)
        self.assertIn(f"{len(rows)} rows are whole".encode(), err)
        self.assertIn(f'"rows": {len(rows)}', summary.read_text())

    def test_by_timeout_which_signals_twice(self):
        # It signals its child, and then the group of both.
        out = self.folder / "rows.ndjson"
        server = self.started(LoopbackDns(world=5000))
        process = scan.start(self.file("list", world_domains(5000)), "-r",
                             server.endpoints, "--rate", 50, "-o", out,
                             start_new_session=True)
        self.wait_for_rows(process, out)
        process.send_signal(signal.SIGINT)
        os.killpg(process.pid, signal.SIGINT)
        _, err = self.end(process)
        self.assertEqual(process.returncode, 75, err)
        self.assertIn(b"rows are whole", err)

    def test_while_an_output_waits_for_a_reader(self):
        fifo = self.folder / "rows.csv"
        os.mkfifo(fifo)
        process = scan.start("example.com", "-r", "127.0.0.1:1", "-o", fifo)
        self.wait_for_mask(process, "SigCgt")
        self.interrupt(process)
        self.assertEqual(process.returncode, 75)

    def test_a_hangup_that_nohup_ignores_is_ignored(self):
        server = self.started(LoopbackDns(
            world=50, faults=["delay ms=300"]))
        process = scan.start(
            self.file("list", world_domains(50)), "-r", server.endpoints,
            "--format", "ndjson",
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_for_mask(process, "SigBlk")
        out, err = self.interrupt(process, signal.SIGHUP)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(len(ndjson(out)), 50)


class Sizes(ScanCase):
    def check(self, *arguments, **options):
        server = self.started(LoopbackDns(world=100))
        ran = scan.run(self.file("list", world_domains(100)), "-r",
                       server.endpoints, "--format", "ndjson", *arguments,
                       timeout=SECONDS, **options)
        self.assert_success(ran)
        self.assertEqual(len(ndjson(ran.stdout)), 100)

    def test_the_largest_window_that_may_be_asked_for(self):
        self.check("--window", 1_000_000)

    def test_more_threads_than_the_usual_limit_of_open_files_bears(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self.check("--threads", 8, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_NOFILE, (40, hard)))

    def test_more_threads_than_questions_in_flight(self):
        # A server that never answers, and a time-out that never ends: what
        # comes is all in flight.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            process = scan.start(
                *(f"d{i}.com" for i in range(40)), "-r",
                "127.0.0.1:%d" % silent.getsockname()[1], "--threads", 4,
                "--window", 2, "--timeout", 60_000)
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            silent.settimeout(SECONDS)
            asked = [silent.recv(4096) for _ in range(2)]
            silent.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                asked.append(silent.recv(4096))
        self.assertEqual(len(asked), 2)


if __name__ == "__main__":
    unittest.main()
