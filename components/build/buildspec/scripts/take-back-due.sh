# shellcheck shell=bash
# Whether what a run has delivered is to be taken back. Sets DUE to yes where the record is still the one that the run has written, its
# version RECORD_VERSION; else a later delivery has come, or this one is taken back already: then to no, and NOW to the commit that
# the record names.

take_back_due() {
  local answer version record
  DUE="" NOW=""
  answer=$(aws ssm get-parameter --name "$DELIVERED_IMAGE_PARAMETER" --query '[Parameter.Version, Parameter.Value]' --output text) &&
    IFS=$'\t' read -r version record <<<"$answer" && [[ $version =~ ^[0-9]+$ && $RECORD_VERSION =~ ^[0-9]+$ ]] || {
    printf 'ERROR: cannot tell whether %s still runs what this run has delivered, so nothing is taken back: SSM parameter %s, of which this run has written version "%s", says "%s"\n' \
      "$SERVICE_NAME" "$DELIVERED_IMAGE_PARAMETER" "$RECORD_VERSION" "$answer" >&2
    return 1
  }
  if [[ $record =~ \"commit\":\"([A-Za-z0-9._:/-]+)\" ]]; then NOW=${BASH_REMATCH[1]}; fi
  if ((version == RECORD_VERSION)); then
    DUE=yes
    return
  fi
  DUE=no
  printf 'Commit %s runs now, or is being delivered: nothing of %s is taken back. What this run has delivered is recorded no longer\n' \
    "${NOW:-that nobody knows}" "$SERVICE_NAME"
}

take_back_due
