"""The client for the agent that CONSUL_HTTP_ADDR names, and what the scripts share."""
import os
import time

import consul

host, port = os.environ["CONSUL_HTTP_ADDR"].split(":")


def connect():
    return consul.Consul(host=host, port=int(port))


def eventually(what, ask, patience=30.0):
    """Anti-entropy and gossip take their time: asks again until the answer is true."""
    end = time.monotonic() + patience
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise SystemExit("not within %d s: %s" % (patience, what))
        time.sleep(0.05)
