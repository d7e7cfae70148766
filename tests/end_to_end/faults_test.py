"""Whole scans against a name server that does wrong: a lost, late, forged or
broken packet never changes a row. Each test scans a generated world and
compares every row with the truth."""

import json
import unittest

from support.loopback import LoopbackDns, world_domains, world_truth
from support.scan import ScanCase, ndjson, run

WORLD = 400
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
# Chance alone must not spoil a scan more than once in 100,000 runs: there are
# ten tries where all is silence, and five where a server spoke.
OFTEN = "p=0.15"
SELDOM = "p=0.02"


class Faults(ScanCase):
    @classmethod
    def setUpClass(cls):
        cls.domains = world_domains(WORLD)
        cls.truth = world_truth(WORLD)

    def check(self, *faults, options=(), arguments=()):
        """Scans under `faults` and returns what the server was asked."""
        server = self.started(LoopbackDns(*options, listen=ADDRESSES,
                                          world=WORLD, faults=faults))
        rows = self.scan(self.domains, server.endpoints, "--timeout", "300",
                         *arguments)
        counts = server.stop()
        self.assert_true_rows(rows, self.truth)
        return counts

    def check_dealt(self, word, *faults, **how):
        """The same, and the fault `word` was really dealt out."""
        counts = self.check(*faults, **how)
        self.assertGreater(counts["faults"].get(word, 0), 0, counts)
        return counts

    def test_none(self):
        counts = self.check()
        self.assertEqual(counts["faults"], {})

    def test_loss(self):
        self.check_dealt("drop", f"loss {OFTEN}")

    def test_duplicates(self):
        self.check_dealt("duplicate", "duplicate p=0.5")

    def test_delay(self):
        self.check_dealt("delay", "delay ms=40 jitter=40")

    def test_reorder(self):
        self.check_dealt("delay", "reorder p=0.5")

    def test_late(self):
        self.check_dealt("delay", "late p=0.1 ms=700")

    def test_truncation(self):
        counts = self.check_dealt("truncate", "truncate p=0.3")
        self.assertGreater(counts["tcp"], 0)

    def test_truncation_of_everything(self):
        counts = self.check_dealt("truncate", "truncate")
        self.assertLess(counts["tcp_connections"], counts["tcp"] / 4,
                        "TCP connections are kept and pipelined.")

    def test_tcp_refused_by_one_of_three(self):
        self.check_dealt("tcp-refuse", "truncate p=0.3",
                         "tcp-refuse at=127.0.0.2")

    def test_tcp_closed_without_a_reply(self):
        self.check_dealt("tcp-close", "truncate p=0.3",
                         f"tcp-close {SELDOM}")

    def test_tcp_cut_in_the_middle(self):
        self.check_dealt("tcp-cut", "truncate p=0.3", f"tcp-cut {SELDOM}")

    def test_wrong_id(self):
        self.check_dealt("wrong-id", f"wrong-id {OFTEN}")

    def test_wrong_source(self):
        self.check_dealt("wrong-source", f"wrong-source {OFTEN}")

    def test_wrong_question(self):
        self.check_dealt("wrong-question", f"wrong-question {OFTEN}")

    def test_not_a_response(self):
        self.check_dealt("not-response", f"not-response {OFTEN}")

    def test_garbage(self):
        self.check_dealt("garbage", f"garbage {SELDOM}")

    def test_compression_loop(self):
        self.check_dealt("pointer-loop", f"pointer-loop {SELDOM}")

    def test_cut_message(self):
        self.check_dealt("cut", f"cut {SELDOM}")

    def test_forgery_before_the_answer(self):
        self.check_dealt("forge-before", "forge-before")

    def test_forgery_after_the_answer(self):
        self.check_dealt("forge-after", "forge-after")

    def test_rate_limit_by_silence(self):
        self.check("limit qps=1500")

    def test_rate_limit_by_refusal(self):
        self.check("limit qps=1500 action=refused")

    def test_dead_address(self):
        self.check_dealt("drop", "dead at=127.0.0.2")

    def test_flapping_address(self):
        self.check("dead at=127.0.0.3 every=1s for=500ms")

    def test_lower_cased_questions(self):
        self.check_dealt("lower-case", "lower-case")

    def test_lower_cased_questions_at_one_address(self):
        self.check_dealt("lower-case", "lower-case at=127.0.0.1")

    def test_formerr_to_edns(self):
        self.check_dealt("rcode", "formerr edns=yes")

    def test_notimp_to_edns(self):
        self.check_dealt("rcode", "notimp edns=yes at=127.0.0.1")

    def test_small_answers_to_edns(self):
        self.check_dealt("small", "small")

    def test_servfail_now_and_then(self):
        self.check_dealt("rcode", f"servfail {SELDOM}")

    def test_refused_now_and_then(self):
        self.check_dealt("rcode", f"refused {SELDOM}")

    def test_chains_step_by_step(self):
        self.check(options=["--one-alias-step"])

    def test_everything_at_once(self):
        self.check("loss p=0.03", "duplicate p=0.05", "reorder p=0.1",
                   "truncate p=0.05", "wrong-id p=0.02", "wrong-source p=0.02",
                   "wrong-question p=0.02", "not-response p=0.02",
                   "garbage p=0.01", "forge-before p=0.2",
                   "lower-case at=127.0.0.2", "formerr edns=yes at=127.0.0.3")


class BlindForger(ScanCase):
    """A tenth of what bench/forgeries does, which see."""

    PARENT = "letters-for-the-forger-to-guess.test.net"

    def test_a_hundred_thousand_forgeries_change_no_row(self):
        zone = self.folder / "zone"
        zone.write_text(f"*.{self.PARENT}. 300 IN MX 10 mx.{self.PARENT}.\n"
                        f"mx.{self.PARENT}. 300 IN A 192.0.2.1\n")
        server = self.started(LoopbackDns("--zone", zone,
                                          faults=["forge-blind count=100"]))
        rows = self.scan([f"d{i}.{self.PARENT}" for i in range(1000)],
                         server.endpoints)
        self.assertEqual(len(rows), 1000)
        for row in rows:
            self.assertEqual(row["status"], "ok", row)
            self.assertEqual([(mx["exchange"], mx["addresses"])
                              for mx in row["mx"]],
                             [(f"mx.{self.PARENT}", ["192.0.2.1"])])
        self.assertGreater(server.stop()["faults"]["forge-blind"], 100_000)


class Notes(ScanCase):
    """What is odd about a resolver is named in the summary and at the end."""

    def notes(self, *faults, arguments=()):
        self.server = self.started(LoopbackDns(
            "--count-questions", listen=ADDRESSES, world=WORLD, faults=faults))
        summary = self.folder / "summary.json"
        ran = run(self.file("names.txt", world_domains(WORLD)), "-r",
                  self.server.endpoints, "--timeout", "300", "--summary",
                  summary, *arguments)
        self.assert_success(ran)
        resolvers = json.loads(summary.read_text())["resolvers"]
        return [resolver["notes"] for resolver in resolvers], ran.stderr

    def test_of_a_resolver_that_rewrites_nxdomain(self):
        notes, said = self.notes("rewrite at=127.0.0.2",
                                 arguments=("--threads", "3"))
        self.assertEqual(notes, [[], ["rewrites_nxdomain"], []])
        self.assertIn(b"127.0.0.2", said)
        self.assertIn(b"rewrites_nxdomain", said)
        absent = {name for name in self.server.stop()["questions"]
                  if name.endswith(".invalid A")}
        self.assertEqual(len(absent), 3, "Each thread sees for itself.")

    def test_of_others(self):
        notes, _ = self.notes("lower-case at=127.0.0.1",
                              "wrong-question p=0.3 at=127.0.0.2",
                              "dead at=127.0.0.3")
        self.assertEqual(notes, [["changes_case"], ["wrong_replies"],
                                 ["never_answered"]])


class NobodyThere(ScanCase):
    def test_a_long_list_ends_when_no_resolver_ever_answers(self):
        server = self.started(LoopbackDns(world=WORLD, faults=["dead"],
                                          listen=ADDRESSES[:2]))
        lines = 45000  # More than twice the window.
        names = self.file("names.txt", (f"d{i}.example" for i in range(lines)))
        ran = run(names, "-r", server.endpoints, "--format", "ndjson",
                  "--timeout", "300", "--progress", "always")
        self.assert_success(ran)
        self.assertIn(b"no resolver answers", ran.stderr)
        rows = ndjson(ran.stdout)
        self.assertEqual(sorted(row["line"] for row in rows),
                         list(range(1, lines + 1)))
        self.assertEqual({row["status"] for row in rows}, {"timeout"})
        self.assertEqual({row["mx"] for row in rows}, {None})
        self.assertLess(server.stop()["queries"], 2000)


class Failures(ScanCase):
    """A fault that never goes away: the row says that nobody knows, and never
    that there is nothing."""

    ZONE = """
well.test.net.     300 IN MX 10 mx.well.test.net.
mx.well.test.net.  300 IN A 192.0.2.1
mx.well.test.net.  300 IN AAAA 2001:db8::1
ill.test.net.      300 IN MX 10 mx.well.test.net.
half.test.net.     300 IN MX 10 mx.half.test.net.
mx.half.test.net.  300 IN A 192.0.2.2
bare.test.net.     300 IN TXT "no mx"
bare.test.net.     300 IN A 192.0.2.3
bare.test.net.     300 IN AAAA 2001:db8::3
"""

    def rows(self, *faults):
        """{first label: row} of the zone's domains under `faults`."""
        zone = self.folder / "test.net.zone"
        zone.write_text(self.ZONE)
        server = self.started(LoopbackDns("--zone", zone, faults=faults,
                                          listen=ADDRESSES[:2]))
        names = ["well", "ill", "half", "bare"]
        rows = self.scan([f"{name}.test.net" for name in names],
                         server.endpoints, "--timeout", "50")
        self.assertEqual(rows[0]["status"], "ok")
        self.assertEqual(rows[0]["mx"][0]["addresses"],
                         ["192.0.2.1", "2001:db8::1"])
        return dict(zip(names, rows))

    def check_ill(self, fault, *statuses):
        row = self.rows(f"{fault} name=ill.test.net")["ill"]
        self.assertIn(row["status"], statuses)
        self.assertIsNone(row["mx"])
        self.assertIsNone(row["mx_count"])
        self.assertIsNone(row["provider"])

    def test_servfail(self):
        self.check_ill("servfail", "servfail")

    def test_servfail_with_its_reason(self):
        row = self.rows("servfail ede=22 name=ill.test.net")["ill"]
        self.assertEqual((row["status"], row["detail"]), ("servfail", "ede_22"))

    def test_refused(self):
        self.check_ill("refused", "refused")

    def test_silence(self):
        self.check_ill("silence", "timeout")

    def test_not_implemented(self):
        self.check_ill("notimp", "malformed")

    def test_garbage(self):
        self.check_ill("garbage", "timeout", "malformed")

    def test_compression_loop(self):
        self.check_ill("pointer-loop", "malformed")

    def test_wrong_id(self):
        self.check_ill("wrong-id", "timeout")

    def test_wrong_question(self):
        self.check_ill("wrong-question", "timeout")

    def test_not_a_response(self):
        self.check_ill("not-response", "timeout")

    def test_truncated_without_tcp(self):
        rows = self.rows("truncate name=ill.test.net", "tcp-refuse")
        self.assertNotIn(rows["ill"]["status"],
                         ("ok", "no_mail", "nxdomain", "implicit_mx"))
        self.assertIsNone(rows["ill"]["mx"])

    def test_half_an_exchange_is_not_ipv4_only(self):
        rows = self.rows("servfail name=mx.half.test.net type=AAAA")
        mx = rows["half"]["mx"][0]
        self.assertEqual(mx["addresses"], ["192.0.2.2"])
        self.assertEqual((mx["state"], mx["unknown"]), ("ok", ["aaaa"]))

    def test_an_exchange_that_nobody_knows_has_not_no_address(self):
        rows = self.rows("silence name=mx.half.test.net")
        mx = rows["half"]["mx"][0]
        self.assertEqual((mx["state"], mx["unknown"]),
                         ("failed", ["a", "aaaa"]))

    def test_a_domain_whose_own_address_nobody_knows_is_indeterminate(self):
        rows = self.rows("servfail name=bare.test.net type=A",
                         "servfail name=bare.test.net type=AAAA")
        self.assertEqual(rows["bare"]["status"], "indeterminate")
        self.assertIsNotNone(rows["bare"]["detail"])

    def test_one_family_is_enough_for_implicit_mx(self):
        rows = self.rows("refused name=bare.test.net type=A")
        self.assertEqual(rows["bare"]["status"], "implicit_mx")
        self.assertEqual(rows["bare"]["addresses"], ["2001:db8::3"])


if __name__ == "__main__":
    unittest.main()
