#!/bin/sh
# Run once, when PostgreSQL is set up: a database for each service, and an owner with the password of its URL.
set -eu

for name in recommendations articles inventory; do
  # postgres://name:password@host:port/name
  password=$(sed -E 's#^[a-z]+://[^:]+:([^@]+)@.*#\1#' "/run/secrets/$name-database")
  psql --username postgres --set ON_ERROR_STOP=1 --set owner="$name" --set password="$password" <<'SQL'
    create role :"owner" login password :'password';
    create database :"owner" owner :"owner";
SQL
done
