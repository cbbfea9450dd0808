#!/bin/sh
# Makes the secrets of the store on this machine, in docker/secrets/, but those that are there; and puts the certificates of
# `make certs` where containers find them.
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
keep grafana "$(random)"
for name in recommendations articles inventory; do
  keep "$name-database" "postgres://$name:$(random)@postgres:5432/$name"
done

for name in marketplace recommendations articles inventory; do
  [ -s "../../certs/$name.key" ] || continue
  mkdir -p "tls/$name"
  chmod 755 tls "tls/$name"
  cat ../../certs/ca.crt >"tls/$name/ca.crt"
  cat "../../certs/$name.crt" >"tls/$name/tls.crt"
  cat "../../certs/$name.key" >"tls/$name/tls.key"
  chmod 444 "tls/$name"/*
done
