#!/bin/sh
# Installs a locked list of wheels, every one checked by its hash.
venv=$1 list=$2
echo "Installing $list …" >&2
log=$("$venv/bin/python" -m pip install --disable-pip-version-check --no-input -q --only-binary=:all: --require-hashes -r "$list" 2>&1) && exit 0
echo "$log" | tail -n 3 >&2
echo "The packages could not be installed: is there a network to a package index? Run again once there is." >&2
exit 1
