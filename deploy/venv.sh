#!/bin/sh
# Makes the virtual environment, or says in one sentence why it cannot.
python=$1 venv=$2
command -v "$python" >/dev/null 2>&1 || { echo "Python is missing: install Python 3.11 or newer, or name it: make demo PYTHON=/path/to/python3" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This is $("$python" --version 2>&1); Decorum needs Python 3.11 or newer: make demo PYTHON=python3.11" >&2; exit 1; }
"$python" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }
mkdir -p "$venv" 2>/dev/null && [ -w "$venv" ] || { echo "This folder cannot be written to: copy the project to a folder of yours and run again." >&2; exit 1; }
"$python" -m venv "$venv" >&2 || { echo "The virtual environment could not be made in $venv; the lines above say why." >&2; exit 1; }
touch "$venv/.python"
