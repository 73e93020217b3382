#!/bin/sh
# Installs a locked list of wheels, every one checked by its hash, or says in one sentence why it cannot.
venv=$1 list=$2
fail() { echo "$*" >&2; exit 1; }

"$venv/bin/python" -c '' 2>/dev/null ||
  fail "The virtual environment in $venv does not run (was its Python removed?): delete the folder $venv and run again."
[ -w "$venv" ] || fail "The folder $venv cannot be written to: copy the project to a folder of yours and run again."
echo "Installing $list …" >&2
"$venv/bin/python" -m pip install --disable-pip-version-check --no-input -q --retries 2 --only-binary=:all: \
  --require-hashes -r "$list" >"$venv/install.log" 2>&1 && exit 0
said="pip's own words are in $venv/install.log."
if grep -q "DO NOT MATCH THE HASHES" "$venv/install.log"; then
  fail "The packages were not installed: a file is not the one its hash in $list promises. Use another package index; $said"
elif grep -q "No space left" "$venv/install.log"; then
  fail "The packages were not installed: the disk is full. Make room and run again; $said"
elif grep -qi "connection\|timed out\|name resolution\|getaddrinfo" "$venv/install.log"; then
  fail "The packages were not installed: no package index was reached. Run again once there is a network; $said"
fi
fail "The packages were not installed: the package index has no fitting wheel for this Python and machine; $said"
