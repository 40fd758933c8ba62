# shellcheck shell=bash
# An image's passport: what is known of a delivery, as one line of JSON with its SHA-256 and, where there is a key, a
# signature. Each is a version of the parameter beside the record of the delivery. Goes before the scripts that write and
# read it, which have refuse. Build images need not have jq: the fields always come in the same order.

# Whoever acts in another stack's role asks for the run, and signs, in the build's own.
as_build() {
  if [[ -n ${AWS_PROFILE:-} ]]; then
    env -u AWS_PROFILE -u AWS_CONFIG_FILE AWS_REGION="$BUILD_REGION" AWS_DEFAULT_REGION="$BUILD_REGION" "$@"
  else
    "$@"
  fi
}

# Prints the name of the passport beside the record $1: /ecs-delivery/<service>/passport.
passport_beside() {
  printf '%s/passport' "${1%/*}"
}

sha256_of() {
  local sum
  sum=$(printf '%s' "$1" | sha256sum) && [[ $sum =~ ^[0-9a-f]{64} ]] && printf '%s' "${BASH_REMATCH[0]}"
}

# Prints the words of $1 as JSON, as many as fit into $2 characters; what JSON would have to escape is a question mark.
json_words() {
  local word list="" count=0
  for word in $1; do
    word=${word//[^A-Za-z0-9+=,.@_:\/-]/?}
    if ((${#list} + ${#word} > $2)); then
      count=$((count + 1))
    else
      list="$list,\"$word\""
    fi
  done
  ((count == 0)) || list="$list,\"and $count more\""
  printf '[%s]' "${list#,}"
}

# Sets TESTS and APPROVED_BY to what AWS says of this run: tests that passed, and who approved. A run that it says nothing
# of is no reason to fail a delivery.
read_run() {
  local answer category action by tests="" people=""
  TESTS='"unknown"' APPROVED_BY='"unknown"'
  # A job of a workflow has waited for these.
  if [[ -n ${WORKFLOW_NAME:-} ]]; then
    [[ -z ${TESTS_PASSED:-} ]] || TESTS=$(json_words "$TESTS_PASSED" 1200)
    return 0
  fi
  [[ ${CODEBUILD_INITIATOR:-} == codepipeline/* && -n ${EXECUTION_ID:-} ]] || return 0
  if ! answer=$(as_build aws codepipeline list-action-executions --pipeline-name "${CODEBUILD_INITIATOR#codepipeline/}" \
    --filter "pipelineExecutionId=$EXECUTION_ID" --output text \
    --query "actionExecutionDetails[?status=='Succeeded'].[input.actionTypeId.category, actionName, updatedBy || 'unknown']"); then
    printf 'WARNING: cannot tell which tests passed, nor who approved: the passport says "unknown"\n'
    return 0
  fi
  while IFS=$'\t' read -r category action by; do
    case $category in
      Test) tests="$tests $action" ;;
      Approval) people="$people $by" ;;
    esac
  done < <(sort -u <<<"$answer")
  TESTS=$(json_words "$tests" 1200)
  APPROVED_BY=$(json_words "$people" 600)
}

# Sets PASSPORT_BODY to what is hashed of the passport $1, PASSPORT_HASH and PASSPORT_SIGNATURE to what it says of that.
split_passport() {
  local pattern='^(\{"passport":1,.*),"sha256":"([0-9a-f]{64})"(,"signature":"([A-Za-z0-9+/=]+)")?\}$'
  [[ $1 =~ $pattern ]] || return
  PASSPORT_BODY=${BASH_REMATCH[1]} PASSPORT_HASH=${BASH_REMATCH[2]} PASSPORT_SIGNATURE=${BASH_REMATCH[4]}
}

# Prints the hash of the newest passport in $1; none where there is no passport yet.
hash_before() {
  local newest
  newest=$(aws ssm get-parameter --name "$1" --query Parameter.Value --output text) || return
  if split_passport "$newest"; then printf '%s' "$PASSPORT_HASH"; else printf 'none'; fi
}

# Prints the region of the key.
key_region() {
  local rest=${PASSPORT_KEY#arn:*:kms:}
  printf '%s' "${rest%%:*}"
}

# Prints the signature of the hash $1.
sign_hash() {
  local file signature
  file=$(mktemp) && printf '%s' "$1" >"$file" || return
  signature=$(as_build aws kms sign --region "$(key_region)" --key-id "$PASSPORT_KEY" --message "fileb://$file" --message-type RAW \
    --signing-algorithm "$PASSPORT_ALGORITHM" --query Signature --output text) || return
  [[ $signature =~ ^[A-Za-z0-9+/=]+$ ]] && printf '%s' "$signature"
}

# Fails unless the key says that $2 is the signature of the hash $1.
verify_hash() {
  local file files answer
  files=$(mktemp -d) && printf '%s' "$1" >"$files/message" && base64 -d <<<"$2" >"$files/signature" || return
  file="fileb://$files"
  answer=$(as_build aws kms verify --region "$(key_region)" --key-id "$PASSPORT_KEY" --message "$file/message" --message-type RAW \
    --signature "$file/signature" --signing-algorithm "$PASSPORT_ALGORITHM" --query SignatureValid --output text) || return
  [[ $answer == True || $answer == true ]]
}

# Writes the passport of image $3 into $1; $2 says what has been done: delivered, or passed. Fails where it could not.
write_passport() {
  local parameter=$1 service body hash before signature=""
  service=${parameter%/passport}
  read_run
  before=$(hash_before "$parameter") || refuse "cannot read the passport before this one, SSM parameter $parameter" || return
  body=$(printf '{"passport":1,"image":"%s","commit":"%s","stack":"%s","service":"%s","step":"%s","pipeline":"%s","execution":"%s","at":"%s","tests":%s,"scan":"%s","approvedBy":%s,"previous":"%s"' \
    "$3" "$COMMIT_ID" "$PASSPORT_STACK" "${service##*/}" "$2" "${WORKFLOW_NAME:-${CODEBUILD_INITIATOR#codepipeline/}}" "${EXECUTION_ID:-unknown}" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$TESTS" "${SCAN_RESULT//[^A-Za-z0-9,; ]/?}" "$APPROVED_BY" "$before")
  hash=$(sha256_of "$body") || refuse "cannot hash the passport of $3" || return
  if [[ -n $PASSPORT_KEY ]]; then
    signature=$(sign_hash "$hash") || refuse "cannot sign the passport of $3 with $PASSPORT_KEY" || return
    signature=",\"signature\":\"$signature\""
  fi
  aws ssm put-parameter --name "$parameter" --type String --overwrite --value "$body,\"sha256\":\"$hash\"$signature}" >/dev/null ||
    refuse "cannot write the passport of $3, SSM parameter $parameter" || return
  printf 'Passport: %s\n' "$parameter"
}

# Fails unless passport $1 is as it was written, and says that image $2 of commit $3 passed the tests of $4 in this stack.
expect_whole_passport() {
  local again="let the test stage pass for this image again, then repeat the release; who wrote SSM parameter $5: CloudTrail, PutParameter" hash expected
  split_passport "$1" || refuse "the passport of $2 is not in the form in which the test stage writes it, so it was changed: $again" || return
  hash=$(sha256_of "$PASSPORT_BODY") || refuse "cannot hash the passport of $2" || return
  [[ $hash == "$PASSPORT_HASH" ]] ||
    refuse "the passport of $2 was changed after it was written: its SHA-256 is $hash, it says $PASSPORT_HASH; $again" || return
  for expected in "\"image\":\"$2\"" "\"commit\":\"$3\"" "\"stack\":\"$PASSPORT_STACK\"" "\"service\":\"$4\"" '"step":"passed"'; do
    [[ $PASSPORT_BODY == *",$expected,"* ]] || refuse "the passport of $2 does not say $expected: it is of another delivery; $again" || return
  done
  [[ -n $PASSPORT_KEY ]] || return 0
  [[ -n $PASSPORT_SIGNATURE ]] || refuse "the passport of $2 has no signature, expected one by $PASSPORT_KEY: $again" || return
  verify_hash "$PASSPORT_HASH" "$PASSPORT_SIGNATURE" ||
    refuse "$PASSPORT_KEY does not confirm the signature of the passport of $2: somebody else wrote it, or this role may not ask (kms:Verify); $again"
}
