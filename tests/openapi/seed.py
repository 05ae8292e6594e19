"""Registers a few users who write and follow, so that what is generated meets somebody. Usage: seed.py URL"""

import json
import sys
from urllib.parse import quote
from urllib.request import Request, urlopen

CREDENTIAL = "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh"
NAMES = ["Grace Hopper", "Ada Lovelace", "ada", "名前 / ü"]


def post(url, body):
    headers = {"Authorization": CREDENTIAL, "Content-Type": "application/json"}
    with urlopen(Request(url, json.dumps(body).encode(), headers)) as answer:
        assert answer.status == 204, f"{url}: {answer.status}"


def seed(site):
    for number, name in enumerate(NAMES):
        user = quote(name, safe="")
        post(f"{site}/register", {"username": name, "email": f"{number}@minitwit.example", "pwd": "seed"})
        post(f"{site}/msgs/{user}", {"content": f"Hello from {name}"})
        for other in NAMES[:number]:
            post(f"{site}/fllws/{user}", {"follow": other})


if __name__ == "__main__":
    seed(sys.argv[1])
