# Run in this folder: consul template -config template.hcl
# The new file takes the place of the former one only if haproxy can read it. Then a new haproxy takes over from the former one, which finishes what it has begun (-sf).
template {
  source        = "haproxy.cfg.ctmpl"
  destination   = "haproxy.cfg"

  check_command = "haproxy -c -q -f $CONSUL_TEMPLATE_FILE"
  command       = "haproxy -D -f haproxy.cfg -p haproxy.pid -sf $(cat haproxy.pid 2>/dev/null)"
}
