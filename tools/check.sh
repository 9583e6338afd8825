#!/usr/bin/env bash
# Format, lint, types, import floors, templates, deployment settings, migrations and generated docs: all must be clean.
set -uo pipefail
cd "$(dirname "$0")/.."

bin=.venv/bin
failed=()
step() {
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}
development() { env DEBUG=1 DEMO=0 VAR_DIR=var/check DATABASE_URL= REDIS_URL= BROKER_URL= "$@"; }

step "format" $bin/ruff format --check .
step "lint" $bin/ruff check .
step "types" development $bin/mypy fagbrev programmes participants followup meetings tools
step "import floors" $bin/lint-imports
step "templates" $bin/djlint --lint --quiet templates
step "deployment settings" bash tools/production_env.sh $bin/python -W ignore manage.py check --deploy --fail-level WARNING
step "missing migrations" development $bin/python -W ignore manage.py makemigrations --check --dry-run
step "workflow diagram is current" development $bin/python manage.py write_workflow --check

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nNot clean: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
echo "All clean."
