# shellcheck shell=bash
# Whether what a run has delivered is to be taken back. Sets DUE to yes where the record is still the one that the run has written, its
# version RECORD_VERSION, and a job has failed in the attempt that has deployed it. Where the record is another, a later delivery has
# come, or this one is taken back already: then to no. Where nothing has failed, to stays. NOW is the commit that the record names.

# Who runs one job of a run again, or what was cancelled, has it refuse what another attempt has deployed: that says nothing against
# what was deployed. Sets FAILED to yes where one of JOBS has failed in attempt DEPLOYED_IN.
read_failed() {
  local answer name
  FAILED=yes
  [[ $DEPLOYED_IN != "$GITHUB_RUN_ATTEMPT" ]] || return 0
  answer=$(gh api --paginate "repos/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID/attempts/$DEPLOYED_IN/jobs?per_page=100" \
    -q '.jobs[] | select(.conclusion == "failure") | .name') || {
    printf 'ERROR: cannot tell whether something failed in attempt %s of this run, which has deployed %s, so nothing is taken back\n' \
      "$DEPLOYED_IN" "$SERVICE_NAME" >&2
    return 1
  }
  while IFS= read -r name; do
    [[ -z $name || " $JOBS " != *" $name "* ]] || return 0
  done <<<"$answer"
  FAILED=no
}

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
    read_failed || return
    DUE=yes
    [[ $FAILED == no ]] || return 0
    DUE=stays
    printf 'Nothing failed in attempt %s of this run, which has deployed %s: it stays\n' "$DEPLOYED_IN" "$SERVICE_NAME"
    return
  fi
  DUE=no
  printf 'Commit %s runs now, or is being delivered: nothing of %s is taken back. What this run has delivered is recorded no longer\n' \
    "${NOW:-that nobody knows}" "$SERVICE_NAME"
}

take_back_due
