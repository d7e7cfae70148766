"""Ceilings of rate, counted by the server: no stretch of time holds more than
the ceiling and the burst that rate_ceiling.h states, over all threads."""

import math
import unittest

from support.loopback import LoopbackDns, world_domains
from support.scan import ScanCase

WORLD = 2000
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
THREADS = 2


def most(rate, seconds):
    """Besides the bucket's own depth, each thread may be stopped between
    taking what is due and sending it."""
    burst = max(1, math.floor(rate * 0.005))
    return math.ceil(rate * seconds) + (THREADS + 1) * burst


class Ceilings(ScanCase):
    def peaks(self, *flags):
        server = self.started(LoopbackDns("--count-arrivals", world=WORLD,
                                          listen=ADDRESSES))
        rows = self.scan(world_domains(WORLD), server.endpoints, "--threads",
                         THREADS, *flags)
        self.assertEqual(len(rows), WORLD)
        return server.stop()

    def check(self, peak, rate):
        self.assertGreater(peak["second"], 0)
        self.assertLessEqual(peak["second"], most(rate, 1), peak)
        self.assertLessEqual(peak["tenth"], most(rate, 0.1), peak)

    def test_the_whole_run_keeps_its_ceiling(self):
        self.check(self.peaks("--rate", 3000)["peak"], 3000)

    def test_each_resolver_has_its_own(self):
        counts = self.peaks("--rate-per-resolver", 900)
        self.assertEqual(len(counts["peaks"]), len(ADDRESSES))
        for peak in counts["peaks"]:
            self.check(peak, 900)

    def test_both_hold_together(self):
        counts = self.peaks("--rate-per-resolver", 2000, "--rate", 2400)
        self.check(counts["peak"], 2400)
        for peak in counts["peaks"]:
            self.check(peak, 2000)


if __name__ == "__main__":
    unittest.main()
