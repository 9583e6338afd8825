#!/usr/bin/env bash
# Makes the machine ready: system libraries, .venv and the pinned packages. Does nothing that is already done.
# Usage: tools/setup.sh production|development      PYTHON=python3.12 chooses the interpreter for a new .venv
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-development}
case $kind in
  production) system=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0) ;;
  development) system=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 chromium poppler-utils qpdf khal) ;;
  *) echo "tools/setup.sh production|development" >&2; exit 2 ;;
esac

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  if [ -n "${PYTHON:-}" ]; then
    new_enough "$PYTHON" && { echo "$PYTHON"; return; }
    echo "PYTHON=$PYTHON is not Python 3.11 or newer." >&2
    return 1
  fi
  local name
  for name in python3 python3.11 python3.12 python3.13 python3.14; do
    if new_enough "$name"; then echo "$name"; return; fi
  done
}

install_system() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "These system packages are missing. As root, run:" >&2
    echo "    apt-get update && apt-get install --no-install-recommends $*" >&2
    exit 1
  fi
  echo "Installing system packages: $*"
  local log
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

# Node.js and npm run Lighthouse, for the tests alone; any that is there already will do.
if [ "$kind" = development ]; then
  command -v node >/dev/null || system+=(nodejs)
  command -v npm >/dev/null || system+=(npm)
fi

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${system[@]}"; do
    if [ "$package" = chromium ] && [ -n "${CHROMIUM:-}" ]; then continue; fi
    installed "$package" || missing+=("$package")
  done
else
  echo "Not Debian: see to it that Pango and HarfBuzz are installed (for tests also Chromium, poppler, qpdf, khal, Node.js and npm)." >&2
fi

if ! .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
  python=$(find_python)
  if [ -z "$python" ]; then
    missing+=(python3 python3-venv)
  elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    missing+=("python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv")
  fi
fi
[ ${#missing[@]} = 0 ] || install_system "${missing[@]}"

if ! .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
  python=$(find_python)
  [ -n "$python" ] || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv
fi

# A stamp holds the pins that were installed last: nothing is asked of the network until they change.
install_pins() {
  local file=$1 stamp=.venv/installed-$1
  shift
  if cat "$@" | cmp -s - "$stamp"; then return; fi
  echo "Installing $file"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --requirement "$file"
  cat "$@" >"$stamp"
}
if [ "$kind" = development ]; then
  install_pins requirements-dev.txt requirements.txt requirements-dev.txt
  cp requirements.txt .venv/installed-requirements.txt
else
  install_pins requirements.txt requirements.txt
fi

# Lighthouse is pinned by its own files, with everything it builds on.
# To pin it anew: npm install --omit-lockfile-registry-resolved in its folder; where the lock then says "latest", which npm 9 cannot
# read there, write the version of the overrides in package.json.
if [ "$kind" = development ]; then
  stamp=tools/lighthouse/node_modules/installed-package-lock.json
  if ! cmp -s tools/lighthouse/package-lock.json "$stamp"; then
    echo "Installing Lighthouse"
    npm ci --prefix tools/lighthouse --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    cp tools/lighthouse/package-lock.json "$stamp"
  fi
fi
