# shellcheck shell=bash
# Runs a command in a task of the new image before that image is deployed, and fails where the command does. Goes after
# ecr-image.sh, look-again.sh and image-definitions.sh. The revision is one of a family of its own and does not stay: neither a deployment
# nor pulumi up can take it for the service's.

check_settings() {
  local name
  for name in CLUSTER_NAME CONTAINER_NAME TASK_FAMILY; do
    [[ ${!name} =~ ^[A-Za-z0-9_-]+$ ]] || refuse "$name is \"${!name}\", expected letters, digits, - and _" || return
  done
  for name in TIMEOUT_SECONDS POLL_SECONDS; do
    [[ ${!name} =~ ^(0|[1-9][0-9]*)$ ]] || refuse "$name is \"${!name}\", expected a whole number" || return
  done
  [[ $RUN_TASK == "{"*"}" ]] || refuse "RUN_TASK is \"$RUN_TASK\", expected what ecs run-task takes, as JSON"
}

# Sets DEFINITION to what a release registers, with the new image: the settings of the stack; where CodeDeploy deploys, the
# template that the build has left.
read_definition() {
  local from=${TASK_DEFINITION_FILE:-taskdef.json}
  if [[ -n $TASK_DEFINITION_PARAMETER ]]; then
    from="SSM parameter $TASK_DEFINITION_PARAMETER"
    DEFINITION=$(aws ssm get-parameter --name "$TASK_DEFINITION_PARAMETER" --query Parameter.Value --output text) ||
      refuse "cannot read $from" || return
  else
    DEFINITION=$(cat "$from") || refuse "the build left no $from" || return
  fi
  [[ $DEFINITION == *"<IMAGE1_NAME>"* ]] || refuse "$from has no <IMAGE1_NAME>, which stands for the image" || return
  DEFINITION=${DEFINITION//"<IMAGE1_NAME>"/"$IMAGE"}
}

# What stands beside the JSON goes before what stands in it.
register_revision() {
  REVISION=$(aws ecs register-task-definition --family "$TASK_FAMILY" --cli-input-json "$DEFINITION" \
    --query taskDefinition.taskDefinitionArn --output text) && [[ $REVISION == arn:* ]] ||
    refuse "cannot register a revision of $TASK_FAMILY"
}

# An answer without a task says why there is none.
start_task() {
  TASK=$(aws ecs run-task --task-definition "$REVISION" --cli-input-json "$RUN_TASK" \
    --query '[tasks[0].taskArn, failures[0].reason]' --output text) || refuse "cannot start the task" || return
  [[ $TASK == arn:* ]] || refuse "ECS cannot start the task: ${TASK#*$'\t'}" || return
  TASK=${TASK%%$'\t'*}
  printf 'Task %s runs %s\n' "${TASK##*/}" "$IMAGE"
}

# Sets STATUS, EXIT_CODE and REASON. Just after its start ECS may not know the task yet.
read_task() {
  local answer
  answer=$(aws ecs describe-tasks --cluster "$CLUSTER_NAME" --tasks "$TASK" --output text --query "tasks[0].[lastStatus,
    containers[?name=='$CONTAINER_NAME'] | [0].exitCode, join('; ', [stoppedReason || 'no reason given',
      containers[?reason || exitCode].join(' ', [name, exitCode && join(' ', ['exit code', to_string(exitCode)]), reason][?@])][])]") ||
    no_answer "cannot read task ${TASK##*/}" || return
  IFS=$'\t' read -r STATUS EXIT_CODE REASON <<<"$answer"
}

# Prints what the container has written since the last call. The token of the last page is that of the next call.
show_log() {
  local answer lines
  [[ -n $LOG_GROUP ]] || return 0
  while answer=$(aws logs get-log-events --log-group-name "$LOG_GROUP" \
    --log-stream-name "$CONTAINER_NAME/$CONTAINER_NAME/${TASK##*/}" --start-from-head ${NEXT_PAGE:+--next-token "$NEXT_PAGE"} \
    --query '[[[nextForwardToken]], events[].[message]][]' --output text); do
    mapfile -t lines <<<"$answer"
    NEXT_PAGE=${lines[0]}
    ((${#lines[@]} > 1)) || return 0
    printf '  %s\n' "${lines[@]:1}"
  done
  return 1
}

# There is no log before the container has started, and its last lines may come after its end.
await_task() {
  local deadline=$((SECONDS + TIMEOUT_SECONDS))
  while look read_task; do
    [[ $STATUS != STOPPED ]] || break
    show_log 2>/dev/null
    ((SECONDS < deadline)) ||
      refuse "not ended after $TIMEOUT_SECONDS seconds (services[].beforeDeployment.timeoutInMinutes): the task is $STATUS" || return
    pause
  done
  [[ $STATUS == STOPPED ]] || return
  pause
  show_log || printf 'WARNING: no log of the task in %s\n' "$LOG_GROUP"
}

expect_success() {
  [[ $EXIT_CODE == 0 ]] || refuse "the command failed, and nothing is deployed: $REASON"
}

# Nothing that this has started may go on, whatever has ended it.
clean_up() {
  if [[ $TASK == arn:* && $STATUS != STOPPED ]]; then
    aws ecs stop-task --cluster "$CLUSTER_NAME" --task "${TASK%%$'\t'*}" --reason "The step before the deployment ended" \
      --query task.desiredStatus --output text >/dev/null && printf 'Stopped the task\n' ||
      printf 'WARNING: cannot stop task %s; stop it, else it goes on\n' "${TASK%%$'\t'*}"
  fi
  [[ $REVISION != arn:* ]] ||
    aws ecs deregister-task-definition --task-definition "$REVISION" --query taskDefinition.status --output text >/dev/null ||
    printf 'WARNING: cannot deregister %s, which nothing uses\n' "${REVISION##*/}"
}

# A build that is stopped ends here too.
run_before_deployment() {
  local status=0
  REVISION="" TASK="" STATUS="" NEXT_PAGE=""
  trap 'clean_up; exit 143' HUP INT TERM
  check_settings && read_container_image && split_image "$IMAGE" && read_definition && register_revision && start_task &&
    await_task && expect_success || status=1
  trap - HUP INT TERM
  clean_up
  return "$status"
}

set -o pipefail
run_before_deployment
