# shellcheck shell=bash
# Takes the image that an ECR source brought in: its artifact is one file, imageDetail.json. Sets IMAGE_URI, IMAGE_TAG and
# IMAGE_DIGEST.

refuse() {
  printf 'ERROR: %s\n' "$1" >&2
  return 1
}

take_image() {
  local detail
  detail=$(<imageDetail.json) || refuse "the source has no imageDetail.json; it must be an ECR source" || return
  [[ $detail =~ \"ImageURI\"[[:space:]]*:[[:space:]]*\"([^\"]+)\" ]] || refuse "imageDetail.json names no ImageURI: $detail" || return
  IMAGE_URI=${BASH_REMATCH[1]}
  [[ $IMAGE_URI =~ ^[^[:space:]@]+@(sha256:[0-9a-f]{64})$ ]] || refuse "imageDetail.json has ImageURI \"$IMAGE_URI\", expected it by digest" || return
  IMAGE_DIGEST=${BASH_REMATCH[1]}
  IMAGE_TAG=""
  if [[ $detail =~ \"ImageTags\"[[:space:]]*:[[:space:]]*\[[[:space:]]*\"([^\"]+)\" ]]; then IMAGE_TAG=${BASH_REMATCH[1]}; fi
  export IMAGE_URI IMAGE_TAG IMAGE_DIGEST
  printf 'Image: %s\n' "$IMAGE_URI"
}

set -o pipefail
take_image
