# Shared by the scripts of this folder; sourced, not run.
# shellcheck shell=bash

TAGSCAPE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export TAGSCAPE_ROOT
# Objects are found in the compiler cache wherever the checkout lies.
export CCACHE_BASEDIR=$TAGSCAPE_ROOT CCACHE_NOHASHDIR=1

# Lines of progress go to stdout with a mark, so that they stand out between the output of tools.
say() { printf '\n==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }

# die WHAT REMEDY [CODE]: explains a failure and leaves.
die() {
  printf '\nerror: %s\n' "$1" >&2
  printf 'What to do: %s\n' "$2" >&2
  exit "${3:-1}"
}

# run_logged LOG WHAT REMEDY COMMAND…: runs quietly into LOG; on failure shows the end of it and explains.
run_logged() {
  local log=$1 what=$2 remedy=$3
  shift 3
  mkdir -p "$(dirname "$log")"
  if "$@" >"$log" 2>&1; then return 0; fi
  printf '\n--- last lines of %s\n' "$log" >&2
  tail -n 40 "$log" >&2
  die "$what failed. The whole output is in $log" "$remedy"
}

# print_help FILE: the comment block at the top of a script is its help text.
print_help() { sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$1"; }

# take_value "$@": the value of an option, with a clear error where it is missing.
take_value() {
  [[ $# -ge 2 && -n $2 ]] || die "$1 needs a value" "see --help" 2
  printf '%s' "$2"
}

has_display() { [[ -z ${CI:-} && -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; }

# under_display COMMAND…: runs it with a display; a virtual one with software OpenGL where there is none.
under_display() {
  if has_display; then
    "$@"
  else
    LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1280x1024x24" "$@"
  fi
}

# build_folder PRESET
build_folder() { printf '%s/build/%s' "$TAGSCAPE_ROOT" "$1"; }

# configure_preset PRESET [CMAKE_ARGUMENT…]: skipped by CMake itself where nothing changed.
configure_preset() {
  local preset=$1
  shift
  local folder
  folder=$(build_folder "$preset")
  mkdir -p "$folder"
  say "Configuring ($preset)"
  (cd "$TAGSCAPE_ROOT" && run_logged "$folder/configure.log" "Configuring" \
    "run scripts/setup, then try again; to start over remove $folder" \
    cmake --preset "$preset" "$@")
  note "build folder: $folder"
}

# build_targets PRESET TARGET…: ninja's status line stays visible, as a cold build takes minutes.
build_targets() {
  local preset=$1 folder target
  shift
  folder=$(build_folder "$preset")
  local -a arguments=()
  for target in "$@"; do arguments+=(--target "$target"); done
  say "Building $* ($preset); $(nproc) jobs at a time, minutes from a cold cache, seconds after that"
  if ! cmake --build "$folder" "${arguments[@]}" 2>&1 | tee "$folder/build.log"; then
    die "Building failed. The whole output is in $folder/build.log" \
      "read the first 'error:' in it. 'Killed' means too little memory: set CMAKE_BUILD_PARALLEL_LEVEL=1 and run this again"
  fi
}

elapsed_since() { printf '%d min %02d s' $((($(date +%s) - $1) / 60)) $((($(date +%s) - $1) % 60)); }
