# What the batch scripts and slurm/submit find in $home, the source tree or `share/patchead` of an
# installation; sourced by them. Sets patchead, and what the profile sets.

profile=${PATCHEAD_PROFILE:-default}
[[ $profile == */* ]] || profile=$home/slurm/profiles/$profile.env
if [ ! -r "$profile" ]; then
  echo "patchead: no profile '$profile'; copy default.env to it, or set PATCHEAD_HOME to a source tree or PREFIX/share/patchead" >&2
  return 1
fi
# shellcheck disable=SC1090
. "$profile"

patchead=${PATCHEAD_BINARY:-}
for file in "$home/build/release/patchead" "$home/../../bin/patchead"; do
  [ -n "$patchead" ] || [ ! -x "$file" ] || patchead=$file
done
: "${patchead:=$(command -v patchead)}"
if [ ! -x "$patchead" ]; then
  echo "patchead: no program '${patchead:-patchead}'; build or install it, or set PATCHEAD_BINARY" >&2
  return 1
fi
