# shellcheck shell=bash
# Reads what a build says of its images: IMAGE_DEFINITIONS (imagedefinitions.json, or what a service has beside it whose image
# another one builds), or imageDetail.json where that is all there is. Goes after ecr-image.sh. Build images need not have jq.

IMAGE_DEFINITIONS=${IMAGE_DEFINITIONS:-imagedefinitions.json}

# Sets CONTAINERS and IMAGES to names and images, entry by entry, and DEFINITIONS to the file's text without white space.
read_image_definitions() {
  local rest entry
  CONTAINERS=() IMAGES=()
  if [[ ! -e $IMAGE_DEFINITIONS && -e imageDetail.json ]]; then
    read_image_detail
    return
  fi
  [[ -s $IMAGE_DEFINITIONS ]] ||
    refuse "the build left no $IMAGE_DEFINITIONS: your own buildspec must write [{\"name\":\"$CONTAINER_NAME\",\"imageUri\":\"<repository>:<commit>\"}] into it, at the root of its artifact, and list it under artifacts, files" || return
  rest=$(tr -d '[:space:]' <"$IMAGE_DEFINITIONS") || refuse "cannot read $IMAGE_DEFINITIONS" || return
  # Some JSON writers escape slashes.
  DEFINITIONS=${rest//'\/'/'/'}
  rest=$DEFINITIONS
  while [[ $rest =~ \{([^{}]*)\}(.*) ]]; do
    entry=${BASH_REMATCH[1]}
    rest=${BASH_REMATCH[2]}
    [[ ,$entry =~ ,\"name\":\"([^\"]*)\" ]] || refuse "$IMAGE_DEFINITIONS has an entry without a name: {$entry}" || return
    CONTAINERS+=("${BASH_REMATCH[1]}")
    [[ ,$entry =~ ,\"imageUri\":\"([^\"]*)\" ]] || refuse "$IMAGE_DEFINITIONS has an entry without an imageUri: {$entry}" || return
    IMAGES+=("${BASH_REMATCH[1]}")
  done
}

# CodeDeploy's file has one image and no names.
read_image_detail() {
  local detail
  detail=$(<imageDetail.json) && detail=${detail//'\/'/'/'} || refuse "cannot read imageDetail.json" || return
  [[ $detail =~ \"ImageURI\"[[:space:]]*:[[:space:]]*\"([^\"]+)\" ]] || refuse "imageDetail.json names no ImageURI: $detail" || return
  CONTAINERS=("$CONTAINER_NAME") IMAGES=("${BASH_REMATCH[1]}")
  DEFINITIONS="[{\"name\":\"$CONTAINER_NAME\",\"imageUri\":\"${IMAGES[0]}\"}]"
}

# Sets IMAGE to the image of CONTAINER_NAME.
read_container_image() {
  local i
  IMAGE=""
  read_image_definitions || return
  for i in "${!CONTAINERS[@]}"; do
    [[ ${CONTAINERS[i]} != "$CONTAINER_NAME" ]] || IMAGE=${IMAGES[i]}
  done
  [[ -n $IMAGE ]] ||
    refuse "$IMAGE_DEFINITIONS names no image for container $CONTAINER_NAME (it has: ${CONTAINERS[*]:-none}); write the container's name as the task definition has it, or set services[].container.name to the one in the file"
}

# Sets REPOSITORY, TAG and DIGEST to the parts of the image $1; a part that is not there is empty.
split_image() {
  local rest=${1%%@*}
  [[ $1 =~ ^[A-Za-z0-9._:/-]+(@sha256:[0-9a-f]{64})?$ ]] || refuse "\"$1\" is no image, expected <repository>:<tag> or <repository>@sha256:<64 hexadecimal digits>" || return
  DIGEST=${BASH_REMATCH[1]#@} TAG="" REPOSITORY=$rest
  # A colon before a slash is a port.
  if [[ ${rest##*/} == *:* ]]; then
    TAG=${rest##*:}
    REPOSITORY=${rest%:*}
  fi
}

# Refuses the image $1, which is given by TAG, when the tag moves: by the time that somebody asks, it may be another image.
# A tag with a digit is taken for a commit, a version or the number of a build.
refuse_moving_tag() {
  local why
  case $TAG in
    "") why="it has no tag, which means latest, and latest moves with every push" ;;
    latest) why="latest moves with every push" ;;
    *[0-9]*) return 0 ;;
    *)
      [[ -z $COMMIT_ID || $COMMIT_ID != "$TAG"* ]] || return 0
      why="$TAG is neither a commit nor a version, so the next build moves it" ;;
  esac
  refuse "\"$1\" is the image of container $CONTAINER_NAME: $why; nobody could tell what was delivered, and what runs would lose its tag and expire. Tag the image with the commit, \$CODEBUILD_RESOLVED_SOURCE_VERSION, and write that tag"
}
