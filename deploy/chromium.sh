#!/usr/bin/env bash
# Debian's Chromium and a Chinese font for the browser tests and the pictures; installs only what is missing.
set -euo pipefail

missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium)
command -v fc-list >/dev/null || missing+=(fontconfig)
[ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -gt 0 ] || exit 0

fail() { echo "$*" >&2; exit 1; }
command -v apt-get >/dev/null || fail "Missing: ${missing[*]}. There is no apt-get here: install them by hand, Chromium as /usr/bin/chromium."
[ "$(id -u)" = 0 ] || fail "Missing: ${missing[*]}. Run this as root, or: apt install ${missing[*]}"
echo "Installing ${missing[*]} …" >&2
log=$( (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}") 2>&1) ||
  fail "$(tail -n 3 <<<"$log")
${missing[*]} could not be installed: is there a network to a Debian mirror?"
[ -x /usr/bin/chromium ] || fail "Chromium was installed but /usr/bin/chromium is not there: make a link to it."
