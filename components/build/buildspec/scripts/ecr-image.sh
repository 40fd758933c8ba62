# shellcheck shell=bash
# What several scripts do with images in ECR. Goes before them; PLACE is the options that name the repository.

# Says on standard error what cannot go on, keeps it in REFUSAL, and fails.
refuse() {
  REFUSAL=$1
  printf 'ERROR: %s\n' "$1" >&2
  return 1
}

# Sets PLACE and REGION for a repository <account>.dkr.ecr.<region>.amazonaws.com/<name>; fails for any other.
ecr_place() {
  [[ $1 =~ ^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/([a-z0-9._/-]+)$ ]] || return
  REGION=${BASH_REMATCH[2]}
  PLACE=(--registry-id "${BASH_REMATCH[1]}" --region "$REGION" --repository-name "${BASH_REMATCH[4]}")
}

# The media types that an image can have, so that one for several platforms comes whole and with the digest it has.
MEDIA_TYPES=(
  application/vnd.oci.image.index.v1+json application/vnd.oci.image.manifest.v1+json
  application/vnd.docker.distribution.manifest.list.v2+json application/vnd.docker.distribution.manifest.v2+json
)

# Sets MEDIA_TYPE and MANIFEST to those of the image with digest $1; to None when there is no such image.
read_manifest() {
  local get=(aws ecr batch-get-image "${PLACE[@]}" --image-ids "imageDigest=$1" --accepted-media-types "${MEDIA_TYPES[@]}")
  MEDIA_TYPE=$("${get[@]}" --query 'images[0].imageManifestMediaType' --output text) &&
    MANIFEST=$("${get[@]}" --query 'images[0].imageManifest' --output text)
}

# Gives the image read last, whose digest is $1, the tag $2. Prints what AWS says.
tag_manifest() {
  aws ecr put-image "${PLACE[@]}" --image-tag "$2" --image-digest "$1" --image-manifest-media-type "$MEDIA_TYPE" \
    --image-manifest "$MANIFEST" --query image.imageId.imageTag --output text 2>&1
}

# Prints the digest of the image in PLACE that $1 names (imageTag=... or imageDigest=...); None when there is no such image.
digest_in_ecr() {
  aws ecr batch-get-image "${PLACE[@]}" --image-ids "$1" --accepted-media-types "${MEDIA_TYPES[@]}" \
    --query 'images[0].imageId.imageDigest' --output text
}
