#!/usr/bin/env bash
# Runs a command with the environment of a production installation and secrets made up for this one run.
# Usage: tools/production_env.sh .venv/bin/python manage.py check --deploy
set -euo pipefail
cd "$(dirname "$0")/.."

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
base64_key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

exec env \
  DEBUG=0 DEMO=0 \
  SECRET_KEY="$(random 40)" FIELD_KEYS="k1:$(base64_key)" HMAC_KEY="$(base64_key)" \
  ALLOWED_HOSTS=fagbrev.example.no CSRF_TRUSTED_ORIGINS=https://fagbrev.example.no BASE_URL=https://fagbrev.example.no \
  VIRUS_SCAN=none VAR_DIR="${VAR_DIR:-var/check}" DATABASE_URL= REDIS_URL= BROKER_URL= \
  "$@"
