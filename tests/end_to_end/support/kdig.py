"""What kdig, a client that shares no code with ours, hears of a server."""

import json
import subprocess

from support.processes import LOOPBACK

# Names in one call of kdig; it asks them one after the other.
BATCH = 200


class Reply:
    """An rcode and the answer section: (owner, type, ttl, rdata), with names
    as kdig writes them."""

    def __init__(self, message):
        self.rcode = message["RCODE"]
        self.answer = [
            (rr["NAME"], rr["TYPEname"], rr["TTL"], rr["rdata" + rr["TYPEname"]])
            for rr in message.get("answerRRs", []) if "TYPEname" in rr]


def run(port, arguments, seconds=10):
    command = ["kdig", f"@{LOOPBACK}", "-p", str(port), "+noidn",
               f"+timeout={seconds}", "+retry=1", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, check=False).stdout


def is_up(port):
    return "status:" in run(port, [".", "SOA", "+retry=0"], seconds=1)


def ask(port, questions):
    """{(name, type): Reply} for the questions, each asked once. A question
    that got no reply at all is missing."""
    questions = sorted(set(questions))
    replies = {}
    for first in range(0, len(questions), BATCH):
        batch = questions[first:first + BATCH]
        words = [word for name, rrtype in batch
                 for word in ("-q", name + ".", "-t", rrtype, "+json")]
        for message in parse(run(port, words)):
            name = message["QNAME"].rstrip(".").lower()
            replies[name, message["QTYPEname"]] = Reply(message)
    return replies


def parse(text):
    """The JSON objects in `text`, one after the other, and nothing between
    them."""
    decoder = json.JSONDecoder()
    at = text.find("{\n")
    while at >= 0:
        message, end = decoder.raw_decode(text, at)
        if "QNAME" in message:
            yield message
        at = text.find("{\n", end)
