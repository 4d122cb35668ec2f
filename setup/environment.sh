# What ./run, ./test and .ci/run share: finding Python, system packages, the virtual environment. Sourced by bash.
#
# Settings read from the environment:
#   PYTHON             the Python to use; otherwise the first of python3, python3.13, 3.12, 3.11 that is new enough
#   DECENT_WORK_VENV   folder of the virtual environment; otherwise .venv beside this checkout

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
venv=${DECENT_WORK_VENV:-$root/.venv}
libraries=$root/.cache/libraries # Debian packages unpacked here when nobody may install them

say() { printf '%s\n' "$*" >&2; }

fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found." \
        "On Debian 12, 13 or Ubuntu 24.04 type:  apt-get install python3" \
        "Where it has another name, type:        PYTHON=/path/to/python3.12 $0"
}

# Whether this person may install system packages; sets `as_root` to what goes before the command.
may_install() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then
        as_root=()
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ]; }; }; then
        as_root=(sudo)
    else
        return 1
    fi
}

# install_packages NAME... : installs Debian packages; false where that is not allowed or failed.
install_packages() {
    may_install || return 1
    say "Installing system packages: $*"
    local log
    log=$(mktemp)
    # Only the download and unpacking tools' own words are hidden; they are shown when something fails.
    # Another program may be installing just now: wait for it rather than fail.
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
    if { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } \
        >"$log" 2>&1 </dev/null; then
        rm -f "$log"
        return 0
    fi
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
}

# unpack_packages FOLDER NAME... : fetches packages, with those that they need and this system lacks, and unpacks
# them in FOLDER without installing anything. Needs no rights: apt keeps its lists in a folder of ours.
unpack_packages() {
    local folder=$1 state wanted
    shift
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    say "Unpacking system packages in $folder: $*"
    state=$(mktemp -d)
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$folder"
    local apt=(apt-get -qq -o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache" -o Debug::NoLocking=1
        -o APT::Sandbox::User="$(id -un)")
    if (
        set -e
        "${apt[@]}" update
        wanted=$("${apt[@]}" install --simulate --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p')
        cd "$state/cache/archives"
        # shellcheck disable=SC2086 # a list of names
        "${apt[@]}" download $wanted
        for package in *.deb; do dpkg -x "$package" "$folder"; done
    ) >"$state/log" 2>&1; then
        rm -rf "$state"
        return 0
    fi
    tail -n 5 "$state/log" >&2
    rm -rf "$state"
    return 1
}

library_path() { # where the unpacked shared libraries are, for LD_LIBRARY_PATH
    find "$libraries" -name '*.so*' -printf '%h\n' 2>/dev/null | sort -u | paste -s -d :
}

pdf_libraries_load() {
    "$python" -c 'import ctypes
for name in ("libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1"):
    ctypes.CDLL(name)' 2>/dev/null
}

# The libraries that draw PDF files. Without them everything but PDF works, and the person is told so.
need_pdf_libraries() {
    pdf_packages="libpangoft2-1.0-0 libharfbuzz-subset0"
    if [ -d "$libraries" ]; then
        LD_LIBRARY_PATH=$(library_path)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
        export LD_LIBRARY_PATH
    fi
    pdf_libraries_load && return
    # shellcheck disable=SC2086 # a list of names
    install_packages $pdf_packages && pdf_libraries_load && return
    # shellcheck disable=SC2086
    if unpack_packages "$libraries" $pdf_packages; then
        LD_LIBRARY_PATH=$(library_path)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
        export LD_LIBRARY_PATH
        pdf_libraries_load && return
    fi
    say "" "The libraries that draw PDF files are missing and could not be installed from here." \
        "Everything else works. To have PDF reports, type this line and start again:" "" \
        "  sudo apt-get install $pdf_packages" ""
    no_pdf=1
}

# Makes the virtual environment where there is none that works, with pip in it.
need_venv() {
    if [ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        return
    fi
    say "Making the virtual environment $venv"
    rm -rf "$venv"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        local version
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install_packages "python$version-venv" || true
    fi
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv "$venv" || fail "The virtual environment $venv could not be made."
        return
    fi
    # No ensurepip and no right to install it: an environment without pip, and pip from Debian's wheel of it.
    "$python" -m venv --without-pip "$venv" 2>/dev/null || fail "This Python cannot make virtual environments." \
        "Type:  sudo apt-get install python3-venv"
    local wheels=$root/.cache/pip-wheel
    local from=("$python" -m pip)
    if ! "$python" -m pip --version >/dev/null 2>&1; then
        find "$wheels" -name 'pip-*.whl' 2>/dev/null | grep -q . || unpack_packages "$wheels" python3-pip-whl ||
            fail "pip is missing and could not be fetched." "Type:  sudo apt-get install python3-venv"
        from=("$python" "$(find "$wheels" -name 'pip-*.whl' | head -n 1)/pip")
    fi
    locked_pip >"$venv/pip.lock"
    "${from[@]}" --python "$venv/bin/python" install --quiet --require-hashes --only-binary :all: --no-deps \
        -r "$venv/pip.lock" || fail "pip could not be installed in $venv."
}

locked_pip() { # the lines of the lock that name pip, with its hashes
    sed -n '/^pip==/,/^    # via/p' "$root/requirements.lock" | grep -v '^ *#'
}

# need_packages LOCK : installs exactly what a lock file names, and this checkout; quick when that was done before.
need_packages() {
    local lock=$1 stamp wanted
    stamp=$venv/.installed-$lock
    wanted=$(cat "$root/$lock" "$root/pyproject.toml" | sha256sum | cut -c1-64)-$root
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    say "Installing the packages that $lock names (about 20 seconds)"
    # Messages about which pip is newest say nothing to the person who waits.
    export PIP_DISABLE_PIP_VERSION_CHECK=1
    "$venv/bin/python" -m pip install --quiet --require-hashes --only-binary :all: --no-deps -r "$root/$lock" ||
        fail "The packages could not be installed." \
            "Is the package index reachable? Behind a mirror or proxy, configure pip as usual (pip config, PIP_INDEX_URL)."
    "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e "$root" ||
        fail "The program itself could not be installed in $venv."
    printf '%s' "$wanted" >"$stamp"
}
