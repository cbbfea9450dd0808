#!/bin/sh
# Makes the secrets of the store on this machine, in docker/secrets/, but those that are there.
set -eu
umask 077
mkdir -p "$(dirname "$0")/secrets"
cd "$(dirname "$0")/secrets"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() {
  [ -s "$1" ] || printf '%s' "$2" >"$1"
  # Containers read it as users of their own; the folder keeps everybody else of this machine out.
  chmod 444 "$1"
}

keep postgres "$(random)"
keep cookies "$(random)"
for name in recommendations articles inventory; do
  keep "$name-database" "postgres://$name:$(random)@postgres:5432/$name"
done
