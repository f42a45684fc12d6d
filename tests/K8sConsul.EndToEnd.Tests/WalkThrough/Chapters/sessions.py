"""Sessions, and locks that are held by them."""
from client import connect, eventually

c = connect()
node = c.agent.self()["Config"]["NodeName"]
session = c.session.create(name="worker", ttl=600, lock_delay=0)
other = c.session.create(name="rival", lock_delay=0, behavior="delete")
info = c.session.info(session)[1]
print("session:", info["Name"], info["Node"] == node, info["TTL"], info["Behavior"], info["LockDelay"])
print("its fields:", sorted(info))
print("listed:", sorted(s["Name"] for s in c.session.list()[1]), sorted(s["Name"] for s in c.session.node(node)[1]))
print("acquire:", c.kv.put("py/lock", "mine", acquire=session))
print("acquire by another:", c.kv.put("py/lock", "yours", acquire=other))
held = c.kv.get("py/lock")[1]
print("held:", held["Value"], held["Session"] == session, held["LockIndex"])
print("release by another:", c.kv.put("py/lock", "yours", release=other))
print("release:", c.kv.put("py/lock", "free", release=session), "Session" in c.kv.get("py/lock")[1])
print("acquire again:", c.kv.put("py/lock", "rival's", acquire=other), c.kv.get("py/lock")[1]["LockIndex"])
print("destroy:", c.session.destroy(other))
eventually("the lock is gone with its session", lambda: c.kv.get("py/lock")[1] is None)
print("renew:", c.session.renew(session)["ID"] == session)
try:
    c.session.renew(other)
except Exception as refused:
    print("renew of a dead one:", type(refused).__name__)
try:
    c.kv.put("py/lock", "dead", acquire=other)
except Exception as refused:
    print("acquire by a dead one:", type(refused).__name__, str(refused).replace(other, "{dead}"))
print("destroy:", c.session.destroy(session), c.session.info(session)[1])
