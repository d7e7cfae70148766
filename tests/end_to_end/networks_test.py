"""Whose network exchanges are in: --asn with an MMDB of two layouts."""

import json
import pathlib
import subprocess
import unittest

from support.loopback import LoopbackDns
from support.scan import PROGRAM, ScanCase, ndjson, run

ZONE = """
$TTL 300
gated.com.      MX    10 mail.gated.com.
mail.gated.com. A     44.0.0.1
hosted.com.     MX    10 mail.hosted.com.
mail.hosted.com. A    44.1.0.1
                AAAA  2a02:ffff::1
own.com.        MX    10 mail.own.com.
mail.own.com.   A     44.2.0.1
implicit.com.   A     44.1.0.2
byname.com.     MX    10 aspmx.l.google.com.
aspmx.l.google.com. A 44.3.0.1
none.com.       MX    10 mail.none.com.
"""
DOMAINS = ["gated.com", "hosted.com", "own.com", "implicit.com", "byname.com",
           "none.com"]
# By the table: 22843 is Proofpoint's, 16276 OVH's.
NETWORKS = ("44.0.0.0/16\t22843\tProofpoint, Inc.\tUS\n"
            "44.1.0.0/16\t16276\tOVH SAS\tFR\n"
            "44.2.0.0/16\t64500\tExample\tDE\n"
            "44.3.0.0/16\t15169\tGoogle LLC\tUS\n"
            "2a02:ffff::/32\t16276\tOVH SAS\tDE\n")
WRITE_MMDB = pathlib.Path(PROGRAM).with_name("write_mmdb")


class Networks(ScanCase):
    """A zone whose exchanges are in networks that the database knows."""

    def setUp(self):
        super().setUp()
        zone = self.folder / "zone"
        zone.write_text(ZONE)
        self.server = self.started(LoopbackDns("--zone", str(zone)))

    def database(self, layout="geolite"):
        path = self.folder / f"{layout}.mmdb"
        subprocess.run([WRITE_MMDB, path, layout], input=NETWORKS, text=True,
                       check=True)
        return path

    def test_rows_say_whose_network_and_where(self):
        for layout in ("geolite", "ipinfo"):
            rows = {row["domain"]: row for row in self.scan(
                DOMAINS, self.server.endpoints, "--asn",
                self.database(layout))}
            found = {name: [row[key] for key in (
                "provider", "provider_category", "provider_via", "asn",
                "as_name", "country")] for name, row in rows.items()}
            self.assertEqual(found, {
                "gated.com": ["proofpoint", "gateway", "asn", 22843,
                              "Proofpoint, Inc.", "US"],
                "hosted.com": ["own_name", "hosting", "own_name", 16276,
                               "OVH SAS", "FR"],
                "own.com": ["own_name", "selfhosted", "own_name", 64500,
                            "Example", "DE"],
                "implicit.com": ["own_name", "hosting", "own_name", 16276,
                                 "OVH SAS", "FR"],
                "byname.com": ["google_workspace", "mailbox", "mx_suffix",
                               15169, "Google LLC", "US"],
                "none.com": ["own_name", "selfhosted", "own_name", None, None,
                             None]})

    def test_the_summary_counts_networks_and_countries(self):
        summary = self.folder / "summary.json"
        self.scan(DOMAINS, self.server.endpoints, "--asn", self.database(),
                  "--summary", summary)
        summary = json.loads(summary.read_text())
        self.assertEqual(
            [(item["asn"], item["name"], item["domains"])
             for item in summary["networks"]],
            [(16276, "OVH SAS", 2), (15169, "Google LLC", 1),
             (22843, "Proofpoint, Inc.", 1), (64500, "Example", 1)])
        self.assertEqual({item["country"]: item["domains"]
                          for item in summary["countries"]},
                         {"FR": 2, "US": 2, "DE": 1})

    def test_the_long_layout_has_the_network_of_every_address(self):
        ran = run("hosted.com", "-r", self.server.endpoints, "--asn",
                  self.database(), "--layout", "long", "--format", "ndjson")
        self.assert_success(ran)
        rows = ndjson(ran.stdout)
        self.assertEqual(
            [(row["ip4_address"] or row["ip6_address"], row["asn"],
              row["country"]) for row in rows],
            [("44.1.0.1", 16276, "FR"), ("2a02:ffff::1", 16276, "DE")])

    def test_without_a_database_there_is_no_such_column(self):
        row = self.scan(["own.com"], self.server.endpoints)[0]
        self.assertNotIn("asn", row)

    def test_a_file_that_is_no_database_is_said(self):
        path = self.folder / "list.mmdb"
        path.write_text("AS64500,Example\n")
        ran = run("own.com", "-r", self.server.endpoints, "--asn", path)
        self.assertEqual(ran.returncode, 1)
        self.assertIn(f"{path}: ".encode(), ran.stderr)
        self.assertIn(b"give an MMDB file", ran.stderr)
        ran = run("own.com", "-r", self.server.endpoints, "--asn", "")
        self.assertEqual(ran.returncode, 2)


if __name__ == "__main__":
    unittest.main()
