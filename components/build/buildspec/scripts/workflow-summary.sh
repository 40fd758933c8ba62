# shellcheck shell=bash
# The summary of a run that delivers, for the page of the run: what was delivered, where it answers, what has changed, and how long
# it took.

# A text for a cell of a table.
cell() {
  local text=${1//[|\`$'\n'$'\r']/ }
  printf '%s' "${text:-none}"
}

summarise() {
  local seconds=$((EPOCHSECONDS - ${STARTED_AT:-EPOCHSECONDS})) result="not delivered" repository change
  repository=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY
  change="first delivery"
  [[ $AGAIN != success ]] || result="delivered and recorded, but its confirmation did not end well: run the whole run again for what comes after it"
  [[ $OUTCOME != success ]] || result=delivered
  [[ -z $BEFORE_COMMIT ]] || change="[${BEFORE_COMMIT:0:12}...${COMMIT_ID:0:12}]($repository/compare/$BEFORE_COMMIT...$COMMIT_ID)"
  printf '### %s: %s\n\n| | |\n|---|---|\n' "$(cell "$SERVICE_NAME")" "$result"
  [[ -z $ADDRESS ]] || printf '| address | %s |\n' "$(cell "$ADDRESS")"
  printf '| commit | [%s](%s/commit/%s) |\n' "$(cell "${COMMIT_ID:0:12}")" "$repository" "$(cell "$COMMIT_ID")"
  printf '| what changed | %s |\n' "$(cell "$change")"
  printf '| image | %s |\n' "$(cell "$IMAGE_URI")"
  printf '| took | %s min %s s |\n\n' "$((seconds / 60))" "$((seconds % 60))"
}

summarise >>"$GITHUB_STEP_SUMMARY"
