#!/usr/bin/env bash
# What `make` itself needs, on a Debian that has none of it; installs only what is missing.
set -euo pipefail

missing=()
command -v python3 >/dev/null || missing+=(python3)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
command -v make >/dev/null || missing+=(make)
command -v git >/dev/null || missing+=(git)
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
command -v ps >/dev/null || missing+=(procps)
[ ${#missing[@]} -gt 0 ] || exit 0

fail() { echo "$*" >&2; exit 1; }
command -v apt-get >/dev/null || fail "Missing: ${missing[*]}. There is no apt-get here: install them by hand."
[ "$(id -u)" = 0 ] || fail "Missing: ${missing[*]}. Run this as root, or: apt install ${missing[*]}"
echo "Installing ${missing[*]} …" >&2
log=$( (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}") 2>&1) ||
  fail "$(tail -n 3 <<<"$log")
${missing[*]} could not be installed: is there a network to a Debian mirror?"
