"""Answers whatever comes to ports by TCP and UDP and with protocol 50, and asks others for that, by IPv4 and IPv6.

answers.py PORT ...                 answers until it is ended
answers.py KIND ADDRESS [PORT]      asks; ends well if there is an answer within a second
"""

import selectors
import socket
import sys

ESP = 50
SECOND = 1


def listening(port):
    """The sockets of a port, for both versions of IP."""
    stream = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    packets = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    packets.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    packets.bind(("::", port))
    return stream, packets


def answer(ready):
    """What came to a socket, with a word."""
    if ready.type == socket.SOCK_STREAM:
        with ready.accept()[0] as connection:
            connection.sendall(b"answer")
    else:
        ready.sendto(b"answer", ready.recvfrom(4096)[1])


def serve(ports):
    """Until it is ended."""
    selector = selectors.DefaultSelector()
    for ready in [socket.socket(socket.AF_INET, socket.SOCK_RAW, ESP), *(s for port in ports for s in listening(port))]:
        selector.register(ready, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            answer(key.fileobj)


def ask(kind, address, port="0"):
    """Whether there is an answer."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kinds = {"tcp": (socket.SOCK_STREAM, 0), "udp": (socket.SOCK_DGRAM, 0), "esp": (socket.SOCK_RAW, ESP)}
    with socket.socket(family, *kinds[kind]) as asking:
        asking.settimeout(SECOND)
        try:
            asking.connect((address, int(port)))
            if kind != "tcp":
                asking.send(b"a question of some length")
            return len(asking.recv(4096)) > 0
        except OSError:
            return False


if sys.argv[1].isdigit():
    serve(int(port) for port in sys.argv[1:])
else:
    sys.exit(0 if ask(*sys.argv[1:]) else 1)
