#!/bin/sh
# Starts the agent with the conventions of the official image: addresses from interfaces, one file of local
# configuration from the environment, data and configuration in fixed places, never as root.
set -e

# A ready option in CONSUL_BIND or CONSUL_CLIENT comes first. Of an interface the agent itself finds the address;
# the template is its own.
bind=
if [ -z "${CONSUL_BIND:-}" ] && [ -n "${CONSUL_BIND_INTERFACE:-}" ]; then
  echo "==> Binding to the address of interface '$CONSUL_BIND_INTERFACE', setting bind option..."
  bind="-bind={{ GetInterfaceIP \"$CONSUL_BIND_INTERFACE\" }}"
fi

client=
if [ -z "${CONSUL_CLIENT:-}" ] && [ -n "${CONSUL_CLIENT_INTERFACE:-}" ]; then
  echo "==> Serving clients on the address of interface '$CONSUL_CLIENT_INTERFACE', setting client option..."
  client="-client={{ GetInterfaceIP \"$CONSUL_CLIENT_INTERFACE\" }}"
fi

data=${CONSUL_DATA_DIR:-/consul/data}
config=${CONSUL_CONFIG_DIR:-/consul/config}
if [ -n "${CONSUL_LOCAL_CONFIG:-}" ]; then
  printf '%s\n' "$CONSUL_LOCAL_CONFIG" >"$config/local.json"
fi

# A leading option, or the name of a command of consul, means consul.
case "${1:-}" in
  -*) set -- consul "$@" ;;
  agent)
    shift
    # Unquoted: CONSUL_BIND and CONSUL_CLIENT may hold several options.
    set -- consul agent -data-dir="$data" -config-dir="$config" ${CONSUL_BIND:-} ${bind:+"$bind"} ${CONSUL_CLIENT:-} ${client:+"$client"} "$@" ;;
  catalog | force-leave | info | join | keygen | kv | leave | maint | members | monitor | operator | reload | services | snapshot | template | validate | version)
    set -- consul "$@" ;;
esac

# The image starts as the user consul. Who starts it as root has a mounted folder handed over, and the agent goes on as
# that user; a capability that the process inherits opens the low ports and leaves the program's file as it is.
if [ "${1:-}" = consul ] && [ "$(id -u)" = 0 ] && [ -z "${CONSUL_DISABLE_PERM_MGMT+set}" ]; then
  uid=${CONSUL_UID:-$(id -u consul)}
  gid=${CONSUL_GID:-$(id -g consul)}
  for folder in "$data" "$config"; do
    [ "$(stat -c %u "$folder")" = "$uid" ] || chown "$uid:$gid" "$folder"
  done
  ports=
  if [ -n "${CONSUL_ALLOW_PRIVILEGED_PORTS+set}" ]; then
    ports='--inh-caps=+net_bind_service --ambient-caps=+net_bind_service'
  fi
  set -- setpriv --reuid="$uid" --regid="$gid" --clear-groups $ports -- "$@"
fi

exec "$@"
