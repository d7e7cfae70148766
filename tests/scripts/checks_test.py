"""The checks of scripts/ find what they are for, in small trees made here."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"

LAYERS = """
[rooms]
resolver/wire  resolver/wire resolver/question.h
resolver       resolver
scanner        scanner resolver
[doors]
uv.h           resolver/net
absl/nobody    # Says why.
"""


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("scripts/layers.txt", LAYERS)
        self.write("resolver/question.h", "#include <string>\n")
        self.write("scanner/run/scan.h", '#include "resolver/question.h"\n')

    def write(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def check(self, name):
        ran = subprocess.run([sys.executable, SCRIPTS / name, self.root],
                             stdout=subprocess.PIPE, text=True, check=False,
                             stderr=subprocess.STDOUT)
        return ran.returncode, ran.stdout


class Layers(Tree):
    def test_a_tree_that_keeps_the_rule_passes(self):
        self.write("resolver/wire/name.h", '#include "resolver/question.h"\n')
        self.write("resolver/net/loop.cc", "#include <uv.h>\n")
        code, _ = self.check("check_layers")
        self.assertEqual(code, 0)

    def assert_fault(self, path, text, fault):
        self.write(path, text)
        code, out = self.check("check_layers")
        self.assertEqual(code, 1)
        self.assertIn(fault, out)

    def test_a_lower_room_may_not_include_a_higher_one(self):
        self.assert_fault("resolver/a.h", '\n#include "scanner/run/scan.h"\n',
                          "resolver/a.h:2: includes scanner/run/scan.h")

    def test_the_longest_line_that_fits_counts(self):
        self.write("resolver/answer.h", "")
        self.assert_fault("resolver/wire/a.h", '#include "resolver/answer.h"\n',
                          "resolver/wire may include only")

    def test_a_third_party_comes_in_by_its_door_only(self):
        self.assert_fault("scanner/a.cc", "  #  include <uv.h>\n",
                          "which only resolver/net may")

    def test_what_is_for_nobody_is_for_nobody(self):
        self.assert_fault("scanner/a.cc", "#include <absl/nobody/x.h>\n",
                          "which only nobody may")

    def test_a_header_that_is_not_there_is_named(self):
        self.assert_fault("scanner/a.cc", '#include "scanner/gone.h"\n',
                          "which is not there")

    def test_every_folder_needs_a_line(self):
        self.assert_fault("output/a.h", "", "no line of scripts/layers.txt")


class Sizes(Tree):
    @staticmethod
    def function(name, lines):
        return f"int {name}() {{\n" + "\n" * (lines - 2) + "}\n"

    def test_what_is_just_small_enough_passes(self):
        self.write("scanner/a.cc", self.function("Sixty", 60))
        self.write("resolver/wire/a.cc", self.function("Forty", 40))
        self.write("scanner/b.cc", "\n" * 500)
        code, out = self.check("check_sizes")
        self.assertEqual(code, 0, out)

    def test_what_is_too_long_is_named(self):
        self.write("scanner/a.cc", self.function("Long", 61))
        self.write("resolver/wire/a.cc", self.function("Packets", 41))
        self.write("scanner/b.cc", "\n" * 501)
        code, out = self.check("check_sizes")
        self.assertEqual(code, 1)
        self.assertIn("scanner/a.cc:1: Long has 61 lines, more than 60", out)
        self.assertIn("resolver/wire/a.cc:1: Packets has 41 lines", out)
        self.assertIn("scanner/b.cc: 501 lines, more than 500", out)


class Tables(Tree):
    def setUp(self):
        super().setUp()
        self.write("data/providers.tsv",
                   "id\tfact\tvalue\trank\tsource\tdate\n")
        self.write("scanner/audit/finding.h",
                   "enum class FindingId : uint8_t {\n  // Some.\n"
                   "  kNullMx,\n  kIpv6Only,\n};\n")
        self.write("data/public_resolvers.tsv",
                   "address\toperator\trate\tsource\tdate\n")
        self.findings("null_mx", "ipv6_only")

    def findings(self, *ids, text="A sentence."):
        self.write("data/findings.tsv",
                   "id\tgroup\tseverity\tmessage\tmeaning\tremedy\t"
                   "reference\n" +
                   "".join(f"{id_}\tmx\tinfo\t{text}\t{text}\t{text}\tRFC\n"
                           for id_ in ids))
        return self.check("check_tables")

    def resolvers(self, *rows):
        self.write("data/public_resolvers.tsv",
                   "address\toperator\trate\tsource\tdate\n" +
                   "".join(row.replace(" ", "\t") + "\n" for row in rows))
        return self.check("check_tables")

    def providers(self, *suffixes):
        self.write("data/public_resolvers.tsv",
                   "address\toperator\trate\tsource\tdate\n")
        rows = [("category", "mailbox"), ("name", "A box"),
                *(("suffix", suffix) for suffix in suffixes)]
        self.write("data/providers.tsv",
                   "id\tfact\tvalue\trank\tsource\tdate\n" + "".join(
                       f"a\t{fact}\t{value}\t\ts\t2026-11\n"
                       for fact, value in rows))
        return self.check("check_tables")

    def test_a_suffix_is_a_name_that_is_neither_public_nor_too_wide(self):
        self.assertEqual(self.providers("mx.a.example"), (0, ""))
        for suffix, word in {"co.uk": "is a public suffix",
                             "google.com": "is wider than",
                             "MX.a.example": "is no suffix"}.items():
            code, out = self.providers(suffix)
            self.assertEqual(code, 1)
            self.assertRegex(out, f"providers.tsv:4: .*{word}")

    def test_a_suffix_stands_once_and_in_order(self):
        for suffixes in (("b.example", "a.example"), ("a.example",) * 2):
            code, out = self.providers(*suffixes)
            self.assertEqual(code, 1)
            self.assertIn("tsv:5: not sorted by id, fact and value", out)

    def test_resolvers_in_order_pass(self):
        code, out = self.resolvers("1.1.1.1 A 5 s 2026-11",
                                   "8.8.8.8 A 5 s 2026-11",
                                   "2a09:: A 5 s 2026-11",
                                   "1.0.0.1 B 6 s 2026-11")
        self.assertEqual((code, out), (0, ""))

    def test_a_resolver_out_of_form_is_named_with_its_line(self):
        for row, word in {"1.1.1 A 5 s 2026-11": "is no address",
                          "2A09:: A 5 s 2026-11": "RFC 5952",
                          "10.0.0.1 A 5 s 2026-11": "public Internet",
                          "1.1.1.1 A 5k s 2026-11": "is no rate",
                          "1.1.1.1 A 5 s 2026": "is no date"}.items():
            code, out = self.resolvers(row)
            self.assertEqual(code, 1)
            self.assertRegex(out, f"public_resolvers.tsv:2: .*{word}")

    def test_findings_are_those_of_the_program_in_its_order(self):
        self.assertEqual(self.findings("null_mx", "ipv6_only"), (0, ""))
        for ids in (["null_mx"], ["ipv6_only", "null_mx"],
                    ["null_mx", "ipv6_only", "more"]):
            code, out = self.findings(*ids)
            self.assertEqual(code, 1)
            self.assertIn("the ids are not those of", out)
        code, out = self.findings("null_mx", "ipv6_only", text="no sentence")
        self.assertEqual(code, 1)
        self.assertIn("findings.tsv:2: 'no sentence' is no sentence", out)

    def test_resolvers_are_sorted_and_an_operator_has_one_rate(self):
        code, out = self.resolvers("8.8.8.8 A 5 s 2026-11",
                                   "1.1.1.1 A 6 s 2026-11")
        self.assertEqual(code, 1)
        self.assertIn("tsv:3: not sorted by operator and address", out)
        self.assertIn("tsv:3: A has the rate 5", out)


if __name__ == "__main__":
    unittest.main()
