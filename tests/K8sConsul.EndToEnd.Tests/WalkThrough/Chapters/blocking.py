"""Blocking queries on keys, services and health: each returns when its subject changes."""
import threading

from client import connect, eventually

c = connect()
me = c.agent.self()["Config"]["NodeName"]


def while_waiting(ask, change):
    """The query is under way or not yet: either way it must return what the change made."""
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(ask()))
    waiting.start()
    change(connect())
    waiting.join(60)
    return answers[0]


c.kv.put("py/watched", "before")
index, entry = c.kv.get("py/watched")
after, entry = while_waiting(lambda: c.kv.get("py/watched", index=index, wait="50s"), lambda d: d.kv.put("py/watched", "after"))
print("key:", entry["Value"], int(after) > int(index))

index, entries = c.kv.get("py/new/", recurse=True)
after, entries = while_waiting(lambda: c.kv.get("py/new/", recurse=True, index=index, wait="50s"), lambda d: d.kv.put("py/new/one", "1"))
print("prefix:", [e["Key"] for e in entries], int(after) > int(index))

same, entry = c.kv.get("py/watched", index=c.kv.get("py/watched")[0], wait="100ms")
print("nothing changed:", entry["Value"], int(same) == entry["ModifyIndex"])

index, _ = c.catalog.service("waited")
after, rows = while_waiting(
    lambda: c.catalog.service("waited", index=index, wait="50s"),
    lambda d: d.catalog.register("elsewhere", "10.0.0.8", service={"Service": "waited", "Port": 1}),
)
print("service:", [r["Node"] for r in rows], int(after) > int(index))

index, _ = c.health.service("waited")
after, rows = while_waiting(
    lambda: c.health.service("waited", index=index, wait="50s"),
    lambda d: d.catalog.register("elsewhere", "10.0.0.8", check={"Name": "ping", "Status": "critical", "ServiceID": "waited"}),
)
print("health:", [[k["Status"] for k in r["Checks"]] for r in rows], int(after) > int(index))
eventually("the node is gone", lambda: c.catalog.deregister("elsewhere") and not c.catalog.service("waited")[1])
c.kv.delete("py/", recurse=True)
