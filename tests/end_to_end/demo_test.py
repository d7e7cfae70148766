"""The sample world of `mxscan demo`: every output, every provider."""

import collections
import csv
import json
import pathlib
import unittest

from support import scan
from support.scan import ScanCase, csv_rows, ndjson

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"


class Demo(ScanCase):
    def test_leaves_everything_in_its_folder(self):
        folder = self.folder / "demo"
        ran = scan.run("demo", folder)
        self.assert_success(ran)
        rows = ndjson((folder / "rows.ndjson").read_bytes())
        self.assertGreaterEqual(len(rows), 5000)
        self.assertEqual(len(csv_rows((folder / "rows.csv").read_text())),
                         len(rows))
        summary = json.loads((folder / "summary.json").read_text())
        self.assertEqual(summary["input"]["rows"], len(rows))
        statuses = {row["status"] for row in rows}
        for word in ("ok", "null_mx", "implicit_mx", "no_mail", "nxdomain",
                     "servfail", "refused", "timeout"):
            self.assertIn(word, statuses)
        self.assert_true_providers(rows)

    def assert_true_providers(self, rows):
        """Every provider, and who stands behind, as the sample world has it:
        counted, since nothing but the tables says whose a domain is."""
        made = [row for row in rows if "-mail.net" not in row["input"]]
        found = collections.Counter(
            (row["provider"], tuple(row["backend"] or ()))
            for row in made if row["status"] == "ok")
        self.assertEqual(found, sample_providers())


def table(name):
    lines = (DATA / name).read_text().splitlines()
    return list(csv.DictReader((line for line in lines if line[0] != "#"),
                               delimiter="\t", quoting=csv.QUOTE_NONE))


def sample_providers():
    """{(provider, those behind): domains} of data/demo/mail_sets.tsv."""
    facts = table("providers.tsv")
    category = {fact["id"]: fact["value"] for fact in facts
                if fact["fact"] == "category"}
    of_spf = {fact["value"]: fact["id"] for fact in facts
              if fact["fact"] == "spf"}
    expected = collections.Counter()
    for group in table("demo/mail_sets.tsv"):
        id_ = group["group"]
        if group["mx"] == "0 ." or not group["mx"][0].isdigit():
            continue
        if id_ not in category:
            own = "{domain}" in group["mx"]
            id_ = "own_name" if own else "unattributed"
        behind = ()
        if category.get(id_) in ("gateway", "forwarding"):
            behind = {of_spf[name] for name in group["spf"].split()
                      if name != "-"}
            if "outlook.com" in group["mx"]:
                behind = {"microsoft365"}
            behind = tuple(sorted(name for name in behind if category[name]
                                  in ("mailbox", "hosting", "isp")))
        expected[id_, behind] += int(group["domains"])
    return expected


if __name__ == "__main__":
    unittest.main()
