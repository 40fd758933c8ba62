# shellcheck shell=bash
# Builds and pushes the revision's image, or finds it. Sets IMAGE_URI, IMAGE_TAG and IMAGE_DIGEST.
# The build's other commands share this shell: functions return, nothing exits.

refuse() {
  printf 'ERROR: %s\n' "$1" >&2
  return 1
}

check_settings() {
  read_revision || return
  if [[ $IMAGE_REPOSITORY_URI =~ ^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/([a-z0-9._/-]+)$ ]]; then
    REGISTRY=ECR
    REGISTRY_ID=${BASH_REMATCH[1]}
    REGISTRY_REGION=${BASH_REMATCH[2]}
    REPOSITORY_NAME=${BASH_REMATCH[4]}
    NO_IMAGE="(ImageNotFoundException)"
  # A first part without a dot or a port is no registry but an account at Docker Hub.
  elif [[ $IMAGE_REPOSITORY_URI =~ ^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]+)?)/([a-z0-9._/-]+)$ && ${BASH_REMATCH[1]} == *[.:]* ]]; then
    REGISTRY=${BASH_REMATCH[1]}
    REPOSITORY_NAME=${BASH_REMATCH[4]}
    NO_IMAGE="ERROR: $IMAGE_REPOSITORY_URI:$IMAGE_TAG: not found"
    [[ -n $DOCKER_USER && -n $DOCKER_PASSWORD ]] ||
      refuse "DOCKER_USER and DOCKER_PASSWORD: $REGISTRY asks who pushes; give both to the build project, from a parameter or a secret"
  else
    refuse "IMAGE_REPOSITORY_URI is \"$IMAGE_REPOSITORY_URI\", expected <account>.dkr.ecr.<region>.amazonaws.com/<name>, or <registry host>/<name> for another registry (docker.io/<account>/<name>), without a tag"
  fi
}

read_revision() {
  IMAGE_TAG=${SOURCE_REVISION:-$CODEBUILD_RESOLVED_SOURCE_VERSION}
  if [[ -z $SOURCE_REVISION ]]; then
    [[ $IMAGE_TAG =~ ^[0-9a-f]{40}$ ]] ||
      refuse "CODEBUILD_RESOLVED_SOURCE_VERSION is \"$IMAGE_TAG\", expected a commit id of 40 hexadecimal digits, which becomes the image's tag; start this build from a git source (CodeCommit or a connection), or name the revision in SOURCE_REVISION: an S3 source has no commit"
  else
    # The version of an S3 object may begin as no tag does.
    [[ $IMAGE_TAG != [.-]* ]] || IMAGE_TAG=_$IMAGE_TAG
    [[ $IMAGE_TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] ||
      refuse "SOURCE_REVISION is \"$SOURCE_REVISION\", expected at most 128 letters, digits and . _ -: it becomes the image's tag"
  fi
}

describe_images() {
  aws ecr describe-images --region "$REGISTRY_REGION" --registry-id "$REGISTRY_ID" \
    --repository-name "$REPOSITORY_NAME" "$@" 2>&1
}

ask_for_digest() {
  if [[ $REGISTRY == ECR ]]; then
    describe_images --image-ids "imageTag=$IMAGE_TAG" --query 'imageDetails[0].imageDigest' --output text
  else
    # Without "json" the digest would come with a table around it.
    docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$IMAGE_REPOSITORY_URI:$IMAGE_TAG" 2>&1
  fi
}

# Sets IMAGE_DIGEST to the digest of the revision's image; to nothing when the repository has no such image.
find_image() {
  local answer
  IMAGE_DIGEST=""
  if answer=$(ask_for_digest); then
    [[ $answer =~ sha256:[0-9a-f]{64} ]] || refuse "$REGISTRY gave \"$answer\" as the digest of $IMAGE_TAG, expected sha256:..." || return
    IMAGE_DIGEST=${BASH_REMATCH[0]}
  elif [[ $answer != *"$NO_IMAGE"* ]]; then
    # Only this one failure means that there is no image; taking another for it would build and push for nothing.
    refuse "cannot tell whether $REPOSITORY_NAME has $IMAGE_TAG: $answer"
  fi
}

# Sets CACHE_OPTIONS to where layers of former builds are: the newest image in the repository, whatever its tag, because most
# of its layers are this build's too. Only ECR says which that is. What a host or a Docker server keeps, it finds by itself.
find_cache() {
  local answer
  CACHE_OPTIONS=()
  case $BUILD_CACHE in
    registry) CACHE_OPTIONS=(--build-arg BUILDKIT_INLINE_CACHE=1) ;;
    local | dockerServer) return ;;
    none)
      CACHE_OPTIONS=(--no-cache)
      return
      ;;
    *) refuse "BUILD_CACHE is \"$BUILD_CACHE\", expected registry, local, dockerServer or none" || return ;;
  esac
  [[ $REGISTRY == ECR ]] || return 0
  # As JSON, because text output would apply the query to every page of a long answer.
  answer=$(describe_images --query 'sort_by(imageDetails, &imagePushedAt)[-1].imageDigest' --output json) ||
    refuse "cannot list the images of $REPOSITORY_NAME: $answer" || return
  if [[ $answer =~ sha256:[0-9a-f]{64} ]]; then
    CACHE_OPTIONS+=(--cache-from "$IMAGE_REPOSITORY_URI@${BASH_REMATCH[0]}")
  fi
}

log_in_to_ecr() {
  aws ecr get-login-password --region "$REGISTRY_REGION" |
    docker login --username AWS --password-stdin "${IMAGE_REPOSITORY_URI%%/*}" ||
    refuse "cannot log in to ${IMAGE_REPOSITORY_URI%%/*}" || return
  # Base images from Docker Hub then count for this account, not for an address that many builds share.
  [[ -z $DOCKER_USER || -z $DOCKER_PASSWORD ]] || log_in_to docker.io
}

# printf belongs to the shell, so no list of processes shows the password.
log_in_to() {
  printf '%s' "$DOCKER_PASSWORD" | docker login --username "$DOCKER_USER" --password-stdin "$1" ||
    refuse "cannot log in to $1 as DOCKER_USER with DOCKER_PASSWORD"
}

# Sets BUILD_OPTIONS to what the stack says of the build: names are listed, values stand in variables of their own, so that
# none of them is one of this shell's.
read_build_options() {
  local name value
  BUILD_OPTIONS=()
  for name in $BUILD_ARGUMENTS; do
    value=ARG_$name
    BUILD_OPTIONS+=(--build-arg "$name=${!value}")
  done
  for name in $BUILD_SECRETS; do
    value=SECRET_$name
    [[ -n ${!value} ]] || refuse "build.secrets.$name: the parameter or secret is empty" || return
    BUILD_OPTIONS+=(--secret "id=$name,env=SECRET_$name")
  done
  [[ -z $BUILD_TARGET ]] || BUILD_OPTIONS+=(--target "$BUILD_TARGET")
}

# Base images may be in registries of ECR in other accounts and regions.
log_in_for_base_images() {
  local repository host
  for repository in $BASE_REPOSITORIES $PULL_THROUGH_CACHES; do
    host=${repository%%/*}
    [[ $host != "${IMAGE_REPOSITORY_URI%%/*}" || $REGISTRY != ECR ]] || continue
    aws ecr get-login-password --region "$(printf '%s' "$host" | cut -d. -f4)" |
      docker login --username AWS --password-stdin "$host" ||
      refuse "cannot log in to $host, which build.baseImages names" || return
  done
}

# Docker's daemon makes images for the machine alone: an index takes a builder in a container, and what emulates other CPUs.
prepare_builder() {
  if [[ -n $BUILD_EMULATED ]]; then
    docker run --privileged --rm "$EMULATOR_IMAGE" --install "$BUILD_EMULATED" ||
      refuse "cannot emulate $BUILD_EMULATED with $EMULATOR_IMAGE" || return
  fi
  docker buildx create --name delivery --driver docker-container --driver-opt "image=$BUILDER_IMAGE" --bootstrap --use ||
    refuse "cannot start a builder from $BUILDER_IMAGE"
}

# Attestations would make the pushed image an index, whose digest is not that of the image that runs. One for several platforms
# is an index anyway: the builder pushes it at once, because the daemon could not keep it.
build_image() {
  local build=(docker build)
  if [[ -n $BUILD_PLATFORMS ]]; then
    prepare_builder || return
    build=(docker buildx build --platform "$BUILD_PLATFORMS" --push)
  fi
  DOCKER_BUILDKIT=1 BUILDX_NO_DEFAULT_ATTESTATIONS=1 "${build[@]}" \
    --file "$SERVICE_FOLDER/$DOCKERFILE" \
    "${CACHE_OPTIONS[@]}" "${BUILD_OPTIONS[@]}" \
    --label "org.opencontainers.image.revision=$IMAGE_TAG" \
    --tag "$IMAGE_REPOSITORY_URI:$IMAGE_TAG" \
    "${BUILD_CONTEXT:-$SERVICE_FOLDER}" ||
    refuse "docker build failed for $SERVICE_FOLDER/$DOCKERFILE"
}

push_image() {
  if [[ -z $BUILD_PLATFORMS ]]; then
    docker push "$IMAGE_REPOSITORY_URI:$IMAGE_TAG" || refuse "docker push failed; nothing is delivered" || return
  fi
  find_image || return
  [[ -n $IMAGE_DIGEST ]] || refuse "$REGISTRY does not know $IMAGE_TAG although it was pushed"
}

provide_image() {
  check_settings && check_additional_tag || return
  # ECR is asked by the AWS command line; another registry answers only who has logged in.
  [[ $REGISTRY == ECR ]] || log_in_to "$REGISTRY" || return
  find_image || return
  if [[ -n $IMAGE_DIGEST ]]; then
    printf 'The repository already has %s; it is used as it is, nothing is built or pushed\n' "$IMAGE_TAG"
  else
    find_cache || return
    [[ $REGISTRY != ECR ]] || log_in_to_ecr || return
    read_build_options && log_in_for_base_images && build_image && push_image || return
  fi
  add_tag "$IMAGE_REPOSITORY_URI" "$IMAGE_DIGEST" || return
  IMAGE_URI="$IMAGE_REPOSITORY_URI@$IMAGE_DIGEST"
  export IMAGE_URI IMAGE_TAG IMAGE_DIGEST
  printf 'Image: %s\n' "$IMAGE_URI"
}

set -o pipefail
provide_image
