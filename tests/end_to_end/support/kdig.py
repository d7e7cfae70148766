"""What kdig, a client that shares no code with ours, hears of a server."""

import concurrent.futures
import json
import subprocess

from support.processes import LOOPBACK

# Names in one call of kdig, which asks them one after the other, and calls at
# the same time: a name whose server is silent holds up only its batch.
BATCH = 40
CALLS = 8


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
    batches = [questions[first:first + BATCH]
               for first in range(0, len(questions), BATCH)]
    replies = {}
    with concurrent.futures.ThreadPoolExecutor(CALLS) as pool:
        for text in pool.map(lambda batch: ask_batch(port, batch), batches):
            for message in parse(text):
                name = message["QNAME"].rstrip(".").lower()
                replies[name, message["QTYPEname"]] = Reply(message)
    return replies


def ask_batch(port, batch):
    words = [word for name, rrtype in batch
             for word in ("-q", name + ".", "-t", rrtype, "+json")]
    return run(port, words)


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
