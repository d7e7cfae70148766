"""Runs that are killed, lose their power, or find no space left, and go on by
--resume: in the end every line has its row once, as if nothing had happened.

RESUME_ROUNDS says how many rounds of each kind there are (1), RESUME_SEED
which ones; with RESUME_EVERY_BYTE a journal is damaged at every byte of it."""

import errno
import gzip
import json
import os
import pathlib
import random
import select
import shutil
import signal
import subprocess
import time
import unittest

from support import scan
from support.loopback import LoopbackDns, world_truth
from support.scan import SECONDS, ScanCase, csv_rows, ndjson

ROUNDS = int(os.environ.get("RESUME_ROUNDS", "1"))
SEED = int(os.environ.get("RESUME_SEED", "1"))
EVERY_BYTE = "RESUME_EVERY_BYTE" in os.environ
LIBRARY = os.environ.get("FILE_FAULTS_LIBRARY", "file_faults.so")
READER = pathlib.Path(os.environ.get("READER_PYTHON", ".venv/bin/python"))

WORLD = 3000
# How a row was got differs from run to run.
HOW = ("scanned_at", "resolver", "protocol", "attempts", "rtt_us")
FORMATS = ["rows.csv", "rows.ndjson", "rows.csv.gz"]
FORMATS += ["rows.ndjson.zst"] if shutil.which("zstd") else []
FORMATS += ["rows.parquet", "data/"] if READER.exists() else []

TO_NDJSON = """import sys, json, pyarrow.parquet as pq
for row in pq.read_table(sys.argv[1]).to_pylist():
    print(json.dumps(row, default=str))"""


def setUpModule():
    # Without it nothing fails, and what goes on until something does never
    # ends.
    if not pathlib.Path(LIBRARY).exists():
        raise FileNotFoundError(f"{LIBRARY}: build the target file_faults")


def is_soon_known(row):
    """Without a server that fails, for which a run would wait."""
    return row["status"] in ("ok", "null_mx", "no_mail", "nxdomain") and all(
        mx["state"] != "failed" and not mx["unknown"]
        for mx in row["mx"] or [])


def rows_of(path):
    """The rows of an output, in the order of lines, without how they were
    got."""
    if path.is_dir():
        parts = sorted(path.glob("scan_date=*/part-*.parquet"))
        rows = [row for part in parts for row in rows_of(part)]
        return sorted(rows, key=lambda row: int(row["line"]))
    if path.suffix == ".parquet":
        text = subprocess.run([READER, "-c", TO_NDJSON, path], check=True,
                              stdout=subprocess.PIPE).stdout
    elif path.suffix == ".gz":
        text = gzip.decompress(path.read_bytes())
    elif path.suffix == ".zst":
        text = subprocess.run(["zstd", "-dcq", path], check=True,
                              stdout=subprocess.PIPE).stdout
    else:
        text = path.read_bytes()
    rows = csv_rows(text) if ".csv" in path.name else ndjson(text)
    for row in rows:
        for column in HOW:
            del row[column]
    return sorted(rows, key=lambda row: int(row["line"]))


class Resumed(ScanCase):
    """A world, its server, and the rows of a run that nobody disturbed."""

    @classmethod
    def setUpClass(cls):
        cls.domains = [row["domain"] for row in world_truth(WORLD * 2)
                       if is_soon_known(row)][:WORLD]
        cls.server = LoopbackDns(world=WORLD * 2)
        cls.addClassCleanup(cls.server.stop)
        cls.calm = {}

    def setUp(self):
        super().setUp()
        self.list = self.file("domains.txt", self.domains)
        self.out = self.folder / "out"
        self.out.mkdir()

    def command(self, *outputs, every=1):
        """A run that makes its rows durable every millisecond."""
        named = [word for name in outputs
                 for word in ("--findings-out" if name.endswith(".sarif")
                              else "-o", f"{self.out}/{name}")]
        return (self.list, "-r", self.server.endpoints, *named, "-q",
                "--resume", "--checkpoint", every, "--summary",
                self.folder / "summary.json")

    def run_with(self, faults, *arguments):
        env = {**os.environ, "LD_PRELOAD": LIBRARY, "FILE_FAULTS": faults,
               "FILE_FAULTS_DIR": os.path.realpath(self.out)}
        return scan.run(*arguments, env=env)

    def calm_rows(self, name):
        """Those of a run that nobody disturbed."""
        if name not in self.calm:
            suffix = name[name.index("."):] if "." in name else "/"
            calm = self.folder / ("calm" + suffix)
            self.assert_success(scan.run(
                self.list, "-r", self.server.endpoints, "-o",
                f"{calm}/" if suffix == "/" else calm, "-q"))
            type(self).calm[name] = rows_of(calm)
            self.assertEqual(len(self.calm[name]), WORLD)
        return self.calm[name]

    def assert_whole(self, *outputs):
        for name in outputs:
            if name.endswith(".sarif"):
                self.assert_has_the_findings(self.out / name,
                                             rows_of(self.out / outputs[0]))
                continue
            rows = rows_of(self.out / name)
            self.assertEqual(len(rows), WORLD, name)
            for row, calm in zip(rows, self.calm_rows(name)):
                self.assertEqual(row, calm, name)
        summary = json.loads((self.folder / "summary.json").read_text())
        self.assertEqual(summary["input"]["rows"], WORLD)
        self.assertEqual(sum(summary["domains"]["by_status"].values()), WORLD)
        self.assertEqual(sum(run["rows"] for run in summary["runs"]), WORLD)

    def assert_has_the_findings(self, path, rows):
        run = json.loads(path.read_text())["runs"][0]
        self.assertTrue(run["invocations"][0]["executionSuccessful"])
        found = {}
        for result in run["results"]:
            file = result["locations"][0]["physicalLocation"]
            found.setdefault(file["region"]["startLine"], []).append(
                result["ruleId"])
        for row in rows:
            self.assertEqual(list(dict.fromkeys(found.pop(row["line"], []))),
                             row["findings"], row["domain"])
        self.assertEqual(found, {})

    def rounds(self, kind, outputs, faults):
        """Disturbs runs by `faults` at random steps, twice or more, and lets
        the last one end; `faults` gives the exit code as well."""
        for number in range(ROUNDS):
            chance = random.Random(f"{SEED} {kind} {outputs} {number}")
            with self.subTest(kind=kind, outputs=outputs, round=number):
                shutil.rmtree(self.out)
                self.out.mkdir()
                most = 200
                disturbed = 0
                while disturbed < 2 + number % 2:
                    fault, code = faults(chance.randint(1, most), chance)
                    ran = self.run_with(fault, *self.command(*outputs))
                    if ran.returncode == 0:  # It ended before.
                        most = max(1, most // 2)
                        if disturbed > 0:
                            break
                        shutil.rmtree(self.out)
                        self.out.mkdir()
                        continue
                    self.assertEqual(ran.returncode, code,
                                     (fault, ran.stderr))
                    disturbed += 1
                last = scan.run(*self.command(*outputs))
                self.assertEqual(last.returncode, 0, last.stderr)
                self.assert_whole(*outputs)
                again = scan.run(*self.command(*outputs))
                self.assertEqual(again.returncode, 0, again.stderr)


class Resume(Resumed):
    def test_after_kills_before_any_step_that_is_taken_on_the_disk(self):
        for name in FORMATS:
            self.rounds("kill", (name,), lambda step, _: (
                f"kill:{step}", -signal.SIGKILL))

    def test_after_losses_of_power(self):
        for name in FORMATS:
            self.rounds("power", (name,), lambda step, chance: (
                f"power:{step}:{chance.randrange(1 << 20)}", -signal.SIGKILL))

    def test_after_kills_of_a_run_with_several_outputs(self):
        self.rounds("kill", tuple(FORMATS), lambda step, _: (
            f"kill:{step}", -signal.SIGKILL))

    def test_after_disks_that_fill_up_or_fail(self):
        def fault(step, chance):
            error, code = chance.choice(((errno.ENOSPC, 75), (errno.EIO, 1)))
            return f"fail:{step}:{error}", code
        for name in FORMATS:
            self.rounds("fail", (name,), fault)

    def test_short_writes_lose_nothing(self):
        for name in FORMATS[:2]:
            ran = self.run_with(f"short:{SEED}", *self.command(name))
            self.assert_success(ran)
            self.assert_whole(name)

    def test_after_kills_while_the_output_grows(self):
        for number in range(ROUNDS):
            chance = random.Random(f"{SEED} grow {number}")
            name = FORMATS[number % 2]
            shutil.rmtree(self.out)
            self.out.mkdir()
            for _ in range(3):
                process = scan.start(*self.command(name))
                self.kill_at(process, self.out / name,
                             chance.randrange(1_500_000))
            last = scan.run(*self.command(name))
            self.assertEqual(last.returncode, 0, last.stderr)
            self.assert_whole(name)

    def kill_at(self, process, path, size):
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if path.exists() and path.stat().st_size >= size:
                process.kill()
        process.communicate()

    def test_after_an_interruption_by_hand_in_every_order(self):
        for ordered in ((), ("--ordered",)):
            shutil.rmtree(self.out)
            self.out.mkdir()
            command = (*self.command("rows.ndjson"), *ordered)
            for _ in range(2):
                # At a rate that leaves it half a minute to go.
                process = scan.start(*command, "--window", "50",
                                     "--rate", "200")
                path = self.out / "rows.ndjson"
                size = path.stat().st_size if path.exists() else 0
                while process.poll() is None and (
                        not path.exists() or
                        path.stat().st_size < size + 20_000):
                    time.sleep(0.01)
                process.send_signal(signal.SIGINT)
                _, said = process.communicate(timeout=SECONDS)
                self.assertEqual(process.returncode, 75, said)
                self.assertIn(b"--resume goes on", said)
            self.assertEqual(scan.run(*command).returncode, 0)
            lines = [row["line"] for row in ndjson(path.read_bytes())]
            if ordered:
                self.assertEqual(lines, sorted(lines))
            self.assert_whole("rows.ndjson")

    def test_findings_go_on_with_the_rows_in_one_document(self):
        outputs = ("rows.ndjson", "findings.sarif")
        self.rounds("kill", outputs, lambda step, _: (
            f"kill:{step}", -signal.SIGKILL))
        self.rounds("full", outputs, lambda step, _: (
            f"fail:{step}:{errno.ENOSPC}", 75))

    def test_parts_of_the_input_go_on_as_well(self):
        lines = ["# comment", *self.domains, *self.domains[:500]]
        list_ = self.file("twice.txt", lines)
        out = self.out / "rows.ndjson"
        arguments = (list_, "-r", self.server.endpoints, "-o", out, "-q",
                     "--unique", "--skip", 100, "--limit", 2500, "--shard",
                     "1/2", "--checkpoint", 1, "--resume")
        killed = self.run_with("kill:30", *arguments)
        self.assertEqual(killed.returncode, -signal.SIGKILL)
        self.assert_success(scan.run(*arguments))
        self.assertEqual(sorted(row["line"] for row in
                                ndjson(out.read_bytes())),
                         list(range(101, 2601, 2)))


class DamagedJournal(Resumed):
    """Whatever became of a journal: its run goes on rightly, or it says why it
    does not, and leaves the rows that are there."""

    LINES = 1000

    def setUp(self):
        super().setUp()
        self.list = self.file("few.txt", self.domains[:self.LINES])
        self.command_ = (*self.command("rows.csv"), "--no-addresses")
        step, ended = 40, 0
        while ended == 0:  # Before that step.
            step -= 3
            ended = self.run_with(f"kill:{step}", *self.command_).returncode
            self.assertIn(ended, (0, -signal.SIGKILL))
            if ended == 0:
                (self.out / "rows.csv.journal").unlink()
        self.rows = (self.out / "rows.csv").read_bytes()
        self.journal = (self.out / "rows.csv.journal").read_bytes()
        self.assertGreater(self.journal.count(b"\n"), 1)

    def go_on_with(self, journal, name):
        (self.out / "rows.csv").write_bytes(self.rows)
        (self.out / "rows.csv.journal").write_bytes(journal)
        ran = scan.run(*self.command_)
        left = (self.out / "rows.csv").read_bytes()
        if ran.returncode == 1:
            self.assertIn(b"rows.csv", ran.stderr, name)
            self.assertEqual(ran.stderr.count(b"\n"), 1, name)
            self.assertEqual(left, self.rows, name)
            return
        self.assertEqual(ran.returncode, 0, (name, ran.stderr))
        rows = csv_rows(left)
        self.assertEqual(sorted(int(row["line"]) for row in rows),
                         list(range(1, self.LINES + 1)), name)
        for row in rows:
            domain = self.domains[int(row["line"]) - 1]
            self.assertEqual(row["domain"], domain, name)

    def test_is_gone_on_with_rightly_or_refused(self):
        places = range(len(self.journal))
        if not EVERY_BYTE:
            places = random.Random(SEED).sample(places, 5 * ROUNDS)
        for place in places:
            self.go_on_with(self.journal[:place], f"cut at {place}")
            changed = bytearray(self.journal)
            changed[place] ^= 1 << place % 8
            self.go_on_with(bytes(changed), f"changed at {place}")


class Refusals(Resumed):
    def interrupt(self, name="rows.csv"):
        ran = self.run_with("kill:40", *self.command(name))
        self.assertEqual(ran.returncode, -signal.SIGKILL)
        return (self.out / name).read_bytes()

    def refused(self, code, words, *arguments):
        ran = scan.run(*arguments)
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.assertIn(words, ran.stderr.decode())
        self.assertEqual(ran.stderr.count(b"\n"), 1)

    def test_what_cannot_be_gone_on_with_is_refused_first_of_all(self):
        base = ("-r", "192.0.2.1", "--resume")
        self.refused(2, "standard input cannot be read again", "-", "-o",
                     self.out / "rows.csv", *base)
        self.refused(2, "rows on standard output", self.list, *base)
        self.refused(2, "/dev/null", self.list, "-o", "/dev/null", *base)
        self.assertEqual(list(self.out.iterdir()), [])

    def test_an_interrupted_run_is_not_overwritten(self):
        rows = self.interrupt()
        again = [word for word in self.command("rows.csv")
                 if word != "--resume"]
        self.refused(1, "--resume goes on with it", *again)
        self.assertEqual((self.out / "rows.csv").read_bytes(), rows)
        (self.out / "rows.csv.journal").unlink()
        self.assert_success(scan.run(*again))
        self.assertFalse((self.out / "rows.csv.journal").exists())

    def test_a_changed_output_is_not_gone_on_with(self):
        rows = self.interrupt()
        (self.out / "rows.csv").write_bytes(rows[:len(rows) // 8])
        self.refused(1, "not as the interrupted run left it",
                     *self.command("rows.csv"))

    def test_a_second_process_is_refused(self):
        process = scan.start(*self.command("rows.csv"), "--rate", "100")
        try:
            journal = self.out / "rows.csv.journal"
            while not journal.exists() or not journal.stat().st_size:
                self.assertIsNone(process.poll())
            self.refused(1, "another process", *self.command("rows.csv"))
            without = self.file("one.txt", ["example.com"])
            self.refused(1, "another process", without, "-r",
                         self.server.endpoints, "-o", self.out / "rows.csv")
        finally:
            process.kill()
            process.communicate()


@unittest.skipUnless(hasattr(os, "geteuid") and os.geteuid() == 0,
                     "only root can mount")
class SmallDisk(Resumed):
    def test_goes_on_once_there_is_room_again(self):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k",
                                  "tmpfs", self.out], check=False)
        if mounted.returncode != 0:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.out], check=True)
        full = scan.run(*self.command("rows.csv"))
        self.assertEqual(full.returncode, 75, full.stderr)
        self.assertIn(b"No space left", full.stderr)
        self.assertIn(b"--resume", full.stderr)
        still = scan.run(*self.command("rows.csv"))
        self.assertEqual(still.returncode, 75, still.stderr)
        subprocess.run(["mount", "-o", "remount,size=64m", self.out],
                       check=True)
        self.assert_success(scan.run(*self.command("rows.csv")))
        self.assert_whole("rows.csv")


class RowsThatNobodyTakes(ScanCase):
    """They stop the scan, and grow no memory."""

    LINES = 400_000
    MOST_KIB = 100_000  # All rows at once would take twice that and more.

    def setUp(self):
        super().setUp()
        self.list = self.folder / "list.txt"
        self.list.write_text("two words\n" * self.LINES)

    def start(self, *arguments, **options):
        return scan.start(self.list, "-r", "127.0.0.1:9", "-q",
                          "--no-addresses", *arguments, **options)

    def assert_stands_still_in_little_memory(self, process):
        status = pathlib.Path(f"/proc/{process.pid}/status")
        self.await_standstill(pathlib.Path(f"/proc/{process.pid}/stat"))
        self.assertIsNone(process.poll())
        peak = next(line for line in status.read_text().splitlines()
                    if line.startswith("VmHWM"))
        self.assertLess(int(peak.split()[1]), self.MOST_KIB)

    def test_when_the_reader_of_a_pipe_has_stopped(self):
        process = self.start()
        self.assertTrue(select.select([process.stdout], [], [], SECONDS)[0])
        self.assert_stands_still_in_little_memory(process)
        out, _ = process.communicate(timeout=SECONDS)
        self.assertEqual(out.count(b"\n"), self.LINES + 1)

    def test_when_the_disk_does_not_answer(self):
        out = self.folder / "out"
        out.mkdir()
        gate = self.folder / "gate"
        os.mkfifo(gate)
        env = {**os.environ, "LD_PRELOAD": LIBRARY,
               "FILE_FAULTS": f"stuck:20:{gate}",
               "FILE_FAULTS_DIR": os.path.realpath(out)}
        rows = out / "rows.csv"
        process = self.start("-o", rows, "--checkpoint", 1, env=env)
        try:
            held = self.hold(gate, process)
            self.assert_stands_still_in_little_memory(process)
            os.close(held)
            _, said = process.communicate(timeout=SECONDS)
            self.assertEqual(process.returncode, 0, said)
        finally:
            process.kill()
        self.assertEqual(rows.read_bytes().count(b"\n"), self.LINES + 1)

    def hold(self, gate, process):
        """Waits until the process has come to the gate, and keeps it there."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            self.assertIsNone(process.poll())
            try:
                return os.open(gate, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:  # Nobody is there yet.
                self.assertEqual(error.errno, errno.ENXIO)
        return self.fail("it never came to the gate")

    def await_standstill(self, stat):
        """Returns when the process does nothing any more: nobody reads."""
        quiet, used = 0, None
        while quiet < 5:
            select_later(.1)
            now = stat.read_text().rsplit(")", 1)[1].split()[11:13]
            quiet, used = (quiet + 1 if now == used else 0), now


def select_later(seconds):
    """What is waited for is that nothing happens, for which there is no
    event."""
    time.sleep(seconds)


if __name__ == "__main__":
    unittest.main()
