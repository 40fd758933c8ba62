# shellcheck shell=bash
# What follows a delivery that failed: why it did, and what it must not leave behind. Goes after why-failed.sh and before
# confirm-delivery.sh, whose functions and variables it uses.

show_last_events() {
  local event
  ((${#EVENTS[@]} == 0)) || printf 'Last events of the service:\n'
  for event in "${EVENTS[@]}"; do printf '  %s\n' "${event#*$'\t'}"; done
}

# Pulumi tracks the family's newest revision: a failed one must not be it. Where CodeDeploy deploys, Pulumi does not.
deregister_failed_revision() {
  local family newest
  [[ $CONTROLLER == ECS ]] || return 0
  family=${TASK_DEFINITION##*/}
  newest=$(aws ecs list-task-definitions --family-prefix "${family%:*}" --sort DESC --max-results 1 \
    --query 'taskDefinitionArns[0]' --output text) && read_image_of "$newest" || return
  if [[ $CONTAINER_IMAGE != "$WANTED" ]]; then return 0; fi
  if [[ $newest == "$TASK_DEFINITION" ]]; then
    printf 'The service still uses %s; it is not deregistered\n' "${newest##*/}"
    return
  fi
  aws ecs deregister-task-definition --task-definition "$newest" --query taskDefinition.status --output text >/dev/null &&
    printf 'Deregistered the failed revision %s\n' "${newest##*/}"
}

# Whether nothing says yet that a first delivery has failed: it may be well, only slow, or unseen.
may_be_well() {
  [[ -z $KNOWN_BAD ]] || return
  [[ -z $SEEN || ($ROLLOUT != FAILED && $RUNNING != 0) ]]
}

# Back to waiting for a first image, else a service that never worked would keep starting tasks.
stop_first_delivery() {
  local stop=(aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --desired-count 0)
  [[ -n $STARTED_FIRST ]] || return 0
  if may_be_well; then
    printf 'The first delivery may be well, so its tasks are left. Repeat this step, else the next pulumi up takes it back; or go back to no tasks: %s --region %s\n' \
      "${stop[*]}" "$AWS_REGION"
    return
  fi
  "${stop[@]}" --query service.status --output text >/dev/null && printf 'First delivery failed: back to 0 tasks\n'
}

# A rollback may have begun since the last look, so what runs is read again. Each step is tried, whatever the others do.
clean_up() {
  EVENTS=() SEEN=""
  if look read_service; then
    SEEN=yes
    show_last_events
    explain_failure
    deregister_failed_revision || printf 'WARNING: the failed revision may still be the newest; deregister it, else the next pulumi up deploys anew\n'
  else
    printf 'WARNING: cannot tell what the service runs, so no revision is deregistered\n'
  fi
  stop_first_delivery || printf 'WARNING: cannot set the desired count back to 0\n'
}
