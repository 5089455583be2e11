#!/bin/sh
# Print the Python to work with, or one line that says what is missing: sh tools/python.sh [PYTHON]
set -u

named=${1-}

fail() {
    printf 'error: Python 3.11 or newer is needed, %s\n' "$1" >&2
    exit 1
}

is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

if [ -n "$named" ]; then
    version=$("$named" -V 2>&1) || fail "and PYTHON=$named cannot be run. Check the path."
    is_recent "$named" || fail "and PYTHON=$named is $version. Name a newer one, or none."
    echo "$named"
    exit
fi

# A name on PATH may be a launcher of a version that is not installed, so each one is run.
for name in python3.13 python3.12 python3.11 python3 python; do
    if is_recent "$name"; then
        echo "$name"
        exit
    fi
done
version=$(python3 -V 2>/dev/null) || version="no Python 3"
fail "and this machine has $version. Install one, or name it: make html PYTHON=/path/to/python3.12"
