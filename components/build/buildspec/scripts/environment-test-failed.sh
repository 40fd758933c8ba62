# shellcheck shell=bash
# Says where the results of tests that failed are. Never fails: the build has done so already.

# REPORT_GROUP is the report group's ARN or its name in the buildspec; empty when there are no reports.
show_results() {
  local place project id group=$REPORT_GROUP
  printf 'The tests failed against %s\n' "$ENVIRONMENT_URL"
  # arn:<partition>:codebuild:<region>:<account>:build/<project>:<id>
  [[ $CODEBUILD_BUILD_ARN =~ ^(arn:[^:]+:codebuild:[^:]+:[^:]+):build/([^:]+):(.+)$ ]] || return 0
  place=${BASH_REMATCH[1]} project=${BASH_REMATCH[2]} id=${BASH_REMATCH[3]}
  if [[ -n $group ]]; then
    [[ $group == arn:* ]] || group=$place:report-group/$project-$group
    printf 'Report: aws codebuild list-reports-for-report-group --report-group-arn %s\n' "$group"
    printf '  or in the console: CodeBuild, Report groups, %s\n' "${group##*/}"
  else
    printf 'No report is published: the log has the results\n'
  fi
  printf 'Log: stream %s of log group /aws/codebuild/%s\n' "$id" "$project"
}

if [[ $CODEBUILD_BUILD_SUCCEEDING != 1 ]]; then show_results; fi
