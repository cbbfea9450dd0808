#!/bin/sh
# Runs in the container `databases` of compose.yaml. Gives each service of DATABASES a database, and an owner with the password
# of its URL; both may be there already.
set -eu
export PGHOST=postgres PGUSER=postgres PGCONNECT_TIMEOUT=5
PGPASSWORD=$(cat /secrets/postgres/postgres-password)
export PGPASSWORD

seconds=0
until pg_isready --quiet; do
  [ "$seconds" -lt 120 ] || { echo >&2 'PostgreSQL does not answer'; exit 1; }
  sleep 1
  seconds=$((seconds + 1))
done

for name in $DATABASES; do
  # postgres://name:password@host:port/name
  password=$(sed -E 's#^[a-z]+://[^:]+:([^@]+)@.*#\1#' "/secrets/$name/database-url")
  psql --quiet --set ON_ERROR_STOP=1 --set name="$name" --set password="$password" <<'SQL'
    select format('create role %I login', :'name')
      where not exists (select from pg_roles where rolname = :'name') \gexec
    alter role :"name" password :'password';
    select format('create database %I owner %I', :'name', :'name')
      where not exists (select from pg_database where datname = :'name') \gexec
SQL
done
