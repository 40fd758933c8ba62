# shellcheck shell=bash
# Stops an image in which ECR's scan found something more severe than is tolerated. Goes after ecr-image.sh
# and look-again.sh.

# In rising order; ECR could not rate the first two.
SEVERITIES=(UNDEFINED UNTRIAGED INFORMATIONAL LOW MEDIUM HIGH CRITICAL)

check_settings() {
  local name
  [[ $IMAGE_URI =~ ^([^@]+)@(sha256:[0-9a-f]{64})$ ]] && IMAGE_DIGEST=${BASH_REMATCH[2]} && ecr_place "${BASH_REMATCH[1]}" ||
    refuse "IMAGE_URI is \"$IMAGE_URI\", expected <account>.dkr.ecr.<region>.amazonaws.com/<name>@sha256:<64 hexadecimal digits>" || return
  [[ $MAX_SEVERITY =~ ^(NONE|INFORMATIONAL|LOW|MEDIUM|HIGH|CRITICAL)$ ]] ||
    refuse "MAX_SEVERITY is \"$MAX_SEVERITY\", expected NONE, INFORMATIONAL, LOW, MEDIUM, HIGH or CRITICAL" || return
  for name in TIMEOUT_SECONDS POLL_SECONDS; do
    [[ ${!name} =~ ^(0|[1-9][0-9]*)$ ]] || refuse "$name is \"${!name}\", expected a whole number" || return
  done
}

# Sets DIGESTS to what ECR scans: the image, or for an index, which has no scan of its own, its image for each platform.
find_scanned() {
  read_manifest "$IMAGE_DIGEST" || refuse "cannot read the manifest of $IMAGE_URI" || return
  case $MEDIA_TYPE in
    *.image.manifest.* | *.distribution.manifest.v2+json) DIGESTS=("$IMAGE_DIGEST") ;;
    *.image.index.* | *.manifest.list.*) read_index ;;
    *) refuse "ECR has no image $IMAGE_URI (its media type is \"$MEDIA_TYPE\")" ;;
  esac
}

# Build images need not have jq. An entry holds objects, but these hold none; what looks different is refused.
read_index() {
  local entry digest rest=${MANIFEST//[[:space:]]/} pattern='^,?\{(([^{}]|\{[^{}]*\})*)\}(.*)$'
  DIGESTS=()
  rest=${rest#*\"manifests\":[}
  while [[ $rest =~ $pattern ]]; do
    entry=${BASH_REMATCH[1]}
    rest=${BASH_REMATCH[3]}
    if is_attestation "$entry"; then continue; fi
    digest=${entry#*\"digest\":\"}
    # A second key of this name could hide which of the two is the image's.
    [[ $digest =~ ^(sha256:[0-9a-f]{64})\" && $digest != *\"digest\":* ]] || {
      rest=""
      break
    }
    DIGESTS+=("${BASH_REMATCH[1]}")
  done
  [[ $rest == "]"* && ${#DIGESTS[@]} -gt 0 ]] || refuse "cannot tell which images the index $IMAGE_URI consists of: ${MANIFEST:0:500}"
}

# Whoever builds the image writes the annotation; that no platform runs it is what makes it safe to skip.
is_attestation() {
  [[ $1 == *'"vnd.docker.reference.type":"attestation-manifest"'* && $1 == *'"architecture":"unknown"'* && $1 == *'"os":"unknown"'* ]]
}

# Sets STATUS, COMPLETED (None until there are findings), COUNTS (as SEVERITIES) and REASON for the image with digest $1.
read_scan() {
  local answer counts pattern=$'([A-Z_]+)\t([^\t\n]+)\t(((None|[0-9]+)\t){'${#SEVERITIES[@]}$'})([^\n]*)'
  printf -v counts 'imageScanFindings.findingSeverityCounts.%s, ' "${SEVERITIES[@]}"
  # Every page of findings has the whole image's counts, and text output would print them for each: one page is enough.
  if answer=$(aws ecr describe-image-scan-findings "${PLACE[@]}" --image-id "imageDigest=$1" --no-paginate --output text \
    --query "[imageScanStatus.status, imageScanFindings.imageScanCompletedAt, ${counts}imageScanStatus.description]" 2>&1); then
    [[ $answer =~ $pattern ]] || refuse "ECR gave \"$answer\" as the scan of $1, expected a status and counts" || return
    STATUS=${BASH_REMATCH[1]} COMPLETED=${BASH_REMATCH[2]} REASON=${BASH_REMATCH[6]}
    read -ra COUNTS <<<"${BASH_REMATCH[3]//None/0}"
  else
    [[ $answer == *"(ScanNotFoundException)"* ]] || no_answer "cannot read the scan of $1: $answer" || return
    STATUS=NOT_FOUND COMPLETED=None REASON="ECR knows of no scan"
  fi
}

# ECR scans an image once a day at most, and starts enhanced scans by itself: then there is nothing to do but wait.
start_scan() {
  local answer
  printf 'No scan of %s yet: starting one\n' "$1"
  answer=$(aws ecr start-image-scan "${PLACE[@]}" --image-id "imageDigest=$1" --query imageScanStatus.status --output text 2>&1) && return
  [[ $answer =~ LimitExceededException|ValidationException|"feature is disabled" ]] || refuse "cannot start a scan of $1: $answer" || return
  printf 'ECR starts none now: %s\n' "$answer"
}

# Waits until the image with digest $1 is scanned, and sets COUNTS. An image that nobody scanned does not pass.
await_scan() {
  local started=""
  while look read_scan "$1"; do
    case $STATUS in
      # An enhanced scan is ACTIVE before it has findings.
      COMPLETE | ACTIVE) if [[ $COMPLETED != None ]]; then return 0; fi ;;
      IN_PROGRESS | PENDING) ;;
      NOT_FOUND)
        [[ -n $started ]] || start_scan "$1" || return
        started=yes ;;
      *) refuse "$1 was not scanned, its scan is $STATUS: $REASON" || return ;;
    esac
    ((SECONDS < DEADLINE)) || refuse "$1 was not scanned within $TIMEOUT_SECONDS seconds, its scan is $STATUS: $REASON" || return
    pause
  done
  return 1
}

# Prints the counts of the image with digest $1, and adds to ABOVE those above MAX_SEVERITY.
judge() {
  local i above=0 tolerated="" text=""
  for ((i = ${#SEVERITIES[@]} - 1; i >= 0; i--)); do
    if [[ ${SEVERITIES[i]} == "$MAX_SEVERITY" ]]; then tolerated=yes; fi
    if [[ -z $tolerated ]]; then above=$((above + COUNTS[i])); fi
    if ((COUNTS[i] > 0)); then text="$text, ${COUNTS[i]} ${SEVERITIES[i]}"; fi
  done
  text=${text#, }
  printf '%s: %s\n' "$1" "${text:-no findings}"
  # Of an image for many platforms, what fits into a variable of the pipeline and a passport.
  SCAN_RESULT=${SCAN_RESULT:+$SCAN_RESULT; }${text:-no findings}
  SCAN_RESULT=${SCAN_RESULT:0:300}
  ABOVE=$((ABOVE + above))
  ((above == 0)) || printf '  see them: aws ecr describe-image-scan-findings %s --image-id imageDigest=%s\n' "${PLACE[*]}" "$1"
}

scan_gate() {
  local digest
  check_settings && find_scanned || return
  DEADLINE=$((SECONDS + TIMEOUT_SECONDS)) ABOVE=0 SCAN_RESULT=""
  for digest in "${DIGESTS[@]}"; do
    await_scan "$digest" && judge "$digest" || return
  done
  ((ABOVE == 0)) ||
    refuse "$ABOVE finding(s) above $MAX_SEVERITY in $IMAGE_URI; take a base image and packages without them, or raise MAX_SEVERITY" || return
  export SCAN_RESULT
  printf 'Nothing above %s in %s\n' "$MAX_SEVERITY" "$IMAGE_URI"
}

set -o pipefail
scan_gate
