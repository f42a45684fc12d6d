#!/bin/sh
# Starts the agent with the conventions of the official image: addresses from interfaces, one file of local
# configuration from the environment, data and configuration in fixed places.
set -e

# The agent itself knows how to find an interface's address; the template is its own.
bind=${CONSUL_BIND:-}
if [ -n "${CONSUL_BIND_INTERFACE:-}" ]; then
  echo "==> Binding to the address of interface '$CONSUL_BIND_INTERFACE', setting bind option..."
  bind="-bind={{ GetInterfaceIP \"$CONSUL_BIND_INTERFACE\" }}"
fi

client=${CONSUL_CLIENT:-}
if [ -n "${CONSUL_CLIENT_INTERFACE:-}" ]; then
  echo "==> Serving clients on the address of interface '$CONSUL_CLIENT_INTERFACE', setting client option..."
  client="-client={{ GetInterfaceIP \"$CONSUL_CLIENT_INTERFACE\" }}"
fi

data=${CONSUL_DATA_DIR:-/consul/data}
config=${CONSUL_CONFIG_DIR:-/consul/config}
if [ -n "${CONSUL_LOCAL_CONFIG:-}" ]; then
  printf '%s' "$CONSUL_LOCAL_CONFIG" >"$config/local.json"
fi

# A leading option, or the name of a command of consul, means consul.
case "${1:-}" in
  -*) set -- consul "$@" ;;
  agent)
    shift
    set -- consul agent -data-dir="$data" -config-dir="$config" ${bind:+"$bind"} ${client:+"$client"} "$@" ;;
  catalog | force-leave | info | join | keygen | kv | leave | maint | members | monitor | operator | reload | services | snapshot | validate | version)
    set -- consul "$@" ;;
esac

exec "$@"
