# shellcheck shell=bash
# Why a delivery failed, in the words of npm run status: why tasks stopped, what mends that, and what the container wrote last.
# Goes after ecr-image.sh and passport.sh, and after STOP_CAUSES, which has three lines for each cause: what is found in AWS's
# text, the cause, and the fix. Nothing in here decides whether a delivery has failed: what cannot be read is left out.

# Sets CAUSE and FIX to what is known of AWS's text $1; to nothing where nothing is.
find_cause() {
  local seen
  CAUSE="" FIX=""
  shopt -s nocasematch
  while IFS= read -r seen && IFS= read -r CAUSE && IFS= read -r FIX; do
    [[ ! $1 =~ $seen ]] || break
    CAUSE="" FIX=""
  done <<<"$STOP_CAUSES"
  shopt -u nocasematch
}

# Prints a line for each stopped task with the wanted image: when, its ARN and revision, the container that failed, why, and
# what its containers say. Beside one that failed, a container that ended well says nothing.
describe_stopped_tasks() {
  local failed="(exitCode && to_string(exitCode) != '0')" tasks
  tasks=$(aws ecs list-tasks --cluster "$CLUSTER_NAME" --service-name "$SERVICE_NAME" --desired-status STOPPED \
    --max-results 100 --query 'taskArns' --output text) || return
  read -ra tasks <<<"$tasks"
  ((${#tasks[@]} > 0)) && [[ ${tasks[0]} != None ]] || return 0
  aws ecs describe-tasks --cluster "$CLUSTER_NAME" --tasks "${tasks[@]}" --output text --query "
    tasks[?containers[?image=='$WANTED']].[stoppedAt || '-', taskArn, taskDefinitionArn,
      (containers[?$failed] || containers[?exitCode])[0].name || '?', stoppedReason || stopCode || 'no reason given',
      join('; ', (containers[?reason || $failed] || containers[?exitCode])[].join(': ', [name,
        join(', ', [exitCode && join(' ', ['exit code', to_string(exitCode)]), reason][?@])]))]"
}

# Sets REASONS to why tasks stopped, the commonest first, three at most; COUNTS to how often, and NEWEST to the task that
# stopped last for that reason.
read_stopped_tasks() {
  local described when task revision container why said reason
  declare -gA COUNTS=() NEWEST=()
  REASONS=()
  described=$(describe_stopped_tasks) || return
  while IFS=$'\t' read -r when task revision container why said; do
    [[ -n $why && ! $why =~ $ROUTINE ]] || continue
    reason=$(sed -E "${DIFFERING[@]}" <<<"$why${said:+ ($said)}") || return
    NEWEST[$reason]=${NEWEST[$reason]:-$task $revision $container}
    COUNTS[$reason]=$((${COUNTS[$reason]:-0} + 1))
  done < <(sort -r <<<"$described")
  ((${#COUNTS[@]} > 0)) || return 0
  mapfile -t REASONS < <(for reason in "${!COUNTS[@]}"; do printf '%s %s\n' "${COUNTS[$reason]}" "$reason"; done |
    LC_ALL=C sort -k1,1nr -k2 | sed -n -e '4q' -e 's/^[0-9]* //p')
}

# Prints the last lines of the container in $1: a task, its revision and the name of the container. What never ran has none.
last_lines() {
  local task revision container driver group prefix
  read -r task revision container <<<"$1"
  [[ $container =~ ^[A-Za-z0-9_-]+$ ]] || return 0
  IFS=$'\t' read -r driver group prefix < <(aws ecs describe-task-definition --task-definition "$revision" --output text --query "
    taskDefinition.containerDefinitions[?name=='$container'] | [0].logConfiguration.[logDriver, options.\"awslogs-group\",
      options.\"awslogs-stream-prefix\"]")
  [[ $driver == awslogs && -n $prefix && $prefix != None ]] || return 0
  aws logs get-log-events --log-group-name "$group" --log-stream-name "$prefix/$container/${task##*/}" --limit 8 \
    --query 'events[].[message]' --output text
}

# Adds to TOLD what AWS said, unless the refusal says it already, and cause and fix where they are known.
tell() {
  [[ $REFUSAL == *"$1"* ]] || TOLD+=("$1")
  [[ -z $CAUSE ]] || TOLD+=("Cause: $CAUSE" "Fix: $FIX")
}

# Sets TOLD to why the delivery failed, line by line. Where tasks stopped, that they did is told by them.
explain_failure() {
  local reason text lines
  TOLD=()
  read_stopped_tasks || printf 'WARNING: cannot tell why tasks stopped\n'
  for reason in "${REASONS[@]}"; do
    find_cause "$reason"
    tell "${COUNTS[$reason]} x $reason"
  done
  if ((${#REASONS[@]} > 0)); then
    if lines=$(last_lines "${NEWEST[${REASONS[0]}]}"); then
      [[ -z $lines ]] || mapfile -t -O "${#TOLD[@]}" TOLD < <(printf 'Last lines of %s:\n' "${NEWEST[${REASONS[0]}]##* }" && sed -e '/^$/d' -e 's/^/| /' <<<"$lines" | cut -c 1-300)
    else
      printf 'WARNING: cannot read the log of the task\n'
    fi
  fi
  for text in "$DEPLOYMENT_REASON" "$ROLLOUT_REASON" "${EVENTS[@]#*$'\t'}"; do
    find_cause "$text"
    [[ -n $CAUSE ]] && ((${#REASONS[@]} == 0)) || [[ -n $CAUSE && $CAUSE != "$TOLD_BY_TASKS" && $text == "$DEPLOYMENT_REASON" ]] || continue
    tell "$text"
    break
  done
}

# Prints $1 as it stands within quotes in JSON.
json_text() {
  local LC_ALL=C text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  printf '%s' "${text//[^ -~]/?}"
}

# Tells the topic, in the form that chat clients show, who could not be told why by the pipeline.
tell_topic() {
  local what message
  [[ -n $TOPIC_ARN ]] || return 0
  what=$(printf '%s\n' "${COMMIT_ID:-The new version} was not delivered: $REFUSAL" "${TOLD[@]}" "More: npm run status")
  message=$(printf '{"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"%s","description":"%s"}}' \
    "The delivery of $SERVICE_NAME in $CLUSTER_NAME failed" "$(json_text "${what:0:6000}")")
  as_build aws sns publish --topic-arn "$TOPIC_ARN" --message "$message" --query MessageId --output text >/dev/null ||
    printf 'WARNING: cannot tell %s\n' "$TOPIC_ARN"
}

# The last that a failed delivery says.
tell_failure() {
  tell_topic
  printf 'Why it failed: %s\n' "$REFUSAL"
  ((${#TOLD[@]} == 0)) || printf '%s\n' "${TOLD[@]}"
}
