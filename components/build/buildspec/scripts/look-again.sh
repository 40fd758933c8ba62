# shellcheck shell=bash
# How scripts wait. Goes before them, after what has refuse.

# A look that gives no answer says nothing of what it looked at: it is made again, as often as this in a row.
LOOKS=5
NO_ANSWER=75

# Fails as a look without an answer does.
no_answer() {
  UNANSWERED=$1
  printf 'WARNING: %s\n' "$1" >&2
  return "$NO_ANSWER"
}

# Waits POLL_SECONDS, 10 where nobody says. Bash would let a command in the foreground end before it heeds a signal.
pause() {
  sleep "${POLL_SECONDS:-10}" >/dev/null 2>&1 &
  wait "$!"
}

# Runs a look, and again while it has no answer. Not for calls that change something twice when made twice.
look() {
  local made=1 status
  until "$@"; do
    status=$?
    ((status == NO_ANSWER)) || return "$status"
    ((made < LOOKS)) || refuse "$UNANSWERED, $made times in a row" || return
    made=$((made + 1))
    printf 'Looking again, %s of %s\n' "$made" "$LOOKS"
    pause
  done
}
