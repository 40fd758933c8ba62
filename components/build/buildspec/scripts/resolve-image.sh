# shellcheck shell=bash
# Finds the digest of the image that someone's own build pushed, before anything is deployed. Sets IMAGE_URI, IMAGE_TAG and
# IMAGE_DIGEST, and DEFINITIONS to imagedefinitions.json with the digest. Goes after image-definitions.sh.
# The build's other commands share this shell: functions return, nothing exits.

check_settings() {
  [[ $CONTAINER_NAME =~ ^[A-Za-z0-9_-]+$ ]] ||
    refuse "CONTAINER_NAME is \"$CONTAINER_NAME\", expected the name in the task definition: letters, digits, - and _" || return
  [[ $IMAGE_REPOSITORY_URI =~ ^[a-z0-9-]+[.:][a-z0-9.:-]*/[a-z0-9._/-]+$ ]] ||
    refuse "IMAGE_REPOSITORY_URI is \"$IMAGE_REPOSITORY_URI\", expected <registry>/<repository> without a tag" || return
  [[ $OTHER_CONTAINERS =~ ^(keep|refuse)$ ]] || refuse "OTHER_CONTAINERS is \"$OTHER_CONTAINERS\", expected keep or refuse"
}

# Prints a repository with its registry: Docker takes a name without one for Docker Hub's.
with_registry() {
  local name=$1
  [[ ${name%%/*} == *[.:]* ]] || name=docker.io/$name
  printf '%s' "${name/#index.docker.io\//docker.io/}"
}

check_repository() {
  [[ $(with_registry "$REPOSITORY") == "$IMAGE_REPOSITORY_URI" ]] ||
    refuse "the build pushed to $REPOSITORY, but this service's repository is $IMAGE_REPOSITORY_URI: push to \$IMAGE_REPOSITORY_URI, or set services[].repository to { existing: <the one you push to> }"
}

# The other containers' images are the stack file's where the service is this stack's: the next pulumi up would undo them.
check_others() {
  local i
  for i in "${!CONTAINERS[@]}"; do
    [[ ${CONTAINERS[i]} != "$CONTAINER_NAME" ]] || continue
    [[ $OTHER_CONTAINERS == keep ]] ||
      refuse "imagedefinitions.json names an image for container ${CONTAINERS[i]}, whose image is the stack file's (services[].sidecars): leave its entry out" || return
    [[ ${IMAGES[i]} != "$IMAGE" ]] || continue
    split_image "${IMAGES[i]}" || return
    [[ -n $DIGEST ]] || CONTAINER_NAME=${CONTAINERS[i]} refuse_moving_tag "${IMAGES[i]}" || return
  done
}

log_in() {
  [[ -n $DOCKER_USER && -n $DOCKER_PASSWORD ]] || return 0
  printf '%s' "$DOCKER_PASSWORD" | docker login --username "$DOCKER_USER" --password-stdin "${IMAGE_REPOSITORY_URI%%/*}" ||
    refuse "cannot log in to ${IMAGE_REPOSITORY_URI%%/*} as DOCKER_USER with DOCKER_PASSWORD"
}

# Sets IMAGE_DIGEST to the digest that the registry has for the image.
find_digest() {
  local answer
  if ecr_place "$IMAGE_REPOSITORY_URI"; then
    answer=$(digest_in_ecr "${DIGEST:+imageDigest=}${DIGEST:-imageTag=$TAG}") || refuse "cannot ask ECR for $IMAGE" || return
  else
    log_in || return
    # As JSON: older versions of buildx answer every template that begins with .Manifest with the whole table.
    answer=$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$IMAGE_REPOSITORY_URI${DIGEST:+@}${DIGEST:-:$TAG}") ||
      refuse "cannot ask ${IMAGE_REPOSITORY_URI%%/*} for $IMAGE; the build must push it before it ends" || return
  fi
  [[ $answer =~ sha256:[0-9a-f]{64} ]] ||
    refuse "$IMAGE is not in its repository (the answer was \"$answer\"): the build must push it before it ends" || return
  IMAGE_DIGEST=${BASH_REMATCH[0]}
}

# Sets SERVICE_FOLDER to where taskdef.json and appspec.yaml are: what the build has left goes before what the source has.
choose_templates() {
  local folder=CODEBUILD_SRC_DIR_$TEMPLATE_ARTIFACT
  if [[ -z $TEMPLATE_ARTIFACT || -e taskdef.json ]]; then
    SERVICE_FOLDER=.
  else
    SERVICE_FOLDER=${!folder}/$SERVICE_FOLDER
  fi
}

resolve_image() {
  local old new
  check_settings && check_additional_tag && read_container_image && check_others && split_image "$IMAGE" && check_repository || return
  [[ -n $DIGEST ]] || refuse_moving_tag "$IMAGE" || return
  find_digest && add_tag "$IMAGE_REPOSITORY_URI" "$IMAGE_DIGEST" || return
  IMAGE_URI="$IMAGE_REPOSITORY_URI@$IMAGE_DIGEST" IMAGE_TAG=$TAG
  old="\"$IMAGE\"" new="\"$IMAGE_URI\""
  DEFINITIONS=${DEFINITIONS//"$old"/"$new"}
  export IMAGE_URI IMAGE_TAG IMAGE_DIGEST
  choose_templates
  printf '%s is %s\n' "$IMAGE" "$IMAGE_URI"
}

set -o pipefail
resolve_image
