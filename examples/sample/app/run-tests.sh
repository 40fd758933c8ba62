# Runs the tests of the service in this folder: results for people to the log, for CodeBuild to a file.
set -e
mkdir -p reports
node --test --test-reporter spec --test-reporter-destination stdout \
  --test-reporter junit --test-reporter-destination reports/junit.xml
