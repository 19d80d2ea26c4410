# shellcheck shell=bash
# Sourced by the other scripts: makes the virtual environment .venv in this checkout, once, and finds it made afterwards.
#
#   prepare LEVEL      LEVEL is run (what the command needs), test (and every check) or bench (and the benchmark)
#   $root              the checkout
#   $bin               the environment's programs, once prepare has returned
#
# Needs Python 3.11 to 3.13. The machine's own pip settings decide where packages come from; versions are pinned in
# constraints.txt. SIB_PYTHON names an interpreter to make .venv with, instead of the newest one found; an environment
# that is already there keeps its own until .venv is removed.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
bin=$venv/bin
lock=$root/.venv.lock
lock_patience=900 # seconds to wait for another run that is setting up

say() { printf '%s\n' "$*" >&2; }

# The environment is ready when it runs, and was completed for this level from the pyproject.toml and constraints.txt
# that stand here now.
is_ready() {
    [ -x "$bin/python" ] && "$bin/python" -I "$root/scripts/environment_stamp.py" check "$1" 2>/dev/null
}

suits() { # CANDIDATE: a Python of an accepted version?
    "$1" -I -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

can_make_environments() { # CANDIDATE: Debian and Ubuntu ship these modules in a package of their own
    "$1" -I -c 'import ensurepip, venv' >/dev/null 2>&1
}

candidates() {
    if [ -n "${SIB_PYTHON:-}" ]; then
        printf '%s\n' "$SIB_PYTHON"
    else
        printf '%s\n' python3.13 python3.12 python3.11 python3 python
    fi
}

# Sets $python, or leaves it empty and sets $lacking to the first suitable Python that cannot make environments.
find_python() {
    python='' lacking=''
    local candidate
    while IFS= read -r candidate; do
        command -v -- "$candidate" >/dev/null || continue
        suits "$candidate" || continue
        if can_make_environments "$candidate"; then
            python=$candidate
            return
        fi
        [ -n "$lacking" ] || lacking=$candidate
    done < <(candidates)
}

# On CI, as root, what is missing is installed; on a person's machine it is only named.
install_python_on_ci() {
    [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 0
    say "Installing Python and its venv module with apt-get ..."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes python3 python3-venv; } >&2 || return 0
    find_python
}

choose_python() {
    find_python
    [ -n "$python" ] || install_python_on_ci
    if [ -z "$python" ] && [ -n "$lacking" ]; then
        local version
        version=$("$lacking" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$lacking (Python $version) cannot make virtual environments: its venv or ensurepip module is missing."
        say "On Debian and Ubuntu: sudo apt-get install python3-venv    (or python$version-venv)"
        return 1
    elif [ -z "$python" ]; then
        say "No Python 3.11, 3.12 or 3.13 was found (looked for: $(candidates | tr '\n' ' '))."
        say "Install one, or name it: SIB_PYTHON=/path/to/python3.12 $0"
        return 1
    fi
}

take_lock() {
    local waited=0 owner
    until mkdir "$lock" 2>/dev/null; do
        owner=$(cat "$lock/pid" 2>/dev/null || true)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf -- "$lock" # its owner was killed before it could tidy up
            continue
        fi
        [ "$waited" -gt 0 ] || say "Another run is setting up .venv; waiting for it ..."
        if [ "$waited" -ge "$lock_patience" ]; then
            say "Gave up waiting. If no other run is setting up, remove $lock and try again."
            return 1
        fi
        sleep 1
        waited=$((waited + 1))
    done
    trap 'rm -rf -- "$lock"' EXIT
    printf '%s\n' "$$" >"$lock/pid"
}

release_lock() {
    rm -rf -- "$lock"
    trap - EXIT
}

# hatchling comes first and the build runs without isolation, so that constraints.txt pins the build as well.
install() { # LEVEL
    local what=.
    case $1 in
    test) what='.[test]' ;;
    bench) what='.[test,bench]' ;;
    esac
    (
        cd -- "$root" || exit
        pip=("$bin/python" -m pip install --no-user --disable-pip-version-check --no-input --constraint constraints.txt)
        "${pip[@]}" hatchling && "${pip[@]}" --no-build-isolation --editable "$what"
    ) >"$venv/setup.log" 2>&1
}

make_new() { # LEVEL
    rm -rf -- "$venv"
    "$python" -m venv "$venv" || return 1
    install "$1"
}

set_up() { # LEVEL
    if [ -x "$bin/python" ] && "$bin/python" -I "$root/scripts/environment_stamp.py" clear 2>/dev/null; then
        # Complete once, but for other pins or another level: bring it up to date.
        say "Updating .venv ..."
        install "$1" && return
        say "It could not be updated; making it anew."
    fi
    choose_python || return 1
    say "Setting up .venv with $("$python" --version) (once; later runs reuse it) ..."
    make_new "$1" && return
    [ ! -f "$venv/setup.log" ] || tail -n 30 -- "$venv/setup.log" >&2
    say "Setting up failed. The lines above are pip's; the whole log is .venv/setup.log."
    return 1
}

prepare() { # LEVEL
    is_ready "$1" && return
    take_lock || return 1
    if ! is_ready "$1"; then
        local began=$SECONDS
        set_up "$1" || return 1
        "$bin/python" -I "$root/scripts/environment_stamp.py" write "$1" || return 1
        say "Ready after $((SECONDS - began)) s."
    fi
    release_lock
}
