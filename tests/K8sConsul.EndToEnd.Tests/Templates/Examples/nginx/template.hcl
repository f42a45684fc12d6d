# Run in this folder: consul template -config template.hcl
# nginx gets the healthy instances of the service web. The first rendering starts it, every later one reloads it.
template {
  source      = "nginx.conf.ctmpl"
  destination = "nginx.conf"
  command     = "nginx -p . -c nginx.conf -s reload || nginx -p . -c nginx.conf"
}
