#!/bin/sh
# Makes the virtual environment, or says in one sentence why it cannot.
python=$1 venv=$2
fail() { echo "$*" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
  fail "Python is missing: install Python 3.11 or newer, or name it: make demo PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
  fail "This is $("$python" --version 2>&1 | head -n 1); Decorum needs Python 3.11 or newer: make demo PYTHON=python3.11"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  fail "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv"
mkdir -p "$venv" 2>/dev/null && [ -w "$venv" ] ||
  fail "This folder cannot be written to: copy the project to a folder of yours and run again."
log=$("$python" -m venv "$venv" 2>&1) ||
  fail "The virtual environment could not be made in $venv: $(echo "$log" | tail -n 1)"
touch "$venv/.python"
