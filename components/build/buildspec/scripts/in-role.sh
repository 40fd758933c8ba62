# shellcheck shell=bash
# Everything after this acts in the role TARGET_ROLE_ARN, in TARGET_REGION. The CLI takes the role when it calls and takes
# it again when it ends; no credentials come into the environment or the log.

act_in_target_role() {
  if [[ ! $TARGET_ROLE_ARN =~ ^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$ ]]; then
    printf 'ERROR: TARGET_ROLE_ARN is "%s", expected the ARN of an IAM role\n' "$TARGET_ROLE_ARN" >&2
    return 1
  elif [[ ! $TARGET_REGION =~ ^[a-z]{2}(-[a-z]+)+-[0-9]$ ]]; then
    printf 'ERROR: TARGET_REGION is "%s", expected an AWS region\n' "$TARGET_REGION" >&2
    return 1
  fi
  AWS_CONFIG_FILE=$(mktemp) || return
  printf '[profile target]\nrole_arn = %s\ncredential_source = EcsContainer\nrole_session_name = confirm-delivery\n' \
    "$TARGET_ROLE_ARN" >"$AWS_CONFIG_FILE" || return
  BUILD_REGION=$AWS_REGION
  export AWS_CONFIG_FILE AWS_PROFILE=target AWS_REGION=$TARGET_REGION AWS_DEFAULT_REGION=$TARGET_REGION
}
