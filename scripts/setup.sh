# Sourced by the other scripts: installs what is missing, configures and builds. Quiet and quick when there is
# nothing to do. Never removes a package.
# shellcheck shell=bash

squall_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What a build needs, as Debian and Ubuntu name it.
squall_packages=(
  g++ cmake ninja-build ccache git python3
  libboost-dev libboost-filesystem-dev libboost-system-dev
  libfmt-dev nlohmann-json3-dev libcli11-dev zlib1g-dev libsqlite3-dev libtomlplusplus-dev
  libgtest-dev libgmock-dev librapidcheck-dev
  nodejs npm
)

# install_missing PACKAGE...
install_missing() {
  local package missing=()
  for package in "$@"; do
    # A Node that came from elsewhere serves as well, and Debian's could be in conflict with it.
    case $package in
      nodejs) command -v node >/dev/null && continue ;;
      npm) command -v npm >/dev/null && continue ;;
    esac
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "squall: these packages are missing and there is no sudo to install them: ${missing[*]}" >&2
      return 3
    fi
    as_root=(sudo)
  fi
  echo "squall: installing ${missing[*]}" >&2
  local log
  log=$(mktemp)
  # --no-remove: rather fail than take something away from the user.
  if ! { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends --no-remove "${missing[@]}"; } >"$log" 2>&1; then
    echo "squall: could not install ${missing[*]}; apt-get said:" >&2
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 3
  fi
  rm -f "$log"
}

# build_preset PRESET TARGET...: configures once, then builds. The output is shown only when it takes or fails.
build_preset() {
  local preset=$1
  shift
  local directory=$squall_root/build/$preset log=$squall_root/build/$preset.log targets=()
  local target
  for target in "$@"; do
    targets+=(--target "$target")
  done
  mkdir -p "$squall_root/build"
  if [ ! -f "$directory/build.ninja" ]; then
    echo "squall: configuring $preset" >&2
    if ! (cd "$squall_root" && cmake --preset "$preset") >"$log" 2>&1; then
      tail -n 40 "$log" >&2
      rm -rf "$directory"
      return 3
    fi
    echo "squall: building $preset (the first time about five minutes on two cores; how far it is: tail -f $log)" >&2
  fi
  if ! cmake --build "$directory" "${targets[@]}" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "squall: the build failed; all of its output is in build/$preset.log" >&2
    return 3
  fi
}

# fetch_peer PACKAGE: unpacks a Debian package into build/peers/PACKAGE without installing it, for tests that run other
# people's programs. Says so and goes on when it cannot: those tests skip.
fetch_peer() {
  local package=$1 directory=$squall_root/build/peers/$1 scratch
  [ -d "$directory" ] && return 0
  mkdir -p "$squall_root/build/peers"
  scratch=$(mktemp -d "$squall_root/build/peers/fetch-XXXXXX")
  if (cd "$scratch" && apt-get download -q "$package" && dpkg -x ./*.deb unpacked) >"$scratch/log" 2>&1; then
    mv "$scratch/unpacked" "$directory"
  else
    echo "squall: $package could not be fetched; the tests that run it are skipped" >&2
  fi
  rm -rf "$scratch"
}
