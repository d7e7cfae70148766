"""A name server on every address of 127.0.0.0/8, which knows no name at all.
Runs until its standard input ends; its first line is its port, its last says
on how many addresses it was asked."""

import os
import socket
import struct
import sys
import threading

IP_PKTINFO = 8  # Linux; socket does not name it.
NO_SUCH_NAME = b"\x81\x83"


def question_end(query):
    at = 12
    while query[at]:
        at += query[at] + 1
    return at + 5


def answer_all(server, asked):
    while True:
        query, control, _, client = server.recvmsg(4096, 64)
        address = control[0][2][8:12]  # struct in_pktinfo's ipi_addr.
        asked.add(address)
        end = question_end(query)
        reply = query[:2] + NO_SUCH_NAME + query[4:6] + bytes(6) + query[12:end]
        source = struct.pack("=I4s4s", 0, address, bytes(4))
        server.sendmsg([reply], [(socket.IPPROTO_IP, IP_PKTINFO, source)], 0,
                       client)


def main():
    asked = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        server.bind(("0.0.0.0", 0))
        print(server.getsockname()[1], flush=True)
        threading.Thread(target=answer_all, args=(server, asked),
                         daemon=True).start()
        sys.stdin.read()
        print(len(asked), flush=True)
        os._exit(0)


if __name__ == "__main__":
    main()
