#!/bin/sh
# Make the environment that the Makefile's targets run in: sh tools/venv.sh FOLDER [PYTHON [LOCK]]
#
# docs.lock is what builds the book, and requirements.lock that and everything else.
#
# A reader who types `make html` wants a page. What can go wrong on the way (an old Python, no
# network, a full disk) is told in one line that says what to do; pip's own words are in the log.
set -u

venv=$1
named=${2-}
lock=${3:-requirements.lock}
log=.venv-install.log
stamp=$venv/.stamp

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

# What the environment is made from. Compared as text: after a checkout or a change of branch the
# files' times say nothing, and an environment does not survive being moved.
recipe() {
    pwd
    cksum pyproject.toml docs.lock requirements.lock
    echo "$1"
}

has_version_of() {
    [ "$("$1" -V 2>&1)" = "$("$venv/bin/python" -V 2>&1)" ]
}

is_current() {
    [ -x "$venv/bin/python" ] || return 1
    made=$(cat "$stamp" 2>/dev/null)
    [ "$made" = "$(recipe requirements.lock)" ] || [ "$made" = "$(recipe "$lock")" ] || return 1
    [ -z "$named" ] || has_version_of "$named"
}

was_finished_here() {
    [ "$(head -n 1 "$stamp" 2>/dev/null)" = "$(pwd)" ] && "$venv/bin/python" -V >/dev/null 2>&1 || return 1
    [ -z "$named" ] || has_version_of "$named"
}

log_says() {
    grep -qiE "$1" "$log" 2>/dev/null
}

no_answer='connection broken|Failed to establish|name resolution|timed out|Max retries'

# At least 50 MB, which a build of the site needs as well.
has_room() {
    df -Pk "$1" 2>/dev/null | awk 'NR == 2 && $4 ~ /^[0-9]+$/ && $4 < 51200 { full = 1 } END { exit full }'
}

# End with one line for the step that failed. The room is measured as well as looked up in the log,
# because on a full disk the log is where the message did not fit.
explain() {
    temporary=${TMPDIR:-/tmp}
    if log_says 'No space left on device|Disk quota exceeded' || ! has_room . || ! has_room "$temporary"; then
        rm -rf "$venv"
        fail "the disk is full. Make room (700 MB here, 300 MB in $temporary) and run the same command again."
    fi
    log_says 'ensurepip' &&
        fail "$python cannot make environments. On Debian and Ubuntu: apt install python3-venv (log: $log)"
    log_says 'DO NOT MATCH THE HASHES' &&
        fail "a download is not the file that $lock names; try again, and trust it no further if this stays (log: $log)"
    log_says "$no_answer|from versions: none" &&
        fail "no network: the package index cannot be reached. Connect and run the same command again (log: $log)"
    reason=$(grep -iE '^[a-z]*error' "$log" 2>/dev/null | head -n 1)
    fail "$1 did not work${reason:+: $reason} (log: $log)"
}

# uv is ten times as fast as pip. Without one on PATH, pip brings the version in the lock, which is
# removed at the end: it would be a third of the environment that builds the book.
find_uv() {
    for uv in "$venv/bin/uv" "$(command -v uv)"; do
        [ -x "$uv" ] && return
    done
    uv=$venv/.uv/bin/uv
    awk '/^[a-z]/ { is_uv = /^uv==/ } is_uv' "$lock" >"$venv/uv.txt"
    "$python" -m pip install --no-deps --target "$venv/.uv" --require-hashes -r "$venv/uv.txt"
    [ -x "$uv" ]
}

# Nothing that is not in the lock: neither dependencies of the package nor what builds it.
install() {
    [ -x "$venv/bin/python" ] || "$python" -m venv --without-pip "$venv" || return 1
    if find_uv; then
        "$uv" pip install --python "$venv/bin/python" --no-config --require-hashes -r "$lock" &&
            "$uv" pip install --python "$venv/bin/python" --no-config --no-deps --no-build-isolation -e . &&
            { [ "$lock" != docs.lock ] || "$uv" pip uninstall --python "$venv/bin/python" uv; } &&
            return
    elif log_says "$no_answer"; then
        return 1  # nobody should wait until pip has given up a second time
    fi
    # As behind a package index that only pip is told of.
    "$python" -m venv "$venv" &&
        "$venv/bin/python" -m pip install --require-hashes -r "$lock" &&
        "$venv/bin/python" -m pip install --no-deps --no-build-isolation -e . || return 1
    [ "$lock" != docs.lock ] || "$venv/bin/python" -m pip uninstall --yes uv
}

# Settings that readers have for pip elsewhere would put the packages there, or refuse.
unset PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1

has_room . || fail "the disk is full: make room in $(pwd) and run the same command again."
is_current && exit
if was_finished_here; then
    # The Python it was made with may not be on PATH.
    python=$("$venv/bin/python" -c 'import sys; print(sys._base_executable)')
    message="Bringing $venv up to date ..."
    rm -f "$stamp"  # until the last line it counts as unfinished
else
    python=$(sh tools/python.sh "$named") || exit 1
    message="Setting up $venv with $("$python" -V), once ..."
    rm -rf "$venv"
fi
(: >"$log") 2>/dev/null || fail "nothing can be written in $(pwd)"

echo "$message"
install >>"$log" 2>&1 || explain "installing $lock"
rm -rf "$venv/.uv" "$venv/uv.txt"
recipe "$lock" >"$stamp" 2>/dev/null || explain "finishing the environment"
rm -f "$log"
