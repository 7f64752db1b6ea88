#!/bin/sh
# postgres.sh COMMAND...: runs a command beside a PostgreSQL server of its own, which is gone afterwards.
#
# The cluster lies under a temporary folder and listens on loopback only, on a free port. The command finds it by
# ATTUNE_TEST_POSTGRES (a URL with user and password) and can stop and start it with ATTUNE_TEST_POSTGRES_CONTROL
# (a program: stop, kill, start). Root runs the server as the user postgres, as PostgreSQL demands.
set -eu
# Debian keeps the programs of each version in a folder of their own.
for folder in /usr/lib/postgresql/*/bin; do
  [ -x "$folder/initdb" ] && PATH=$folder:$PATH
done
command -v initdb >/dev/null || {
  echo "postgres.sh: no initdb found, wanted a PostgreSQL server" >&2
  exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/attune-postgres-XXXXXX")
as=""
if [ "$(id -u)" -eq 0 ]; then
  chown postgres "$work"
  as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

cat >"$work/control" <<CONTROL
#!/bin/sh
# control stop|kill|start: the server of these tests; kill ends it as a power cut would.
set -eu
cd "$work"
case \$1 in
start)
  $as "$(command -v pg_ctl)" -D data -l log -w -t 60 start >/dev/null ;;
stop) $as "$(command -v pg_ctl)" -D data -m fast -w -t 60 stop >/dev/null ;;
kill) $as "$(command -v pg_ctl)" -D data -m immediate -w -t 60 stop >/dev/null ;;
*) exit 2 ;;
esac
CONTROL
chmod 755 "$work" "$work/control"

finish() {
  status=$?
  trap - EXIT
  # Who hurries this up leaves a server behind.
  trap '' INT TERM HUP
  if [ -e "$work/data/postmaster.pid" ]; then "$work/control" kill || status=1; fi
  rm -rf "$work"
  exit $status
}
trap finish EXIT
# In the background, so that a signal ends the command and then the server at once.
command=""
trap '[ -z "$command" ] || kill "$command" 2>/dev/null; exit 130' INT TERM HUP

cd "$work"
echo "p@ss:w/rd" >password
chmod 644 password
$as initdb -D data -U attune --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C >initdb.log 2>&1 || {
  cat initdb.log >&2
  exit 1
}
cat >>data/postgresql.conf <<CONFIGURATION
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$work'
max_connections = 100
log_min_messages = warning
CONFIGURATION
"$work/control" start
cd "$OLDPWD"
ATTUNE_TEST_POSTGRES="postgresql://attune:p%40ss%3Aw%2Frd@127.0.0.1:$port/postgres"
ATTUNE_TEST_POSTGRES_CONTROL=$work/control
export ATTUNE_TEST_POSTGRES ATTUNE_TEST_POSTGRES_CONTROL
"$@" &
command=$!
wait "$command"
