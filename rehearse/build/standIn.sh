#!/usr/bin/env bash
# Stand-in for a command: hands on how it was called, and does what it is told. Standard input is read first, so that in a
# pipe the command that writes is always heard before the one that reads.
dir=${0%/*}/../calls
# A process that has ended gives its number to a later one.
id=$$-$RANDOM-${EPOCHREALTIME//[^0-9]/}
[[ ! -p /dev/stdin ]] || cat >"$dir/$id.in"
printf '%s\0' "${0##*/}" "$AWS_PROFILE" "$AWS_CONFIG_FILE" "$AWS_REGION" "$PWD" "$@" >"$dir/$id.call"
mkfifo "$dir/$id.reply" || exit 97
# Both ways, so that the answer stays in it until it is read.
exec 9<>"$dir/$id.reply"
printf '%s\n' "$id" >"$dir/requests"
IFS= read -r status <&9
cat "$dir/$id.err" >&2
cat "$dir/$id.out"
exit "$status"
