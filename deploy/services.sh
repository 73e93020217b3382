#!/usr/bin/env bash
# Makes PostgreSQL and Redis reachable for `make test-services` and writes var/services.env.
# What answers on 127.0.0.1 and lets us in is used as it is; otherwise private instances are started
# (on the usual port when it is free). `deploy/services.sh stop` ends what this script started.
set -euo pipefail
cd "$(dirname "$0")/.."

kept=${DECORUM_SERVICES_DIR:-/tmp/decorum-services}
env_file=var/services.env
own_database_url="" postgres_bin=""

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() { # $1, or the next free port after it
  local port=$1
  while answers "$port"; do port=$((port + 1)); done
  echo "$port"
}

wait_for() { # $1 what, $2 seconds, $3… a command that succeeds once it is there
  local what=$1 left=$(($2 * 5))
  shift 2
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "$what did not start; read $kept/*.log."
    sleep 0.2
  done
}

need() { # $1 package, $2 a test that it is there
  eval "$2" && return
  [ "$(id -u)" = 0 ] || fail "$1 is not installed: run this as root, or apt install $1."
  command -v apt-get >/dev/null || fail "$1 is not installed, and there is no apt-get here: install it by hand."
  say "Installing $1 …"
  local log
  log=$( (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1") 2>&1) ||
    fail "$(tail -n 3 <<<"$log")
$1 could not be installed: is there a network to a Debian mirror?"
}

as_postgres() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

sql() { # $1 URL, $2 statement
  PGCONNECT_TIMEOUT=3 psql -w -X -q -A -t -v ON_ERROR_STOP=1 "$1" -c "$2" 2>>"$kept/psql.log"
}

may_create_databases() {
  [ "$(sql "$1" "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")" = t ]
}

find_database() {
  local url
  for url in "$(cat "$kept/postgres.url" 2>/dev/null || true)" postgres://postgres@127.0.0.1:5432/postgres; do
    if [ -n "$url" ] && may_create_databases "$url"; then
      own_database_url=$url
      return
    fi
  done
  start_postgres
}

start_postgres() {
  local port password data=$kept/postgres
  port=$(free_port 5432)
  password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
  rm -rf "$data"
  (umask 077 && echo "$password" >"$kept/postgres.password")
  [ "$(id -u)" != 0 ] || { install -d -o postgres -m 700 "$data" && chown postgres "$kept/postgres.password"; }
  say "Starting a private PostgreSQL on 127.0.0.1:$port …"
  as_postgres "$postgres_bin/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 -A scram-sha-256 \
    --pwfile="$kept/postgres.password" >"$kept/initdb.log" 2>&1 || fail "PostgreSQL's initdb failed; read $kept/initdb.log."
  as_postgres "$postgres_bin/pg_ctl" -D "$data" -w -t 30 -l "$data/server.log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start >"$kept/pg_ctl.log" 2>&1 ||
    fail "PostgreSQL did not start; read $data/server.log."
  own_database_url=postgres://postgres:$password@127.0.0.1:$port/postgres
  (umask 077 && echo "$own_database_url" >"$kept/postgres.url")
}

create_database() {
  [ "$(sql "$own_database_url" "SELECT 1 FROM pg_database WHERE datname = 'decorum'")" = 1 ] ||
    sql "$own_database_url" "CREATE DATABASE decorum" || fail "The database could not be created; read $kept/psql.log."
}

pong() { [ "$(timeout 3 redis-cli -h 127.0.0.1 -p "$1" ping 2>/dev/null)" = PONG ]; }

find_redis() { # its port
  local port
  for port in "$(cat "$kept/redis.port" 2>/dev/null || true)" 6379; do
    if [ -n "$port" ] && pong "$port"; then
      echo "$port"
      return
    fi
  done
  port=$(free_port 6379)
  say "Starting a private Redis on 127.0.0.1:$port …"
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --daemonize yes --dir "$kept" \
    --pidfile "$kept/redis.pid" --logfile "$kept/redis.log" >/dev/null || fail "Redis did not start; read $kept/redis.log."
  wait_for Redis 10 pong "$port"
  echo "$port" | tee "$kept/redis.port"
}

stop() {
  local data=$kept/postgres control
  control=$(newest_pg_ctl)
  [ ! -f "$data/postmaster.pid" ] || as_postgres "$control" -D "$data" -m fast -w stop >/dev/null
  [ ! -f "$kept/redis.port" ] || redis-cli -h 127.0.0.1 -p "$(cat "$kept/redis.port")" shutdown nosave 2>/dev/null || true
  rm -rf "$kept"
}

newest_pg_ctl() { find /usr/lib/postgresql/*/bin -name pg_ctl 2>/dev/null | sort -V | tail -n 1; }

mkdir -p "$kept" && [ -O "$kept" ] && chmod 711 "$kept" || fail "$kept belongs to somebody else: set DECORUM_SERVICES_DIR to a folder of yours."
if [ "${1:-}" = stop ]; then
  stop
  exit
fi
need postgresql '[ -n "$(newest_pg_ctl)" ] && command -v psql >/dev/null'
need redis-server 'command -v redis-server >/dev/null && command -v redis-cli >/dev/null'
postgres_bin=$(dirname "$(newest_pg_ctl)")
find_database
create_database
redis_port=$(find_redis)
mkdir -p var
(umask 077 && printf 'DATABASE_URL=%s\nREDIS_URL=redis://127.0.0.1:%s/5\n' "${own_database_url%/*}/decorum" "$redis_port" >"$env_file")
sed 's#\(://[^:@/]*\):[^@]*@#\1:…@#' "$env_file"
