# Run in this folder: consul template -config template.hcl
# app.sh starts when app.env is there, and anew whenever a key below app/config changes.
template {
  source      = "app.env.ctmpl"
  destination = "app.env"
  perms       = "0600"
}

exec {
  command      = "./app.sh"
  kill_signal  = "SIGTERM"
  kill_timeout = "5s"
}
