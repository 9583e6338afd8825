"""Model fields that several apps share."""

from typing import Any

from django.db import models


class WebAddressField(models.URLField):
    """A web address; one typed without a scheme is taken as https."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
