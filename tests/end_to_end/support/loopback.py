"""loopback_dns, the embedded name server as a process of its own."""

import json
import os
import subprocess

PROGRAM = os.environ.get("LOOPBACK_DNS", "loopback_dns")


class LoopbackDns:
    """Runs until stop(). `listen` are addresses, each with a port of its own
    choice; options are further flags."""

    def __init__(self, *options, listen=("127.0.0.1",), world=0, faults=()):
        command = [PROGRAM, "--exit-with-stdin", "--listen",
                   ",".join(f"{address}:0" for address in listen),
                   *world_flags(world)]
        for fault in faults:
            command += ["--fault", fault]
        self.process = subprocess.Popen(
            command + list(options), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.endpoints = self.process.stdout.readline().strip()
        if not self.endpoints:
            self.process.communicate()
            raise RuntimeError(f"{PROGRAM} did not start: {command}")

    def stop(self):
        """Ends the server and returns what it was asked."""
        if self.process is None:
            return None
        out, _ = self.process.communicate(timeout=30)
        self.process = None
        return json.loads(out)


def world_flags(domains):
    return ["--world", str(domains)] if domains else []


def print_world(what, domains):
    return subprocess.run([PROGRAM, *world_flags(domains), what], text=True,
                          stdout=subprocess.PIPE, check=True).stdout


def world_domains(domains):
    return print_world("--print-domains", domains).split()


def world_truth(domains):
    """The true rows, in the order of the domains."""
    rows = [json.loads(line) for line in
            print_world("--print-truth", domains).splitlines()]
    for row in rows:
        if row["status"] in ("servfail", "refused", "timeout", "malformed"):
            row["mx"] = row["mx_count"] = None  # Unknown, not absent.
    return rows
