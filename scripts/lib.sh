# shellcheck shell=bash
# What the scripts share. Sourced, not run.

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# apt_install WHAT PACKAGE…: installs Debian packages, or says what is missing and how to get it.
apt_install() {
  local what=$1 as_root=() log
  shift
  command -v apt-get >/dev/null ||
    die "$what is missing and there is no apt-get here: install it by hand (on Debian: apt-get install $*)"
  if [ "$(id -u)" -ne 0 ]; then
    # Without a terminal nobody can type a password.
    if sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
      as_root=(sudo)
    else
      die "$what is missing and installing it takes root: apt-get install $*"
    fi
  fi
  echo "$what is missing: installing Debian's $*" >&2
  log=$(mktemp)
  {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -q &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qy --no-install-recommends "$@"
  } </dev/null >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "apt-get install $* failed: $what is still missing"
  }
  rm -f "$log"
}

# Browser tests find the browser in TEST_CHROMIUM.
need_chromium() {
  find_chromium && return
  apt_install "Chromium (for the browser tests)" chromium
  find_chromium || die "Debian's chromium is installed, but not on PATH"
}

find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome; do
    TEST_CHROMIUM=$(command -v "$name") && export TEST_CHROMIUM && return
  done
  return 1
}
