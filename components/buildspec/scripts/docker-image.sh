# shellcheck shell=bash
# Builds and pushes the commit's image, or finds it. Sets IMAGE_URI, IMAGE_TAG and IMAGE_DIGEST.
# The build's other commands share this shell: functions return, nothing exits.

refuse() {
  printf 'ERROR: %s\n' "$1" >&2
  return 1
}

check_settings() {
  IMAGE_TAG=$CODEBUILD_RESOLVED_SOURCE_VERSION
  if [[ ! $IMAGE_TAG =~ ^[0-9a-f]{40}$ ]]; then
    refuse "CODEBUILD_RESOLVED_SOURCE_VERSION is \"$IMAGE_TAG\", expected a commit id of 40 hexadecimal digits, which becomes the image's tag; start this build from a git source (CodeCommit or a connection), an S3 or ECR source has no commit"
  elif [[ $IMAGE_REPOSITORY_URI =~ ^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/([a-z0-9._/-]+)$ ]]; then
    REGISTRY_ID=${BASH_REMATCH[1]}
    REGISTRY_REGION=${BASH_REMATCH[2]}
    REPOSITORY_NAME=${BASH_REMATCH[4]}
  else
    refuse "IMAGE_REPOSITORY_URI is \"$IMAGE_REPOSITORY_URI\", expected <account>.dkr.ecr.<region>.amazonaws.com/<name> without a tag"
  fi
}

describe_images() {
  aws ecr describe-images --region "$REGISTRY_REGION" --registry-id "$REGISTRY_ID" \
    --repository-name "$REPOSITORY_NAME" "$@" 2>&1
}

# Sets IMAGE_DIGEST to the digest of the commit's image; to nothing when the repository has no such image.
find_image() {
  local answer
  IMAGE_DIGEST=""
  if answer=$(describe_images --image-ids "imageTag=$IMAGE_TAG" --query 'imageDetails[0].imageDigest' --output text); then
    [[ $answer =~ sha256:[0-9a-f]{64} ]] || refuse "ECR gave \"$answer\" as the digest of $IMAGE_TAG, expected sha256:..." || return
    IMAGE_DIGEST=${BASH_REMATCH[0]}
  elif [[ $answer != *"(ImageNotFoundException)"* ]]; then
    # Only this one failure means that there is no image; taking another for it would build and push for nothing.
    refuse "cannot tell whether $REPOSITORY_NAME has $IMAGE_TAG: $answer"
  fi
}

# Sets CACHE_FROM to the newest image in the repository, whatever its tag: most of its layers are this build's too.
find_cache() {
  local answer
  # As JSON, because text output would apply the query to every page of a long answer.
  answer=$(describe_images --query 'sort_by(imageDetails, &imagePushedAt)[-1].imageDigest' --output json) ||
    refuse "cannot list the images of $REPOSITORY_NAME: $answer" || return
  CACHE_FROM=()
  if [[ $answer =~ sha256:[0-9a-f]{64} ]]; then
    CACHE_FROM=(--cache-from "$IMAGE_REPOSITORY_URI@${BASH_REMATCH[0]}")
  fi
}

log_in() {
  aws ecr get-login-password --region "$REGISTRY_REGION" |
    docker login --username AWS --password-stdin "${IMAGE_REPOSITORY_URI%%/*}" ||
    refuse "cannot log in to ${IMAGE_REPOSITORY_URI%%/*}"
}

# Attestations would make the pushed image an index, whose digest is not that of the image that runs.
build_image() {
  DOCKER_BUILDKIT=1 BUILDX_NO_DEFAULT_ATTESTATIONS=1 docker build \
    --file "$SERVICE_FOLDER/$DOCKERFILE" \
    --build-arg BUILDKIT_INLINE_CACHE=1 \
    "${CACHE_FROM[@]}" \
    --label "org.opencontainers.image.revision=$IMAGE_TAG" \
    --tag "$IMAGE_REPOSITORY_URI:$IMAGE_TAG" \
    "$SERVICE_FOLDER" ||
    refuse "docker build failed for $SERVICE_FOLDER/$DOCKERFILE"
}

push_image() {
  docker push "$IMAGE_REPOSITORY_URI:$IMAGE_TAG" || refuse "docker push failed; nothing is delivered" || return
  find_image || return
  [[ -n $IMAGE_DIGEST ]] || refuse "ECR does not know $IMAGE_TAG although it was pushed"
}

provide_image() {
  check_settings && find_image || return
  if [[ -n $IMAGE_DIGEST ]]; then
    printf 'The repository already has %s; it is used as it is, nothing is built or pushed\n' "$IMAGE_TAG"
  else
    find_cache && log_in && build_image && push_image || return
  fi
  IMAGE_URI="$IMAGE_REPOSITORY_URI@$IMAGE_DIGEST"
  export IMAGE_URI IMAGE_TAG IMAGE_DIGEST
  printf 'Image: %s\n' "$IMAGE_URI"
}

set -o pipefail
provide_image
