# shellcheck shell=bash
# Gives an image ADDITIONAL_TAG beside the tag that it has, if there is one: a version, say. It never moves. Goes after
# ecr-image.sh. Whoever calls it has logged in to a registry that is not ECR.

check_additional_tag() {
  [[ -n $ADDITIONAL_TAG ]] || return 0
  [[ $ADDITIONAL_TAG =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ && $ADDITIONAL_TAG != latest ]] ||
    refuse "ADDITIONAL_TAG, the value of the parameter that tagParameter names, is \"$ADDITIONAL_TAG\", expected a tag of at most 128 letters, digits, . _ and -, beginning with none of . and -, and not latest, which moves"
}

# Prints the digest that tag $2 of repository $1 stands for; None where there is no such tag.
digest_of_tag() {
  local answer
  if ecr_place "$1"; then
    digest_in_ecr "imageTag=$2"
  # As JSON: older versions of buildx answer every template that begins with .Manifest with the whole table.
  elif answer=$(docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$1:$2" 2>&1); then
    printf '%s\n' "$answer"
  elif [[ $answer == *"ERROR: $1:$2: not found"* ]]; then
    printf 'None\n'
  else
    printf '%s\n' "$answer" >&2
    return 1
  fi
}

# Fails when the tag stands for another image than the one with digest $2 in repository $1. Sets ADDITIONAL_TAG_IS to yes
# where it stands for that one already.
expect_additional_tag() {
  local answer
  ADDITIONAL_TAG_IS=""
  [[ -n $ADDITIONAL_TAG ]] || return 0
  answer=$(digest_of_tag "$1" "$ADDITIONAL_TAG") || refuse "cannot tell whether $1 has $ADDITIONAL_TAG" || return
  # Only this answer means that there is no tag; taking another for it could move one.
  if [[ $answer == None ]]; then return 0; fi
  [[ $answer =~ sha256:[0-9a-f]{64} ]] || refuse "the registry gave \"$answer\" as the digest of $1:$ADDITIONAL_TAG, expected sha256:..." || return
  [[ ${BASH_REMATCH[0]} == "$2" ]] ||
    refuse "$1:$ADDITIONAL_TAG is ${BASH_REMATCH[0]}, not $2; a tag never moves: put the next version into the parameter that tagParameter names" || return
  ADDITIONAL_TAG_IS=yes
}

# Gives the image with digest $2 in repository $1 the tag.
add_tag() {
  local answer
  [[ -n $ADDITIONAL_TAG ]] || return 0
  # All that takes time comes before the look: not every registry refuses to move a tag.
  if ecr_place "$1"; then read_manifest "$2" || refuse "cannot read the manifest of $1@$2" || return; fi
  expect_additional_tag "$1" "$2" || return
  [[ -z $ADDITIONAL_TAG_IS ]] || return 0
  if ecr_place "$1"; then
    answer=$(tag_manifest "$2" "$ADDITIONAL_TAG") || refuse "cannot tag $1@$2 with $ADDITIONAL_TAG: $answer" || return
  else
    # No index around an image for one platform: that would be another digest.
    docker buildx imagetools create --prefer-index=false --tag "$1:$ADDITIONAL_TAG" "$1@$2" ||
      refuse "cannot tag $1@$2 with $ADDITIONAL_TAG" || return
  fi
  printf 'Tagged: %s:%s\n' "$1" "$ADDITIONAL_TAG"
}
