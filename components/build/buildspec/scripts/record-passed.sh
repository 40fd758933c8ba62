# shellcheck shell=bash
# Records that an image has passed its tests, as a new version of a parameter; promote-image.sh looks for it.

refuse() {
  printf 'ERROR: %s\n' "$1" >&2
  return 1
}

check_settings() {
  [[ $IMAGE_URI =~ ^[a-z0-9-]+[.:][a-z0-9.:-]*/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$ ]] ||
    refuse "IMAGE_URI is \"$IMAGE_URI\", expected <registry>/<repository>@sha256:<64 hexadecimal digits>: the image that was tested, by digest" || return
  [[ $COMMIT_ID =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] ||
    refuse "COMMIT_ID is \"$COMMIT_ID\", expected a commit id, or a revision of at most 100 letters, digits, . _ and -" || return
  [[ -n $PASSED_IMAGE_PARAMETER ]] ||
    refuse "PASSED_IMAGE_PARAMETER is empty, expected the SSM parameter that records the images that passed"
}

# Fails unless every record in DELIVERED_IMAGE_PARAMETERS names the image: what the tests have tried may run no longer, where it was
# taken back or another delivery came in between.
expect_delivered() {
  local names name record
  read -ra names <<<"$DELIVERED_IMAGE_PARAMETERS"
  for name in "${names[@]}"; do
    record=$(aws ssm get-parameter --name "$name" --query Parameter.Value --output text) ||
      refuse "cannot read SSM parameter $name, the record of what was delivered" || return
    [[ $record == *"\"image\":\"$IMAGE_URI\""* ]] ||
      refuse "nothing vouches for $IMAGE_URI: it was taken back, or another delivery came in between. SSM parameter $name says $record. Run the whole run again (Re-run all jobs), or push a new commit" || return
  done
}

# Also when the newest version names the image already: each pass is a version.
record_passed() {
  local record
  check_settings && expect_delivered || return
  record=$(printf '{"image":"%s","commit":"%s","passedAt":"%s"}' "$IMAGE_URI" "$COMMIT_ID" "$(date -u +%Y-%m-%dT%H:%M:%SZ)")
  aws ssm put-parameter --name "$PASSED_IMAGE_PARAMETER" --type String --overwrite --value "$record" >/dev/null ||
    refuse "the tests passed, but SSM parameter $PASSED_IMAGE_PARAMETER does not say so: repeat this step, else $IMAGE_URI cannot be released" ||
    return
  printf 'Passed: %s\nRecorded in %s\n' "$IMAGE_URI" "$PASSED_IMAGE_PARAMETER"
  [[ -n $PASSPORT_STACK ]] || return 0
  write_passport "$(passport_beside "$PASSED_IMAGE_PARAMETER")" passed "$IMAGE_URI" ||
    refuse "the tests passed, but the image has no passport: repeat this step, else $IMAGE_URI cannot be released"
}

# The record and the passport are written both, or not begun: what is started here heeds no signal either.
trap '' HUP INT TERM
record_passed
