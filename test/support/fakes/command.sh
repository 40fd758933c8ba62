#!/usr/bin/env bash
# Stand-in for a command: notes how it was called as a line of JSON, and answers from the table in answers.sh.
# Standard input is read first, so that in a pipe the command that writes is always noted before the one that reads.
dir=${0%/*}
input=""
[[ ! -p /dev/stdin ]] || IFS= read -r -d '' input

json() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  printf '"%s"' "${text//$'\t'/\\t}"
}

# The AWS command line acts in the role that the chosen profile names.
note_role() {
  local role
  role=$(sed -n "/^\[profile $AWS_PROFILE\]/,/^\[/s/^role_arn = //p" "$AWS_CONFIG_FILE")
  printf ',"role":'
  json "$role"
  printf ',"region":'
  json "$AWS_REGION"
}

note_call() {
  local separator="" word
  printf '{"argv":['
  for word in "$@"; do
    printf '%s' "$separator"
    json "$word"
    separator=,
  done
  printf '],"stdin":'
  json "$input"
  [[ -z $AWS_PROFILE ]] || note_role
  printf '}\n'
}

# A script that is a file of its own is a process of its own.
stop_build() {
  pkill -TERM -P "$STAND_IN_SHELL" -f '^bash [a-z-]+[.]sh' || kill -TERM "$STAND_IN_SHELL"
}

read -r number <"$dir/number"
printf '%s\n' "$((++number))" >"$dir/number"
note_call "${0##*/}" "$@" >>"$dir/calls"

source "$dir/answers.sh"
if [[ $number == "$FAIL_CALL" ]]; then
  printf '%s\n' "$FAIL_STDERR" >&2
  exit "$FAIL_STATUS"
fi
text="${0##*/} $*"
for i in "${!PATTERNS[@]}"; do
  [[ $text =~ ${PATTERNS[i]} ]] || continue
  used=0
  [[ ! -e $dir/used.$i ]] || read -r used <"$dir/used.$i"
  ((used < TIMES[i])) || continue
  printf '%s\n' "$((used + 1))" >"$dir/used.$i"
  [[ -z ${STOPS[i]} ]] || (sleep 0.2 && stop_build) >/dev/null 2>&1 &
  [[ ${DELAYS[i]} == 0 ]] || sleep "${DELAYS[i]}"
  printf '%s' "${STDOUTS[i]}"
  printf '%s' "${STDERRS[i]}" >&2
  exit "${STATUSES[i]}"
done
printf 'no answer for: %s\n' "$text" >&2
exit 97
