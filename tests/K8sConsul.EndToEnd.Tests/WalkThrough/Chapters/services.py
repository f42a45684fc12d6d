"""Services with checks at the agent, and what catalog and health say of them."""
import urllib.request

import consul
from client import connect, eventually, host, port


def put(path):
    return urllib.request.urlopen(urllib.request.Request("http://%s:%s%s" % (host, port, path), method="PUT")).status


c = connect()
print("register:", c.agent.service.register("web", service_id="web1", address="10.0.0.1", port=80, tags=["a", "b"], check=consul.Check.ttl("10m")))
print("at the agent:", {k: (v["Service"], v["Port"], v["Tags"]) for k, v in c.agent.services().items()})
print("its check:", {k: (v["Name"], v["Status"]) for k, v in c.agent.checks().items()})
eventually("web is in the catalog", lambda: c.catalog.service("web")[1])
print("not passing:", c.health.service("web", passing=True)[1])
# This release of the client updates checks and deregisters with a GET, which agents have refused since 1.0.
print("pass by GET:", c.agent.check.ttl_pass("service:web1", notes="well"))
print("pass:", put("/v1/agent/check/pass/service:web1?note=well"))
rows = eventually("web passes", lambda: c.health.service("web", passing=True)[1])
print("passing:", [(r["Service"]["ID"], r["Service"]["Address"], sorted(k["CheckID"] for k in r["Checks"])) for r in rows])
print("by tag:", [r["ServiceID"] for r in c.catalog.service("web", tag="a")[1]], c.catalog.service("web", tag="z")[1])
print("services:", sorted((name, sorted(tags)) for name, tags in c.catalog.services()[1].items()))
print("nodes:", [(n["Node"], n["Datacenter"]) for n in c.catalog.nodes()[1]])
print("datacenters:", c.catalog.datacenters())
print("a check of its own:", c.agent.check.register("memory", check=consul.Check.ttl("10m"), check_id="mem", service_id="web1", notes="free memory"))
print("warn:", put("/v1/agent/check/warn/mem?note=low"))
eventually("the warning is in the catalog", lambda: [k for k in c.health.checks("web")[1] if k["Status"] == "warning"])
print("checks:", sorted((k["CheckID"], k["Status"], k["Output"]) for k in c.health.checks("web")[1]))
print("fail:", put("/v1/agent/check/fail/mem?note=none+left"))
eventually("the failure is in the catalog", lambda: c.health.state("critical")[1])
print("passing:", c.health.service("web", passing=True)[1])
print("critical:", [k["CheckID"] for k in c.health.state("critical")[1]])
print("maintenance:", c.agent.service.maintenance("web1", True, reason="work"))
eventually("maintenance is in the catalog", lambda: [k for k in c.health.checks("web")[1] if k["CheckID"] == "_service_maintenance:web1"])
print("maintenance over:", c.agent.service.maintenance("web1", False))
print("deregister by GET:", c.agent.service.deregister("web1"))
print("deregister:", put("/v1/agent/service/deregister/web1"))
eventually("web is gone", lambda: "web" not in c.catalog.services()[1])
print("left:", sorted(c.catalog.services()[1]), list(c.agent.checks()))
print("external:", c.catalog.register("printer", "10.0.0.9", service={"Service": "print", "Port": 631}), [r["Node"] for r in c.catalog.service("print")[1]])
print("external gone:", c.catalog.deregister("printer"), c.catalog.service("print")[1])
