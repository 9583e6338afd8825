"""Settings of a measurement: production's, with the bare views' addresses added and queries counted when asked."""

from fagbrev.settings import *  # noqa: F403

ROOT_URLCONF = "tools.bench_urls"
MIDDLEWARE = ["tools.bench_urls.CountQueries", *MIDDLEWARE]  # noqa: F405
