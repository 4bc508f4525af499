#!/usr/bin/env bash
# Measures the studio's window on a scene: seconds to the first picture (cached scene, warm disk, median of 5 starts) and
# frames per second while orbiting (10 s, window of 1280x800). Prints the machine, the OpenGL renderer and one JSON line each.
# Usage: bench/studio.sh SCENE [BUILD_FOLDER]
set -euo pipefail
scene=${1:?"usage: bench/studio.sh SCENE [BUILD_FOLDER]"}
build=${2:-build/release}
studio=$build/bin/tagscape-studio

under_display() {
  if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then "$@"; else
    LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1280x1024x24" "$@"
  fi
}

"$build/bin/tagscape" fuse "$scene" --quiet # fills the cache
printf 'machine: %s, %s processors, load %s\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
  "$(cut -d' ' -f1 /proc/loadavg)"
"$build/bin/tagscape" doctor | grep OpenGL

under_display "$studio" --size 1280x800 --print-timing "$scene" >/dev/null # warms the disk
for _ in 1 2 3 4 5; do under_display "$studio" --size 1280x800 --print-timing "$scene"; done |
  tee /dev/stderr | sed 's/.*"window_to_first_picture_s": \([0-9.]*\).*/\1/' | sort -n |
  awk '{v[NR] = $1} END {printf "window to first picture, median of %d: %.3f s\n", NR, v[int((NR + 1) / 2)]}'
under_display "$studio" --size 1280x800 --bench-orbit 10 "$scene"
