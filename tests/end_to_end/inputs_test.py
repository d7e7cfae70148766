"""Every form of input that people have, and input that nobody should have:
each line has its row, or the run says what is wrong and what to do."""

import gzip
import os
import subprocess
import time
import unittest

from support import scan
from support.loopback import LoopbackDns, world_domains
from support.scan import SECONDS, ScanCase, ndjson

WORLD = 300


def zstd(data):
    """A frame of blocks that are not compressed (RFC 8878 §3.1.1.2)."""
    frame = b"\x28\xb5\x2f\xfd\x00\x50"
    for at in range(0, len(data), 1 << 17):
        block = data[at:at + (1 << 17)]
        last = at + len(block) == len(data)
        frame += (len(block) << 3 | last).to_bytes(3, "little") + block
    return frame


def zstd_bomb(octet, size):
    frame = b"\x28\xb5\x2f\xfd\x00\x50"
    block = ((1 << 17) << 3 | 1 << 1).to_bytes(3, "little") + octet
    return frame + block * (size >> 17)


class InputCase(ScanCase):
    def setUp(self):
        super().setUp()
        self.domains = world_domains(WORLD)
        self.text = "".join(d + "\n" for d in self.domains).encode()
        self.ranked = "".join(f"{n},{d}\r\n" for n, d in
                              enumerate(self.domains, 1)).encode()
        self.server = self.started(LoopbackDns(world=WORLD))

    def put(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def read(self, *arguments, code=0, **options):
        """Scans; returns the rows by file and line, and standard error."""
        ran = scan.run(*arguments, "-r", self.server.endpoints, "--format",
                       "ndjson", **options)
        self.assertEqual(ran.returncode, code, ran.stderr.decode())
        rows = ndjson(ran.stdout)
        rows.sort(key=lambda r: (r.get("input_file") or "", r["line"]))
        return rows, ran.stderr.decode()

    def assert_all_domains(self, rows):
        self.assertEqual([row["domain"] for row in rows], self.domains)
        self.assertNotIn("invalid_input", {row["status"] for row in rows})

    def assert_fails(self, path, *words, rows=0, **options):
        """The run fails in one line that names the file and the remedy."""
        got, said = self.read(path, code=1, **options)
        self.assertEqual(len(got), rows)
        for word in (str(path), *words):
            self.assertIn(word, said)
        self.assertEqual(said.count("\n"), 1)
        return got


class Forms(InputCase):
    def test_ranked_lists_need_no_flag(self):
        rows, _ = self.read(self.put("top-1m.csv", self.ranked))
        self.assert_all_domains(rows)
        rows, _ = self.read(self.put("tranco_XYZ", self.ranked))
        self.assert_all_domains(rows)

    def test_a_column_of_any_csv(self):
        data = "Customer;Web site;Since\r\n" + "".join(
            f'"Müller; ""{n}""\r\nund Söhne";https://{d}/;2020\r\n'
            for n, d in enumerate(self.domains))
        path = self.put("portfolio.csv", b"\xef\xbb\xbf" + data.encode())
        for column in ("web site", "2"):
            rows, _ = self.read(path, "--column", column, "--extract-host")
            self.assert_all_domains(rows)
        self.assertEqual(rows[1]["line"], 4)
        self.assertEqual(rows[1]["input"], f"https://{self.domains[1]}/")

    def test_a_csv_that_does_not_say_which_column_is_asked_about(self):
        path = self.put("list.csv", b"a,b\nx,y.de\n")
        self.assert_fails(path, "--column", "a, b")

    def test_gzip_and_zstd_are_read_from_files_and_from_a_pipe(self):
        half = len(self.ranked) // 2
        for data in (gzip.compress(self.ranked[:half]) +
                     gzip.compress(self.ranked[half:]),
                     zstd(self.ranked[:half]) + b"\x50\x2a\x4d\x18\1\0\0\0x" +
                     zstd(self.ranked[half:])):
            rows, _ = self.read(self.put("list", data))
            self.assert_all_domains(rows)
            rows, _ = self.read("-", input=data)
            self.assert_all_domains(rows)

    def test_a_zone_file_gives_each_delegated_name_once(self):
        below = [d for d in self.domains if d.endswith(".com")]
        records = ["com.\t900\tin\tsoa\ta.example. b.example. 1 2 3 4 5",
                   "com.\t900\tin\tns\ta.example."]
        for domain in below:
            records += [f"{domain}.\t900\tin\tns\tns1.{domain}.",
                        f"{domain}.\t900\tin\tns\tns2.{domain}.",
                        f"{domain}.\t900\tin\tds\t1 8 2 AB",
                        f"ns1.{domain}.\t900\tin\ta\t192.0.2.1"]
        text = "\n".join(records).encode()
        for arguments in ([self.put("com.txt.gz", gzip.compress(text))],
                          [self.put("x", text), "--input-format", "zone"]):
            rows, _ = self.read(*arguments)
            self.assertEqual([row["domain"] for row in rows], below)

    def test_several_files_are_told_apart(self):
        one = self.put("one.txt", self.text)
        two = self.put("two.csv.gz", gzip.compress(self.ranked))
        rows, _ = self.read(one, two)
        self.assertEqual(len(rows), 2 * WORLD)
        for path, part in ((one, rows[:WORLD]), (two, rows[WORLD:])):
            self.assertEqual({row["input_file"] for row in part}, {str(path)})
            self.assert_all_domains(part)

    def test_hosts_are_taken_out_of_urls_and_addresses(self):
        first, second, third = self.domains[:3]
        rows, _ = self.read("--extract-host", f"https://{first}:8443/a?b@c",
                            f"Jane <jane@{second}>", third)
        self.assertEqual([row["domain"] for row in rows], self.domains[:3])


class Parts(InputCase):
    def lines(self, *arguments):
        rows, _ = self.read(self.put("list", self.text), *arguments)
        return [row["line"] for row in rows]

    def test_skip_and_limit(self):
        self.assertEqual(self.lines("--skip", "10", "--limit", "5"),
                         [11, 12, 13, 14, 15])

    def test_shards_share_the_lines_by_their_numbers(self):
        seen = []
        for shard in range(3):
            lines = self.lines("--shard", f"{shard}/3")
            self.assertEqual({line % 3 for line in lines}, {shard})
            seen += lines
        self.assertEqual(sorted(seen), list(range(1, WORLD + 1)))

    def test_a_limit_ends_without_reading_on(self):
        process = scan.start("-", "--limit", "1", "-r", self.server.endpoints,
                             "--format", "ndjson", stdin=subprocess.PIPE)
        process.stdin.write(self.domains[0].encode() + b"\n")
        process.stdin.flush()  # And stays open.
        self.assertEqual(process.wait(SECONDS), 0)
        self.assertEqual(len(ndjson(process.stdout.read())), 1)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()

    def test_unique_asks_once_and_says_what_it_took(self):
        rows, said = self.read(self.put("list", self.text * 3), "--unique")
        self.assert_all_domains(rows)
        self.assertIn(f"{WORLD} domains, {2 * WORLD} more lines", said)
        self.assertIn("MB of memory", said)

    def test_a_million_equal_lines(self):
        # A tenth of them where every step is checked.
        count = 1_000_000 if scan.IS_RELEASE else 100_000
        path = self.put("list", (self.domains[0] + "\n").encode() * count)
        rows, _ = self.read(path, "--unique")
        self.assertEqual([row["line"] for row in rows], [1])
        out = self.folder / "rows.csv"
        ran = scan.run(path, "-r", self.server.endpoints, "-o", out, "-q")
        self.assert_success(ran)
        with open(out, "rb") as text:
            self.assertEqual(sum(1 for _ in text), count + 1)
        self.assertLess(self.server.stop()["queries"], 1000)


class Ordered(ScanCase):
    """Several thousand domains, whose answers overtake one another."""

    WORLD = 20_000

    def start(self, *arguments, faults=("loss p=0.05", "late p=0.2 ms=80")):
        server = self.started(LoopbackDns(world=self.WORLD, faults=faults))
        self.out = self.folder / "rows.ndjson"
        return scan.start(*arguments, "-r", server.endpoints, "--ordered",
                          "--timeout", "100", "--threads", "2", "-o", self.out)

    def rows(self):
        return [(row.get("input_file"), row["line"])
                for row in ndjson(self.out.read_bytes())]

    def test_rows_come_in_input_order_over_all_inputs_and_threads(self):
        domains = world_domains(self.WORLD)
        half = self.WORLD // 2
        one = self.file("z.txt", ["# first", *domains[:half]])
        two = self.file("a.txt", domains[half:])
        with self.start(one, two) as process:
            self.assertEqual(process.wait(SECONDS), 0)
        self.assertEqual(self.rows(), [(str(one), n + 2) for n in range(half)]
                         + [(str(two), n + 1) for n in range(half)])

    def test_a_window_that_stragglers_close_opens_again(self):
        # More lines than may run ahead of the first, which is never answered.
        lines = world_domains(self.WORLD)[:1000] * 100
        path = self.file("list.txt", ["lost.example", *lines])
        with self.start(path, "--attempts", "3", "--window", "1000",
                        faults=("loss name=lost.example",)) as process:
            self.assertEqual(process.wait(SECONDS), 0)
        self.assertEqual([line for _, line in self.rows()],
                         list(range(1, 100_002)))

    def test_an_interrupted_run_ends_and_its_rows_are_in_order(self):
        path = self.file("list.txt", world_domains(self.WORLD) * 20)
        with self.start(path, "--rate", "20k") as process:
            self.wait_for_rows()
            process.terminate()
            self.assertEqual(process.wait(SECONDS), 75)
        lines = [line for _, line in self.rows()]
        self.assertEqual(lines, sorted(lines))
        self.assertLess(len(lines), 20 * self.WORLD)

    def wait_for_rows(self):
        end = time.monotonic() + SECONDS
        while not (self.out.exists() and self.out.stat().st_size):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)


class Hostile(InputCase):
    def between(self, data, ends="\n"):
        """Scans `data` as the line between two good ones."""
        end = ends.encode()
        first, last = (d.encode() for d in self.domains[:2])
        rows, _ = self.read(self.put("list", first + end + data + end + last +
                                     end))
        self.assertEqual(rows[0]["domain"], self.domains[0])
        self.assertEqual(rows[-1]["domain"], self.domains[1])
        return rows[1:-1]

    def assert_invalid(self, rows, detail):
        self.assertEqual([(r["line"], r["status"], r["detail"]) for r in rows],
                         [(2, "invalid_input", detail)])

    def test_a_line_of_four_megabytes(self):
        self.assert_invalid(self.between(b"x" * (4 << 20)), "line_too_long")

    def test_nul_octets(self):
        self.assert_invalid(self.between(b"a\0b.de"), "nul_byte")
        self.assert_invalid(self.between(b"\0" * 100), "nul_byte")

    def test_broken_utf8(self):
        self.assert_invalid(self.between(b"\xc3\x28\xff.de"), "bad_utf8")

    def test_crlf(self):
        self.assertEqual(self.between(b"# comment", ends="\r\n"), [])

    def test_a_byte_order_mark(self):
        rows, _ = self.read(self.put("list", b"\xef\xbb\xbf" + self.text))
        self.assert_all_domains(rows)

    def test_lines_that_end_in_cr_alone(self):
        rows, _ = self.read(self.put("list", self.text.replace(b"\n", b"\r")))
        self.assert_all_domains(rows)

    def test_utf16_is_named(self):
        for codec in ("utf-16-le", "utf-16-be"):
            data = ("\ufeff" + self.text.decode()).encode(codec)
            self.assert_fails(self.put("list", data), "UTF-16", "iconv")

    def test_an_empty_file_has_no_rows(self):
        for name in ("list", "list.csv", "list.zone", "list.gz"):
            rows, said = self.read(self.put(name, b""))
            self.assertEqual((rows, said), ([], ""))

    def test_streams_that_are_closed_are_named(self):
        def closed(fd):
            return {"preexec_fn": lambda: os.close(fd)}

        ran = scan.run("-", "-r", self.server.endpoints, **closed(0))
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"cannot read standard input", ran.stderr)
        ran = scan.run(self.domains[0], "-r", self.server.endpoints,
                       **closed(1))
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"standard output", ran.stderr)
        out = self.folder / "rows.ndjson"
        ran = scan.run(self.put("list", self.text), "-r",
                       self.server.endpoints, "-o", out, "--progress",
                       "always", **closed(2))
        self.assertEqual(ran.returncode, 0)
        self.assertEqual(len(ndjson(out.read_bytes())), WORLD)

    def test_a_directory_is_refused(self):
        ran = scan.run(self.folder, "-r", self.server.endpoints)
        self.assertEqual(ran.returncode, 2)
        self.assertIn(b"is a directory", ran.stderr)

    def test_an_unreadable_file_fails_before_the_first_question(self):
        path = self.put("list", self.text)
        path.chmod(0)
        options = {}
        if os.access(path, os.R_OK):  # Root may read everything.
            options = {"user": 65534}
            try:
                scan.run("--version", **options)
            except PermissionError:
                self.skipTest("only root can run the program from here")
        self.assert_fails(path, "readable", **options)

    def test_gzip_and_zstd_that_are_cut_short_give_what_was_whole(self):
        noise = os.urandom(1 << 20).hex().encode()  # Fills what is buffered.
        data = self.text + b"# " + noise + b"\n" + self.ranked
        for packed in (gzip.compress(data), zstd(data)):
            path = self.put("list.z", packed[:len(packed) // 2])
            rows = self.assert_fails(path, "cut off", "fetch", rows=WORLD)
            self.assert_all_domains(rows)

    def test_damaged_gzip_is_named(self):
        packed = bytearray(gzip.compress(self.text))
        packed[-8] ^= 1
        self.assert_fails(self.put("list.gz", packed), "damaged", "fetch",
                          rows=WORLD)

    def test_what_expands_without_end_is_stopped(self):
        data = zstd(self.text) + zstd_bomb(b"x", 5 << 30)
        rows = self.assert_fails(self.put("list.zst", data), "200 times",
                                 rows=WORLD + 1)
        self.assert_all_domains(rows[:-1])
        self.assertEqual(rows[-1]["detail"], "line_too_long")

    def test_a_quote_that_is_never_closed_costs_one_line(self):
        data = self.ranked.replace(b"\r\n2,", b'\r\n"2,')
        rows, _ = self.read(self.put("list.csv", data))
        self.assertEqual(len(rows), WORLD)
        self.assertEqual(rows[1]["detail"], "unclosed_quote")
        self.assertEqual([r["domain"] for r in rows[2:]], self.domains[2:])

    def test_a_fifo_that_stalls_gives_its_rows_and_can_be_left(self):
        path = self.folder / "fifo"
        os.mkfifo(path)
        process = scan.start(path, "-r", self.server.endpoints, "--format",
                             "ndjson")
        with open(path, "wb", buffering=0) as fifo:
            fifo.write(self.domains[0].encode() + b"\n")
            row = ndjson(process.stdout.readline())[0]
            self.assertEqual(row["domain"], self.domains[0])
            process.terminate()  # While the fifo stays open and says nothing.
            self.assertEqual(process.wait(SECONDS), 75)
        process.stdout.close()
        process.stderr.close()


if __name__ == "__main__":
    unittest.main()
