# shellcheck shell=bash
# Gives the image that was tested its release tag in the target repository, bytes unchanged. Sets IMAGE_URI, IMAGE_TAG and
# IMAGE_DIGEST. Goes after ecr-image.sh. The build's other commands share this shell: functions return, nothing exits.

check_image() {
  local repository='([a-z0-9-]+[.:][a-z0-9.:-]*)/[a-z0-9._/-]+'
  [[ $TESTED_IMAGE_URI =~ ^$repository@(sha256:[0-9a-f]{64})$ ]] ||
    refuse "TESTED_IMAGE_URI is \"$TESTED_IMAGE_URI\", expected <registry>/<repository>@sha256:<64 hexadecimal digits>: the image that was tested, by digest; a tag may stand for another image by now" ||
    return
  SOURCE_HOST=${BASH_REMATCH[1]}
  IMAGE_DIGEST=${BASH_REMATCH[2]}
  [[ $TARGET_REPOSITORY_URI =~ ^$repository$ ]] ||
    refuse "TARGET_REPOSITORY_URI is \"$TARGET_REPOSITORY_URI\", expected <registry>/<repository> without a tag, such as <account>.dkr.ecr.<region>.amazonaws.com/<name> or docker.io/<user>/<name>" ||
    return
  TARGET_HOST=${BASH_REMATCH[1]}
}

check_release() {
  [[ $COMMIT_ID =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] ||
    refuse "COMMIT_ID is \"$COMMIT_ID\", expected a commit id, or a revision of at most 100 letters, digits, . _ and -" || return
  IMAGE_TAG=$RELEASE_TAG_PREFIX$COMMIT_ID
  [[ $IMAGE_TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] ||
    refuse "RELEASE_TAG_PREFIX is \"$RELEASE_TAG_PREFIX\", which makes \"$IMAGE_TAG\" the release tag, expected at most 128 letters, digits, . _ and -, beginning with none of . and -" ||
    return
  [[ -n $PASSED_IMAGE_PARAMETER ]] ||
    refuse "PASSED_IMAGE_PARAMETER is empty, expected the SSM parameter in which the test stage records the images that passed"
}

# One user cannot log in to two registries, and must not show the one its password for the other.
check_credentials() {
  local foreign=() name
  ecr_place "${TESTED_IMAGE_URI%@*}" || foreign+=("$SOURCE_HOST")
  ecr_place "$TARGET_REPOSITORY_URI" || foreign+=("$TARGET_HOST")
  ((${#foreign[@]} > 0)) || return 0
  [[ ${foreign[0]} == "${foreign[-1]}" ]] ||
    refuse "neither TESTED_IMAGE_URI nor TARGET_REPOSITORY_URI is in ECR, and there is one DOCKER_USER for ${foreign[0]} and ${foreign[1]}; release to ECR first" ||
    return
  for name in DOCKER_USER DOCKER_PASSWORD; do
    [[ -n ${!name} ]] || refuse "$name is empty, expected what logs in to ${foreign[0]}; fill it from a parameter or a secret" || return
  done
}

expect_passed() {
  local versions
  # Text output applies the query to each page of versions; of a list, the pages' texts are the whole.
  versions=$(aws ssm get-parameter-history --name "$PASSED_IMAGE_PARAMETER" --query 'Parameters[].[Value]' --output text) ||
    refuse "cannot read the versions of SSM parameter $PASSED_IMAGE_PARAMETER" || return
  [[ ${versions//[[:space:]]/} == *"\"image\":\"$TESTED_IMAGE_URI\""* ]] ||
    refuse "$TESTED_IMAGE_URI has not passed its tests: no version of SSM parameter $PASSED_IMAGE_PARAMETER names it; let the test stage pass for this image, then repeat the release"
}

# The newest passport of the image must be as the test stage wrote it.
expect_passport() {
  local parameter service versions line found=""
  [[ -n $PASSPORT_STACK ]] || return 0
  parameter=$(passport_beside "$PASSED_IMAGE_PARAMETER")
  service=${parameter%/passport}
  versions=$(aws ssm get-parameter-history --name "$parameter" --query 'Parameters[].[Value]' --output text) ||
    refuse "cannot read the versions of SSM parameter $parameter" || return
  while IFS= read -r line; do
    [[ $line != *"\"image\":\"$TESTED_IMAGE_URI\""* || $line != *'"step":"passed"'* ]] || found=$line
  done <<<"$versions"
  [[ -n $found ]] ||
    refuse "$TESTED_IMAGE_URI has no passport: no version of SSM parameter $parameter says that it passed its tests; let the test stage pass for this image, then repeat the release" || return
  expect_whole_passport "$found" "$TESTED_IMAGE_URI" "$COMMIT_ID" "${service##*/}" "$parameter" || return
  printf 'Passport of %s: %s\n' "$TESTED_IMAGE_URI" "${PASSPORT_KEY:+signed by $PASSPORT_KEY, }sha256 $PASSPORT_HASH"
}

# Logs in to the registry of repository $1. The password goes through a pipe: arguments are seen by other processes.
log_in() {
  local host=${1%%/*}
  if ecr_place "$1"; then
    aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "$host"
  else
    printf '%s' "$DOCKER_PASSWORD" | docker login --username "$DOCKER_USER" --password-stdin "$host"
  fi || refuse "cannot log in to $host"
}

log_in_to_registries() {
  log_in "${TESTED_IMAGE_URI%@*}" || return
  [[ $SOURCE_HOST == "$TARGET_HOST" ]] || log_in "$TARGET_REPOSITORY_URI"
}

# Prints the digest that the release tag stands for in the target, or why there is none.
ask_target() {
  if ecr_place "$TARGET_REPOSITORY_URI"; then
    aws ecr describe-images "${PLACE[@]}" --image-ids "imageTag=$IMAGE_TAG" --query 'imageDetails[0].imageDigest' --output text 2>&1
  else
    # As JSON: older versions of buildx answer every template that begins with .Manifest with the whole table.
    docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$TARGET_REPOSITORY_URI:$IMAGE_TAG" 2>&1
  fi
}

# Sets TARGET_DIGEST to the digest that the release tag stands for in the target; to nothing when there is no such tag.
find_target() {
  local answer
  TARGET_DIGEST=""
  if answer=$(ask_target); then
    [[ $answer =~ sha256:[0-9a-f]{64} ]] ||
      refuse "the registry gave \"$answer\" as the digest of $TARGET_REPOSITORY_URI:$IMAGE_TAG, expected sha256:..." || return
    TARGET_DIGEST=${BASH_REMATCH[0]}
  elif [[ $answer != *"(ImageNotFoundException)"* && $answer != *"ERROR: $TARGET_REPOSITORY_URI:$IMAGE_TAG: not found"* ]]; then
    # Only these failures mean that there is no tag; taking another for it could move one.
    refuse "cannot tell whether $TARGET_REPOSITORY_URI has $IMAGE_TAG: $answer"
  fi
}

# Whether source and target are one repository in ECR, where a tag takes neither Docker nor a copy. Sets PLACE.
is_in_place() {
  [[ ${TESTED_IMAGE_URI%@*} == "$TARGET_REPOSITORY_URI" ]] && ecr_place "$TARGET_REPOSITORY_URI"
}

read_tested() {
  read_manifest "$IMAGE_DIGEST" || refuse "cannot read the manifest of $TESTED_IMAGE_URI" || return
  [[ $MEDIA_TYPE == application/* ]] || refuse "ECR no longer has $TESTED_IMAGE_URI; push the commit again, and keep more images"
}

tag_in_place() {
  local answer
  answer=$(tag_manifest "$IMAGE_DIGEST" "$IMAGE_TAG") || refuse "cannot tag $TESTED_IMAGE_URI with $IMAGE_TAG: $answer"
}

# From registry to registry, without a daemon; to $1, from $2. No index around an image for one platform: that would be
# another digest.
copy_image() {
  docker buildx imagetools create --prefer-index=false --tag "$1" "$2" || refuse "cannot copy $2 to $1"
}

expect_tag_to_be_free() {
  case $TARGET_DIGEST in
    "" | "$IMAGE_DIGEST") ;;
    *) refuse "$TARGET_REPOSITORY_URI:$IMAGE_TAG is $TARGET_DIGEST, not the tested $IMAGE_DIGEST; a release tag never moves: release another commit, or delete the tag if nothing runs it" ;;
  esac
}

# Registries whose tags move would move it without a word, and none sets one on a condition: what takes time, the copy of the
# layers, is made by digest before the last look. The second copy finds all there, and sets the tag.
release_image() {
  if is_in_place; then read_tested; else copy_image "$TARGET_REPOSITORY_URI@$IMAGE_DIGEST" "$TESTED_IMAGE_URI"; fi || return
  find_target && expect_tag_to_be_free || return
  [[ -z $TARGET_DIGEST ]] || return 0
  if is_in_place; then
    tag_in_place
  else
    copy_image "$TARGET_REPOSITORY_URI:$IMAGE_TAG" "$TESTED_IMAGE_URI"
  fi && find_target || return
  [[ $TARGET_DIGEST == "$IMAGE_DIGEST" ]] ||
    refuse "$TARGET_REPOSITORY_URI:$IMAGE_TAG is ${TARGET_DIGEST:-not there} after the release, expected the tested $IMAGE_DIGEST; do not deploy it"
}

promote_image() {
  check_image && check_release && check_additional_tag && check_credentials && expect_passed && expect_passport || return
  is_in_place || log_in_to_registries || return
  find_target && expect_tag_to_be_free && expect_additional_tag "$TARGET_REPOSITORY_URI" "$IMAGE_DIGEST" || return
  if [[ -n $TARGET_DIGEST ]]; then
    printf 'The target already has %s; nothing is copied\n' "$IMAGE_TAG"
  else
    release_image || return
  fi
  add_tag "$TARGET_REPOSITORY_URI" "$IMAGE_DIGEST" || return
  IMAGE_URI="$TARGET_REPOSITORY_URI@$IMAGE_DIGEST"
  export IMAGE_URI IMAGE_TAG IMAGE_DIGEST
  printf 'Released: %s (%s)\n' "$IMAGE_URI" "$IMAGE_TAG"
}

set -o pipefail
promote_image
