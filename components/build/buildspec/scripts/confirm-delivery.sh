# shellcheck shell=bash
# Confirms that the service runs the wanted image, and records it; or says why not, cleans up and fails. Goes after
# ecr-image.sh, look-again.sh and image-definitions.sh.

check_settings() {
  local name
  for name in CLUSTER_NAME SERVICE_NAME CONTAINER_NAME; do
    [[ ${!name} =~ ^[A-Za-z0-9_-]+$ ]] || refuse "$name is \"${!name}\", expected letters, digits, - and _" || return
  done
  for name in DESIRED_COUNT TIMEOUT_SECONDS POLL_SECONDS; do
    [[ ${!name} =~ ^(0|[1-9][0-9]*)$ ]] || refuse "$name is \"${!name}\", expected a whole number" || return
  done
  [[ $COMMIT_ID =~ ^[A-Za-z0-9._:/-]*$ ]] || refuse "COMMIT_ID is \"$COMMIT_ID\", expected a commit id"
}

# Sets WANTED to the image that the build's file gives the container, which is the one the service must run; and DIGEST, to
# nothing where the file has a tag.
read_wanted_image() {
  read_container_image && split_image "$IMAGE" || return
  WANTED=$IMAGE
  [[ -n $DIGEST ]] || refuse_moving_tag "$WANTED" || return
  [[ -n $DIGEST ]] || ecr_place "$REPOSITORY" ||
    refuse "$WANTED is given by its tag, and $REPOSITORY is not in ECR: expected it by digest (...@sha256:...); a tag would not say which image was delivered"
}

# One line with the service and its newest deployment (CodeDeploy: its primary task set), then a line for each of the last
# five events, newest first.
SERVICE_QUERY="services[0].[
  [[status, desiredCount, deploymentController.type || 'ECS', deploymentConfiguration.strategy || 'ROLLING',
    (taskSets[?status=='PRIMARY'] || deployments[?status=='PRIMARY']) | [0].[taskDefinition,
      rolloutState || stabilityStatus || 'UNKNOWN', computedDesiredCount || desiredCount, runningCount, pendingCount,
      rolloutStateReason]][]],
  events[:5].[id, message]][]"

# Sets what SERVICE_QUERY asks for, in SERVICE_..., CONTROLLER, STRATEGY, TASK_DEFINITION, ROLLOUT..., DESIRED, RUNNING,
# PENDING, EVENTS.
read_service() {
  local answer lines
  answer=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" \
    --query "$SERVICE_QUERY" --output text) || no_answer "cannot read service $SERVICE_NAME" || return
  mapfile -t lines <<<"$answer"
  IFS=$'\t' read -r SERVICE_STATUS SERVICE_DESIRED CONTROLLER STRATEGY TASK_DEFINITION ROLLOUT DESIRED RUNNING PENDING \
    ROLLOUT_REASON <<<"${lines[0]}"
  EVENTS=("${lines[@]:1}")
  [[ $SERVICE_STATUS == ACTIVE && $TASK_DEFINITION == arn:* ]] ||
    refuse "cluster $CLUSTER_NAME has no active service $SERVICE_NAME with a deployment (its status is \"$SERVICE_STATUS\")" || return
  [[ $CONTROLLER == ECS || $CONTROLLER == CODE_DEPLOY ]] ||
    refuse "service $SERVICE_NAME has deployment controller $CONTROLLER, expected ECS or CODE_DEPLOY"
}

# AWS does not promise an order.
DEPLOYMENT_QUERY="sort_by(serviceDeployments, &createdAt)[-1].[serviceDeploymentArn, status,
  statusReason || 'no reason given']"

# Sets DEPLOYMENT to the newest service deployment's ARN, and DEPLOYMENT_STATUS, DEPLOYMENT_REASON. There may be none: AWS
# lists none with CodeDeploy, nor rolling ones from before October 2024; then they are empty.
read_deployment() {
  local answer
  DEPLOYMENT="" DEPLOYMENT_STATUS="" DEPLOYMENT_REASON=""
  [[ $CONTROLLER == ECS ]] || return 0
  answer=$(aws ecs list-service-deployments --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --max-results 100 \
    --query "$DEPLOYMENT_QUERY" --output text) || no_answer "cannot list the deployments of service $SERVICE_NAME" || return
  [[ $answer == arn:* ]] || return 0
  IFS=$'\t' read -r DEPLOYMENT DEPLOYMENT_STATUS DEPLOYMENT_REASON <<<"$answer"
  # The one from before the count was raised says nothing of the one that this has started.
  [[ $DEPLOYMENT != "$OLD_DEPLOYMENT" ]] || DEPLOYMENT_STATUS=PENDING
}

# Sets CONTAINER_IMAGE to the image that revision $1 gives the container.
read_image_of() {
  CONTAINER_IMAGE=$(aws ecs describe-task-definition --task-definition "$1" \
    --query "taskDefinition.containerDefinitions[?name=='$CONTAINER_NAME'] | [0].image" --output text) ||
    no_answer "cannot read $1"
}

expect_wanted_image() {
  look read_image_of "$TASK_DEFINITION" || return
  [[ $CONTAINER_IMAGE != "$WANTED" ]] || return 0
  KNOWN_BAD=yes
  refuse "rolled back: the service runs $CONTAINER_IMAGE (${TASK_DEFINITION##*/}), wanted was $WANTED"
}

# Sets BESIDE to yes where a task set with the wanted image stands beside the one that serves.
read_beside() {
  local answer revision
  BESIDE=""
  answer=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" \
    --query "services[0].taskSets[?status!='PRIMARY'].taskDefinition" --output text) ||
    no_answer "cannot read the task sets of service $SERVICE_NAME" || return
  for revision in $answer; do
    [[ $revision == arn:* ]] || continue
    read_image_of "$revision" || return
    [[ $CONTAINER_IMAGE != "$WANTED" ]] || BESIDE=yes
  done
}

# Where CodeDeploy has ended, another image is there to stay: do not wait for it to settle. A workflow's step may have given up
# before: what CodeDeploy brings up stands beside what serves until it serves itself, or goes.
refuse_other_task_set() {
  local deadline=$((SECONDS + TIMEOUT_SECONDS))
  [[ $CONTROLLER == CODE_DEPLOY ]] || return 0
  while look read_image_of "$TASK_DEFINITION" || return; [[ $CONTAINER_IMAGE != "$WANTED" ]]; do
    look read_beside || return
    if [[ -z $BESIDE ]]; then
      look read_service && expect_wanted_image
      return
    fi
    ((SECONDS < deadline)) ||
      refuse "CodeDeploy has not ended after $TIMEOUT_SECONDS seconds, and goes on: $WANTED does not serve yet, and is not recorded. Deliver again once it has ended, or stop it: aws deploy stop-deployment" || return
    pause
    look read_service || return
  done
}

# A new environment waits at 0 tasks for its first image. A forced deployment, so that the circuit breaker watches it; AWS
# refuses to force where CodeDeploy deploys.
start_first_delivery() {
  local force=(--force-new-deployment)
  [[ $SERVICE_DESIRED == 0 && $DESIRED_COUNT != 0 ]] || return 0
  [[ $LOOKS_AGAIN != yes ]] || refuse "the first delivery has no tasks: nothing runs that could be recorded" || return
  expect_wanted_image && look read_deployment || return
  OLD_DEPLOYMENT=$DEPLOYMENT
  [[ $CONTROLLER == ECS ]] || force=()
  printf 'First delivery: starting %s task(s)\n' "$DESIRED_COUNT"
  STARTED_FIRST=yes
  aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --desired-count "$DESIRED_COUNT" \
    "${force[@]}" --query service.status --output text >/dev/null || refuse "cannot raise the desired count"
}

# Prints the state when it has changed, and events that are new since the last call, oldest first.
show_progress() {
  local state event fresh=()
  state="Rollout $ROLLOUT${DEPLOYMENT_STATUS:+, deployment $DEPLOYMENT_STATUS}: $RUNNING running, $PENDING pending, $DESIRED desired (${TASK_DEFINITION##*/})"
  [[ $state == "$LAST_STATE" ]] || printf '%s\n' "$state"
  LAST_STATE=$state
  for event in "${EVENTS[@]}"; do
    [[ $event != "$LAST_EVENT" ]] || break
    fresh=("  ${event#*$'\t'}" "${fresh[@]}")
  done
  ((${#fresh[@]} == 0)) || printf '%s\n' "${fresh[@]}"
  LAST_EVENT=${EVENTS[0]}
}

# An old answer may still say COMPLETED at 0 tasks just after the count was raised. COMPLETED does not mean delivered: ECS
# may still be shifting traffic, or have gone back. Only a rolling deployment may be missing from the list.
has_settled() {
  [[ $ROLLOUT == COMPLETED || $ROLLOUT == STEADY_STATE ]] || return
  [[ $RUNNING == "$DESIRED" ]] && [[ $DESIRED != 0 || $DESIRED_COUNT == 0 ]] || return
  case $CONTROLLER/$STRATEGY/$DEPLOYMENT_STATUS in
    CODE_DEPLOY/* | ECS/*/SUCCESSFUL | ECS/ROLLING/) return 0 ;;
    *) return 1 ;;
  esac
}

refuse_failed_deployment() {
  case $DEPLOYMENT_STATUS in
    ROLLBACK_SUCCESSFUL | ROLLBACK_FAILED | STOPPED)
      KNOWN_BAD=yes
      refuse "the deployment ended with $DEPLOYMENT_STATUS (the service runs ${TASK_DEFINITION##*/}): $DEPLOYMENT_REASON" || return ;;
  esac
  [[ $ROLLOUT == FAILED ]] || return 0
  KNOWN_BAD=yes
  refuse "the deployment failed: $ROLLOUT_REASON"
}

# Has ECS go back where nothing else would: a pipeline's stage does by itself, and a rolling deployment has a circuit breaker.
stop_deployment() {
  [[ $STOP_DEPLOYMENT == yes && $DEPLOYMENT_STATUS == IN_PROGRESS ]] || return
  printf '%s: stopping deployment %s\n' "$1" "${DEPLOYMENT##*/}"
  aws ecs stop-service-deployment --service-deployment-arn "$DEPLOYMENT" --stop-type ROLLBACK \
    --query serviceDeploymentArn --output text >/dev/null
}

await_rollout() {
  local deadline=$((SECONDS + TIMEOUT_SECONDS)) late=""
  while look read_service && look read_deployment; do
    show_progress
    if has_settled; then return 0; fi
    refuse_failed_deployment || return
    if ((SECONDS >= deadline)); then
      [[ -z $late ]] || refuse "$late" || return
      late="not settled after $TIMEOUT_SECONDS seconds: rollout $ROLLOUT, deployment ${DEPLOYMENT_STATUS:-not listed}, $RUNNING of $DESIRED task(s) running"
      stop_deployment "$late" || refuse "$late" || return
      deadline=$((SECONDS + TIMEOUT_SECONDS))
    fi
    pause
  done
  return 1
}

# Sets DELIVERED to the image that runs, by digest. Where the build gave a tag, the tasks must run what the tag stands for:
# it may have moved since they started.
pin_delivered() {
  local tasks digests digest
  DELIVERED=$REPOSITORY@$DIGEST
  [[ -z $DIGEST ]] || return 0
  ecr_place "$REPOSITORY" && digest=$(digest_in_ecr "imageTag=$TAG") && [[ $digest == sha256:* ]] ||
    no_answer "cannot find the digest of $WANTED: ECR answered \"$digest\"" || return
  DELIVERED=$REPOSITORY@$digest
  tasks=$(aws ecs list-tasks --cluster "$CLUSTER_NAME" --service-name "$SERVICE_NAME" --desired-status RUNNING \
    --max-results 100 --query 'taskArns' --output text) || no_answer "cannot list the tasks of $SERVICE_NAME" || return
  read -ra tasks <<<"$tasks"
  if ((${#tasks[@]} > 0)) && [[ ${tasks[0]} != None ]]; then
    digests=$(aws ecs describe-tasks --cluster "$CLUSTER_NAME" --tasks "${tasks[@]}" --output text --query "
      tasks[?taskDefinitionArn=='$TASK_DEFINITION'].containers[] | [?name=='$CONTAINER_NAME' && imageDigest].imageDigest") ||
      no_answer "cannot read the tasks of $SERVICE_NAME" || return
    expect_tag_of_tasks "$digest" "$digests" || return
  fi
  DIGEST=$digest
}

# Fails unless the tasks' digests, $2, are those of the image that the tag stands for now, $1.
expect_tag_of_tasks() {
  local digest
  for digest in $2; do
    [[ $digest == sha256:* && $digest != "$1" ]] || continue
    read_manifest "$1" || no_answer "cannot read the manifest of $DELIVERED" || return
    # The tasks may know an image for several platforms by that of their own.
    [[ ${MANIFEST//[[:space:]]/} == *'"manifests":['*"\"digest\":\"$digest\""* ]] ||
      refuse "$WANTED is $1 now, but tasks run $digest: the tag has moved since they started. Give every build a tag of its own (the commit)" || return
  done
}

# Sets RECORD_VERSION and RECORD to the newest record.
read_record() {
  local answer
  if answer=$(aws ssm get-parameter --name "$DELIVERED_IMAGE_PARAMETER" --query '[Parameter.Version, Parameter.Value]' \
    --output text 2>&1); then
    IFS=$'\t' read -r RECORD_VERSION RECORD <<<"$answer"
  elif [[ $answer == *"(ParameterNotFound)"* ]]; then
    RECORD_VERSION=0 RECORD=""
  else
    no_answer "cannot read the record before this one, $DELIVERED_IMAGE_PARAMETER: $answer"
  fi
}

# Two deliveries may be confirmed at once, and the older one last: what is recorded must be what runs, and never goes back
# from a newer delivery to an older one.
expect_newest() {
  look read_service && look read_image_of "$TASK_DEFINITION" && look read_record || return
  [[ $CONTAINER_IMAGE == "$WANTED" ]] ||
    refuse "the service has gone on to $CONTAINER_IMAGE (${TASK_DEFINITION##*/}) while this delivery was confirmed: that one is recorded by its own confirmation" || return
  [[ $RECORD =~ \"deliveredAt\":\"([0-9TZ:-]+)\" && ${BASH_REMATCH[1]} > $BEGAN && $RECORD != *"\"image\":\"$DELIVERED\""* ]] ||
    return 0
  refuse "a newer delivery was recorded while this one was confirmed, and stays recorded: $RECORD"
}

# Each try looks again: parameters cannot be written on a condition.
put_record() {
  local record version
  expect_newest || return
  record=$(printf '{"image":"%s","commit":"%s","deliveredAt":"%s"}' "$DELIVERED" "$COMMIT_ID" "$(date -u +%Y-%m-%dT%H:%M:%SZ)")
  version=$(aws ssm put-parameter --name "$DELIVERED_IMAGE_PARAMETER" --type String --overwrite --value "$record" \
    --query Version --output text) || no_answer "cannot write $DELIVERED_IMAGE_PARAMETER" || return
  [[ ! $version =~ ^[0-9]+$ || $version == $((RECORD_VERSION + 1)) ]] ||
    refuse "another delivery was recorded at the same moment, as version $((RECORD_VERSION + 1)) of $DELIVERED_IMAGE_PARAMETER; this one is version $version: repeat the step of the delivery that runs"
}

record_delivery() {
  printf 'Delivered: %s\n' "$DELIVERED"
  [[ -n $DELIVERED_IMAGE_PARAMETER ]] || return 0
  look put_record ||
    refuse "deployed, but not recorded in $DELIVERED_IMAGE_PARAMETER: repeat this step, else the next pulumi up takes the delivery back" ||
    return
  printf 'Recorded in %s\n' "$DELIVERED_IMAGE_PARAMETER"
}

# What runs is recorded already: without a key a passport that cannot be written is no reason to call the delivery a failure.
record_passport() {
  [[ -n $PASSPORT_STACK && -n $DELIVERED_IMAGE_PARAMETER ]] || return 0
  write_passport "$(passport_beside "$DELIVERED_IMAGE_PARAMETER")" delivered "$DELIVERED" && return
  if [[ -z $PASSPORT_KEY ]]; then
    printf 'WARNING: delivered, but without a passport\n'
    return 0
  fi
  refuse "delivered, but without the signed passport that this stack asks for: repeat this step"
}

# Gives the image a tag that lifecycle policies keep longer: ECR does not know what runs. By digest, so it never moves.
protect_image() {
  local answer
  [[ -n $RELEASED_TAG_PREFIX ]] || return 0
  ecr_place "$REPOSITORY" || refuse "$DELIVERED is not in ECR, and cannot be tagged" || return
  read_manifest "$DIGEST" || refuse "cannot read the manifest of $DELIVERED" || return
  answer=$(tag_manifest "$DIGEST" "$RELEASED_TAG_PREFIX${DIGEST:7:12}") && return
  # Delivered before, and tagged then.
  [[ $answer == *ImageAlreadyExistsException* ]] || refuse "cannot tag $DELIVERED as released: $answer"
}

# What has begun to be recorded is recorded whole: commands that are started here heed no signal either.
record_whole() {
  local status=0
  trap '' HUP INT TERM
  look pin_delivered && protect_image && record_delivery && record_passport || status=$?
  trap - HUP INT TERM
  return "$status"
}

deliver_and_record() {
  BEGAN=$(date -u +%Y-%m-%dT%H:%M:%SZ) KNOWN_BAD="" STARTED_FIRST="" OLD_DEPLOYMENT=""
  check_settings && read_wanted_image && look read_service || return
  LAST_EVENT=${EVENTS[0]}
  # A build that is stopped ends here too.
  trap 'printf "Stopped before the delivery was confirmed: nothing is recorded\n"; clean_up; exit 143' HUP INT TERM
  if refuse_other_task_set && start_first_delivery && await_rollout && expect_wanted_image; then
    # The new version runs: when one of these fails, there is nothing to clean up.
    record_whole
  else
    trap - HUP INT TERM
    clean_up
    return 1
  fi
}

# What has failed stays failed, whatever can be told of it.
confirm_delivery() {
  REFUSAL="" TOLD=() DEPLOYMENT_REASON="" ROLLOUT_REASON=""
  deliver_and_record && return
  tell_failure
  return 1
}

set -o pipefail
confirm_delivery
