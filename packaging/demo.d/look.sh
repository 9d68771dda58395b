# How the demo speaks. Sourced by packaging/demo; plain text, readable on any terminal and in a log.
# shellcheck shell=bash
# shellcheck disable=SC2154  # run: packaging/demo

title() { printf '\n%s\n%s\n' "$1" "${1//?/=}"; }

step() { printf '\n-- %s\n\n' "$1"; }

say() { printf '%s\n' "$@" | indented; }

# Shows a command as one would type it.
typed() { printf '   $ %s\n' "$*"; }

indented() { sed '/./s/^/   /'; }

# quietly WHAT COMMAND...: says what is going on and how long it took; the command's output only when it fails.
quietly() {
  local what=$1 log begin=$SECONDS
  shift
  log=$(mktemp)
  printf '   %s ...' "$what"
  if "$@" >"$log" 2>&1; then
    printf ' %d s\n' $((SECONDS - begin))
    rm -f "$log"
    return
  fi
  printf ' failed:\n'
  tail -n 40 "$log" | indented
  printf '   (all of it: %s)\n' "$log"
  return 1
}

# until_true SECONDS WHAT COMMAND...: waits for a state; shows the logs when it does not come.
until_true() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS > deadline)); then
      printf '\n   This did not happen: %s. The logs:\n' "$what"
      tail -n 20 "$run"/*.log | indented
      return 1
    fi
    sleep 0.05
  done
}
