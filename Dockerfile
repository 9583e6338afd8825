# One image for web, worker and beat; docker-compose.yml shows how they belong together.
FROM python:3.12-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=fagbrev.settings \
    VAR_DIR=/var/lib/fagbrev \
    STATIC_ROOT=/srv/static

WORKDIR /srv/fagbrev
COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt

COPY . .
RUN python -m compileall -q . \
    && VAR_DIR=/tmp/build tools/production_env.sh python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build \
    && useradd --system --uid 10001 --home-dir /var/lib/fagbrev --shell /usr/sbin/nologin fagbrev \
    && install -d -o fagbrev -g fagbrev -m 0700 /var/lib/fagbrev

USER fagbrev
VOLUME /var/lib/fagbrev
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 CMD ["python", "tools/health.py"]
ENTRYPOINT ["tools/container.sh"]
CMD ["web"]
