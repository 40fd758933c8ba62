# shellcheck shell=bash
# What a deployment by a workflow is made of: the revision that the service uses, and the image that its containers get. Sets
# IMAGE, CONTAINERS (with a comma between), REVISION or, where CodeDeploy deploys, TASK_DEFINITION, a file. Goes after
# ecr-image.sh and image-definitions.sh.

# Sets BEFORE_IMAGE and BEFORE_COMMIT to what was delivered last; to nothing where nothing was, or nobody records it. The same image
# again has nothing before it that could be brought back.
read_record() {
  local record
  BEFORE_IMAGE="" BEFORE_COMMIT=""
  [[ -n $DELIVERED_IMAGE_PARAMETER ]] || return 0
  record=$(aws ssm get-parameter --name "$DELIVERED_IMAGE_PARAMETER" --query Parameter.Value --output text) ||
    refuse "cannot read SSM parameter $DELIVERED_IMAGE_PARAMETER, the record of what was delivered" || return
  if [[ $record =~ \"image\":\"([A-Za-z0-9._:/-]+@sha256:[0-9a-f]{64})\" ]]; then BEFORE_IMAGE=${BASH_REMATCH[1]}; fi
  if [[ $record =~ \"commit\":\"([A-Za-z0-9._:/-]+)\" ]]; then BEFORE_COMMIT=${BASH_REMATCH[1]}; fi
}

# GitHub's action gives one image to containers: a build of this program makes no other.
read_containers() {
  local i
  read_image_definitions || return
  IMAGE=${IMAGES[0]:-}
  [[ -n $IMAGE ]] || refuse "$IMAGE_DEFINITIONS names no image" || return
  for i in "${!IMAGES[@]}"; do
    [[ ${IMAGES[i]} == "$IMAGE" ]] || refuse "$IMAGE_DEFINITIONS names two images, $IMAGE and ${IMAGES[i]}; expected one" || return
  done
  CONTAINERS=$(IFS=, && printf '%s' "${CONTAINERS[*]}")
}

# The revision that the service uses carries the settings of the stack, as CodePipeline's own action takes them.
read_revision() {
  REVISION=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" \
    --query 'services[0].taskDefinition' --output text) && [[ $REVISION == arn:* ]] ||
    refuse "cluster $CLUSTER_NAME has no service $SERVICE_NAME with a task definition: \"$REVISION\""
}

# Where CodeDeploy deploys, the template has the settings.
fill_template() {
  local template
  template=$(cat "$TASK_DEFINITION_FILE") || refuse "the build left no $TASK_DEFINITION_FILE" || return
  [[ $template == *"<IMAGE1_NAME>"* ]] ||
    refuse "$TASK_DEFINITION_FILE has no <IMAGE1_NAME>, which stands for the image" || return
  TASK_DEFINITION=$PWD/task-definition-$SERVICE_NAME.json
  printf '%s\n' "${template//"<IMAGE1_NAME>"/"$IMAGE"}" >"$TASK_DEFINITION"
}

prepare_deployment() {
  read_record && read_containers || return
  printf 'Image: %s\nBefore: %s\n' "$IMAGE" "${BEFORE_IMAGE:-nothing that was recorded}"
  [[ $BEFORE_IMAGE != "$IMAGE" ]] || BEFORE_IMAGE=""
  if [[ -n $TASK_DEFINITION_FILE ]]; then fill_template; else read_revision; fi
}

prepare_deployment
