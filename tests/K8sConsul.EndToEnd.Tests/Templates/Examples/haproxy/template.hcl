# Run in this folder: consul template -config template.hcl
# A new haproxy takes over from the former one, which finishes what it has begun (-sf).
template {
  source      = "haproxy.cfg.ctmpl"
  destination = "haproxy.cfg"
  command     = "haproxy -D -f haproxy.cfg -p haproxy.pid -sf $(cat haproxy.pid 2>/dev/null)"
}
