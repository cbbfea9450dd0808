#!/bin/sh
# Runs in the container `secrets` of compose.yaml. Writes the secrets that are missing: SECRETS names their files below
# /secrets, where each service's volume is. Writes those that the operator gives in GIVEN. Copies the certificates of the services that CERTIFICATES names.
set -eu
umask 022

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
# A secret that several services know by the same name is the same for all of them.
shared() {
  for known in /secrets/*/"$1"; do
    [ -s "$known" ] && cat "$known" && return
  done
  return 1
}
# A service never reads half a file.
write() { rm -f "$1.new" && cat >"$1.new" && chmod 444 "$1.new" && mv "$1.new" "$1"; }

for secret in $SECRETS; do
  file=/secrets/$secret
  [ -s "$file" ] && continue
  service=${secret%/*}
  case $secret in
    */database-url) printf 'postgres://%s:%s@postgres:5432/%s' "$service" "$(random)" "$service" ;;
    *) shared "${secret#*/}" || random ;;
  esac | write "$file"
  echo "made $secret"
done

# What the operator gives: in each line a file, and its value if there is one.
printf '%s\n' "${GIVEN:-}" | while read -r secret value; do
  [ -z "$secret" ] || printf '%s' "$value" | write "/secrets/$secret"
done

for service in ${CERTIFICATES:-}; do
  [ -s "/certs/$service.key" ] || { echo >&2 "certs/$service.key is missing: run \`make certs\`"; exit 1; }
  write "/secrets/$service/ca.crt" <"/certs/ca.crt"
  write "/secrets/$service/tls.crt" <"/certs/$service.crt"
  write "/secrets/$service/tls.key" <"/certs/$service.key"
done
