# shellcheck shell=bash
# Waits until a deployment that has been started has come to an end, whatever end: confirm-delivery.sh says which. Several services
# are deployed at the same time so. An answer that does not come says nothing, and is asked for again.

# Whether the deployment goes on: by CodeDeploy the one with DEPLOYMENT_ID, else whatever the service is doing.
goes_on() {
  local answer
  if [[ -n $DEPLOYMENT_ID ]]; then
    answer=$(aws deploy get-deployment --deployment-id "$DEPLOYMENT_ID" --query deploymentInfo.status --output text) || return 0
    [[ $answer != Succeeded && $answer != Failed && $answer != Stopped ]]
  else
    answer=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" \
      --query 'services[0].[length(deployments), runningCount, desiredCount]' --output text) || return 0
    # One deployment, and as many tasks as it shall have.
    [[ ! $answer =~ ^1$'\t'([0-9]+)$'\t'([0-9]+)$ || ${BASH_REMATCH[1]} != "${BASH_REMATCH[2]}" ]]
  fi
}

await_deployment() {
  local deadline=$((STARTED_AT + TIMEOUT_SECONDS))
  while goes_on; do
    if ((EPOCHSECONDS >= deadline)); then
      printf 'The deployment of %s has not ended after %s seconds: its confirmation says what becomes of it\n' \
        "$SERVICE_NAME" "$TIMEOUT_SECONDS"
      return
    fi
    sleep "${POLL_SECONDS:-10}"
  done
  printf 'The deployment of %s has ended\n' "$SERVICE_NAME"
}

await_deployment
