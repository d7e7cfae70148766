"""Datasets as users make, check and merge them."""

import hashlib
import json
import signal
import unittest

from support.loopback import LoopbackDns, world_domains, world_truth
from support.scan import (ScanCase, csv_rows, ndjson, run, start)

WORLD = 600


def manifest_of(dataset):
    return json.loads((dataset / "_manifest.json").read_text())


def rows_of(dataset):
    """The rows of all parts of NDJSON, by line."""
    rows = []
    for part in sorted(dataset.glob("scan_date=*/part-*.ndjson")):
        rows += ndjson(part.read_bytes())
    return sorted(rows, key=lambda row: row["line"])


class Datasets(ScanCase):
    def setUp(self):
        super().setUp()
        self.domains = world_domains(WORLD)
        self.server = self.started(LoopbackDns(world=WORLD))
        self.list = self.file("domains.txt", self.domains)

    def write(self, name, *arguments):
        """Scans into a dataset of NDJSON."""
        dataset = self.folder / name
        ran = run(self.list, "-r", self.server.endpoints, "-q", "-o",
                  f"{dataset}/", "--format", "ndjson", *arguments)
        self.assert_success(ran)
        return dataset

    def test_a_dataset_holds_every_row_and_its_manifest_tells_the_truth(self):
        dataset = self.write("set", "--rows-per-part", "250")
        self.assert_true_rows(rows_of(dataset), world_truth(WORLD))
        manifest = manifest_of(dataset)
        self.assertEqual([part["rows"] for part in manifest["parts"]],
                         [250, 250, 100])
        for part in manifest["parts"]:
            data = (dataset / part["path"]).read_bytes()
            self.assertEqual(len(data), part["bytes"])
            self.assertEqual(hashlib.sha256(data).hexdigest(), part["sha256"])
            lines = [row["line"] for row in ndjson(data)]
            self.assertEqual((min(lines), max(lines)),
                             (part["first_line"], part["last_line"]))
        self.assertEqual({path.name for path in dataset.iterdir()},
                         {"_SUCCESS", "_manifest.json",
                          manifest["parts"][0]["path"].split("/")[0]})

    def test_shards_merge_into_what_one_run_gives(self):
        shards = [self.write(f"shard{i}", "--shard", f"{i}/3")
                  for i in range(3)]
        merged = self.folder / "all"
        self.assert_success(run("merge", *shards, "-o", f"{merged}/"))
        self.assert_true_rows(rows_of(merged), world_truth(WORLD))
        self.assert_success(run("verify", merged, *shards))

    def test_merge_says_what_is_missing_and_writes_nothing(self):
        shards = [self.write(f"shard{i}", "--shard", f"{i}/3")
                  for i in range(2)]
        ran = run("merge", *shards, "-o", self.folder / "all")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"shard 2/3 is missing", ran.stdout)
        self.assertFalse((self.folder / "all").exists())

    def test_merge_refuses_shards_of_two_lists_that_only_look_alike(self):
        shards = [self.write("shard0", "--shard", "0/2")]
        self.list = self.file("other.txt", list(reversed(self.domains)))
        shards.append(self.write("shard1", "--shard", "1/2"))
        ran = run("merge", *shards, "-o", self.folder / "all")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"shard1: the checksum of its lines is", ran.stdout)
        self.assertEqual(ran.stdout.count(b"\n"), 1)

    def test_verify_names_each_thing_that_is_wrong(self):
        dataset = self.write("set", "--rows-per-part", "250")
        first, second, _ = sorted(dataset.glob("*/part-*"))
        data = bytearray(first.read_bytes())
        data[100] ^= 1
        first.write_bytes(data)
        second.unlink()
        (dataset / "_SUCCESS").unlink()
        ran = run("verify", dataset)
        self.assertEqual(ran.returncode, 1)
        lines = ran.stdout.decode().splitlines()
        self.assertEqual(len(lines), 3)
        for line, said in zip(lines, ("_SUCCESS: is missing", "its SHA-256 is",
                                      "is missing")):
            self.assertIn(said, line)

    def test_a_dataset_that_is_there_is_refused(self):
        dataset = self.write("set")
        before = (dataset / "_manifest.json").read_bytes()
        ran = run(self.list, "-r", self.server.endpoints, "-o", f"{dataset}/")
        self.assertEqual(ran.returncode, 1)
        self.assertIn(b"is not empty; name another directory", ran.stderr)
        self.assertEqual((dataset / "_manifest.json").read_bytes(), before)

    def test_an_interrupted_run_is_not_complete_until_it_is_resumed(self):
        dataset = self.folder / "set"
        arguments = (self.list, "-r", self.server.endpoints, "-q", "-o",
                     f"{dataset}/", "--format", "ndjson", "--rows-per-part",
                     "50")
        scan = start(*arguments, "--rate", "100")
        while not list(dataset.glob("*/part-00000.ndjson")):
            self.assertIsNone(scan.poll(), "it ended too soon")
        scan.send_signal(signal.SIGINT)
        scan.communicate(timeout=60)
        self.assertEqual(scan.returncode, 75)
        self.assertFalse((dataset / "_SUCCESS").exists())
        self.assertEqual(run("verify", dataset).returncode, 1)
        self.assert_success(run(*arguments, "--resume"))
        self.assert_success(run("verify", dataset))
        self.assert_true_rows(rows_of(dataset), world_truth(WORLD))

    def test_the_long_layout_has_a_row_for_every_address(self):
        path = self.folder / "long.csv"
        self.assert_success(run(self.list, "-r", self.server.endpoints, "-q",
                                "--layout", "long", "-o", path))
        rows = csv_rows(path.read_bytes())
        expected = []
        for row in world_truth(WORLD):
            exchanges = [(mx["exchange"], address) for mx in row["mx"] or []
                         for address in mx["addresses"] or [""]]
            own = [("", address) for address in row["addresses"] or []]
            expected += [(str(row["line"]), row["domain"], exchange, address)
                         for exchange, address in
                         exchanges or own or [("", "")]]
        self.assertEqual(
            sorted((row["line"], row["query_name"], row["mx_address"],
                    row["ip4_address"] + row["ip6_address"]) for row in rows),
            sorted(expected))


if __name__ == "__main__":
    unittest.main()
