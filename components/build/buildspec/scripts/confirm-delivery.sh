# shellcheck shell=bash
# Confirms that the service runs the wanted image, and records it; or says why not, cleans up and fails. Goes after
# ecr-image.sh and image-definitions.sh.

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
    --query "$SERVICE_QUERY" --output text) || refuse "cannot read service $SERVICE_NAME" || return
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
    --query "$DEPLOYMENT_QUERY" --output text) || refuse "cannot list the deployments of service $SERVICE_NAME" || return
  [[ $answer == arn:* ]] || return 0
  IFS=$'\t' read -r DEPLOYMENT DEPLOYMENT_STATUS DEPLOYMENT_REASON <<<"$answer"
  # The one from before the count was raised says nothing of the one that this has started.
  [[ $DEPLOYMENT != "$OLD_DEPLOYMENT" ]] || DEPLOYMENT_STATUS=PENDING
}

# Prints the image that a revision gives the container.
image_of() {
  aws ecs describe-task-definition --task-definition "$1" \
    --query "taskDefinition.containerDefinitions[?name=='$CONTAINER_NAME'] | [0].image" --output text
}

expect_wanted_image() {
  local image
  image=$(image_of "$TASK_DEFINITION") || refuse "cannot read $TASK_DEFINITION" || return
  [[ $image == "$WANTED" ]] || refuse "rolled back: the service runs $image (${TASK_DEFINITION##*/}), wanted was $WANTED"
}

# CodePipeline's action has waited for CodeDeploy, so another image now is there to stay: do not wait for it to settle.
refuse_other_task_set() {
  [[ $CONTROLLER != CODE_DEPLOY ]] || expect_wanted_image
}

# A new environment waits at 0 tasks for its first image. A forced deployment, so that the circuit breaker watches it; AWS
# refuses to force where CodeDeploy deploys.
start_first_delivery() {
  local force=(--force-new-deployment)
  [[ $SERVICE_DESIRED == 0 && $DESIRED_COUNT != 0 ]] || return 0
  expect_wanted_image && read_deployment || return
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
      refuse "the deployment ended with $DEPLOYMENT_STATUS (the service runs ${TASK_DEFINITION##*/}): $DEPLOYMENT_REASON" || return ;;
  esac
  [[ $ROLLOUT != FAILED ]] || refuse "the deployment failed: $ROLLOUT_REASON"
}

await_rollout() {
  local deadline=$((SECONDS + TIMEOUT_SECONDS))
  while read_service && read_deployment; do
    show_progress
    if has_settled; then return 0; fi
    refuse_failed_deployment || return
    ((SECONDS < deadline)) ||
      refuse "not settled after $TIMEOUT_SECONDS seconds: rollout $ROLLOUT, deployment ${DEPLOYMENT_STATUS:-not listed}, $RUNNING of $DESIRED task(s) running" || return
    sleep "$POLL_SECONDS"
  done
  return 1
}

# Sets DELIVERED to the image that runs, by digest. Where the build gave a tag, the tasks must run what the tag stands for:
# it may have moved since they started.
pin_delivered() {
  local tasks digests digest
  DELIVERED=$REPOSITORY@$DIGEST
  [[ -z $DIGEST ]] || return 0
  ecr_place "$REPOSITORY" && DIGEST=$(digest_in_ecr "imageTag=$TAG") && [[ $DIGEST == sha256:* ]] ||
    refuse "cannot find the digest of $WANTED: ECR answered \"$DIGEST\"" || return
  DELIVERED=$REPOSITORY@$DIGEST
  tasks=$(aws ecs list-tasks --cluster "$CLUSTER_NAME" --service-name "$SERVICE_NAME" --desired-status RUNNING \
    --max-results 100 --query 'taskArns' --output text) || refuse "cannot list the tasks of $SERVICE_NAME" || return
  read -ra tasks <<<"$tasks"
  ((${#tasks[@]} > 0)) && [[ ${tasks[0]} != None ]] || return 0
  digests=$(aws ecs describe-tasks --cluster "$CLUSTER_NAME" --tasks "${tasks[@]}" --output text --query "
    tasks[?taskDefinitionArn=='$TASK_DEFINITION'].containers[] | [?name=='$CONTAINER_NAME' && imageDigest].imageDigest") ||
    refuse "cannot read the tasks of $SERVICE_NAME" || return
  for digest in $digests; do
    [[ $digest == sha256:* && $digest != "$DIGEST" ]] || continue
    read_manifest "$DIGEST" || refuse "cannot read the manifest of $DELIVERED" || return
    # The tasks may know an image for several platforms by that of their own.
    [[ ${MANIFEST//[[:space:]]/} == *'"manifests":['*"\"digest\":\"$digest\""* ]] ||
      refuse "$WANTED is $DIGEST now, but tasks run $digest: the tag has moved since they started. Give every build a tag of its own (the commit)" || return
  done
}

record_delivery() {
  local record
  printf 'Delivered: %s\n' "$DELIVERED"
  [[ -n $DELIVERED_IMAGE_PARAMETER ]] || return 0
  record=$(printf '{"image":"%s","commit":"%s","deliveredAt":"%s"}' "$DELIVERED" "$COMMIT_ID" "$(date -u +%Y-%m-%dT%H:%M:%SZ)")
  aws ssm put-parameter --name "$DELIVERED_IMAGE_PARAMETER" --type String --overwrite --value "$record" >/dev/null ||
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

deliver_and_record() {
  check_settings && read_wanted_image && read_service || return
  LAST_EVENT=${EVENTS[0]} STARTED_FIRST="" OLD_DEPLOYMENT=""
  if refuse_other_task_set && start_first_delivery && await_rollout && expect_wanted_image; then
    # The new version runs: when one of these fails, there is nothing to clean up.
    pin_delivered && protect_image && record_delivery && record_passport
  else
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
