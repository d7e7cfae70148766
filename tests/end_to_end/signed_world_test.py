"""DANE and DNSSEC behind an Unbound that validates, over zones that are signed,
unsigned, and signed with signatures that have expired."""

import json
import unittest

from support import scan
from support.loopback import LoopbackDns
from support.scan import ScanCase, ndjson
from support.signed_world import TLSA, SignedWorld

MAIL = """@ MX 10 mx1
mx1 A 44.10.1.1
mx1 AAAA 2a02:ffff:a:1::1
"""
ZONES = {
    "good.net": MAIL + f"_25._tcp.mx1 TLSA 3 1 1 {TLSA}\n",
    "unusable.net": MAIL + f"_25._tcp.mx1 TLSA 1 1 1 {TLSA}\n",
    "plain.net": MAIL,
    "unsigned.net": MAIL + f"_25._tcp.mx1 TLSA 3 1 1 {TLSA}\n",
    "elsewhere.net": "@ MX 10 mx1.unsigned.net.\n",
    "alias.net": "@ MX 10 mx\nmx CNAME mx1.good.net.\n",
    "alias-own.net": ("@ MX 10 mx\nmx CNAME mx1.plain.net.\n"
                      f"_25._tcp.mx TLSA 3 1 1 {TLSA}\n"),
    "alias-none.net": "@ MX 10 mx\nmx CNAME mx1.plain.net.\n",
    "expired.net": MAIL,
    "host-expired.net": "@ MX 10 mx1.expired.net.\n",
}
UNSIGNED = {"unsigned.net"}
# Status, AD, the column, and the findings of these groups.
EXPECTED = {
    "good.net": ("ok", True, "all", []),
    "unusable.net": ("ok", True, "none", ["dane_unusable"]),
    "plain.net": ("ok", True, "none", []),
    "unsigned.net": ("ok", False, "none", ["dane_insecure"]),
    "elsewhere.net": ("ok", True, "none", ["dane_insecure"]),
    "alias.net": ("ok", True, "all", []),
    "alias-own.net": ("ok", True, "all", []),
    "alias-none.net": ("ok", True, "none", []),
    "expired.net": ("servfail", False, None, ["dnssec_bogus"]),
    "host-expired.net": ("ok", True, None, ["dnssec_bogus"]),
}
PROBE = ("--dnssec-probe", "good.net,expired.net")


def of_groups(row):
    return [id_ for id_ in row["findings"] if id_.startswith(("dane", "dnssec"))]


class SignedWorldTest(ScanCase):
    def start_unbound(self):
        world = SignedWorld(self.folder, "net", ZONES,
                            signed=[z for z in ZONES if z not in UNSIGNED],
                            expired=["expired.net"])
        return world.start(self)

    def test_what_is_validated_what_is_not_and_what_is_broken(self):
        unbound = self.start_unbound()
        rows = self.scan(list(EXPECTED), f"127.0.0.1:{unbound.port}",
                         "--checks", "dane,dnssec", *PROBE)
        for row, (domain, expected) in zip(rows, EXPECTED.items()):
            with self.subTest(domain):
                seen = (row["status"], row["authenticated"], row["dane"],
                        of_groups(row))
                self.assertEqual(seen, expected)


class WithoutValidation(ScanCase):
    ZONE = """$TTL 3600
sound.test. SOA a. b. 1 1 1 1 1
d.com. MX 10 mx.d.com.
mx.d.com. A 44.10.1.1
_25._tcp.mx.d.com. TLSA 3 1 1 {tlsa}
"""

    def check(self, *faults):
        """Nothing is said of DANE, and one notice says why: on the screen,
        quiet or not, and in the summary."""
        zone = self.folder / "zone"
        zone.write_text(self.ZONE.format(tlsa=TLSA))
        server = self.started(LoopbackDns("--zone", str(zone),
                                          faults=list(faults)))
        summary = self.folder / "summary.json"
        for screen in (["--progress", "never"], ["-q"]):
            ran = scan.run("d.com", "-r", server.endpoints, "--format",
                           "ndjson", "--checks", "dane,dnssec", *screen,
                           "--summary", summary,
                           "--dnssec-probe", "sound.test,broken.test")
            self.assert_success(ran)
            row = ndjson(ran.stdout)[0]
            self.assertIsNone(row["dane"])
            self.assertEqual(of_groups(row), [])
            said = ran.stderr.decode()
            self.assertEqual(said.count("does not validate"), 1)
            notices = json.loads(summary.read_text())["notices"]
            self.assertEqual(said, f"mxscan: {notices[0]}\n")
            self.assertEqual(len(notices), 1)

    def test_is_told_once_and_nothing_is_found(self):
        self.check("ad")  # AD for all, and no SERVFAIL for what is broken.
        self.check("servfail name=broken.test")  # No AD.


class FailsByTurns(ScanCase):
    """A server that has an answer only now and then."""

    ZONE = """$TTL 3600
sound.test. SOA a. b. 1 1 1 1 1
d.com. MX 10 mx.d.com.
mx.d.com. A 44.10.1.1
"""

    def findings(self, fault):
        zone = self.folder / "zone"
        zone.write_text(self.ZONE)
        faults = ["ad", "servfail name=broken.test", fault]
        server = self.started(LoopbackDns("--zone", str(zone), faults=faults))
        row = self.scan(["d.com"], server.endpoints, "--checks", "dnssec",
                        "--dnssec-probe", "sound.test,broken.test",
                        "--attempts", "2")[0]
        self.assertEqual(row["status"], "servfail")
        return of_groups(row)

    def test_is_not_taken_for_one_with_broken_signatures(self):
        fault = "servfail name=d.com type=MX cd=no"
        self.assertEqual(self.findings(fault), ["dnssec_bogus"])
        self.assertEqual(self.findings(f"{fault} times=2"), [])


if __name__ == "__main__":
    unittest.main()
