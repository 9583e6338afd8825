#!/usr/bin/env bash
# What the container runs: web, worker, beat, prepare (database, cache table, shipped defaults), or a manage.py command.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-web} in
  web)
    python manage.py check --database default --fail-level ERROR
    exec gunicorn fagbrev.wsgi:application --bind "0.0.0.0:${PORT:-8000}" --workers "${WEB_WORKERS:-3}" \
      --max-requests 2000 --max-requests-jitter 200 --timeout 60 --worker-tmp-dir /dev/shm
    ;;
  worker) exec celery -A fagbrev worker --concurrency 2 --loglevel INFO ;;
  beat) exec celery -A fagbrev beat --loglevel INFO --schedule /tmp/beat --pidfile= ;;
  prepare)
    python manage.py migrate --noinput
    python manage.py createcachetable
    python manage.py load_defaults
    ;;
  *) exec python manage.py "$@" ;;
esac
