"""People who sign in, and the dated roles they hold."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from fagbrev.people.roles import ROLE_CHOICES
from fagbrev.rows import PublicRow


class UserManager(BaseUserManager["User"]):
    """Makes users, whose e-mail address is their name."""

    def create_user(self, email: str, name: str = "", password: str | None = None, **extra: object) -> "User":
        """Makes an active user; without a password only codes and passkeys let them in."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str = "", password: str | None = None, **extra: object) -> "User":
        """Makes one who operates the installation; sees no record without a role."""
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **extra)


class User(PublicRow, AbstractBaseUser, PermissionsMixin):
    """One person who signs in. Leaves by being deactivated, never deleted."""

    email = models.EmailField("e-post", unique=True)
    name = models.CharField("navn", max_length=120)
    is_active = models.BooleanField("aktiv", default=True)
    is_staff = models.BooleanField("drifter installasjonen", default=False)
    date_joined = models.DateTimeField("opprettet", auto_now_add=True)
    invited_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    deactivated_at = models.DateTimeField("deaktivert", null=True, blank=True)
    confidentiality_version = models.CharField("taushetserklæring", max_length=20, blank=True)
    confidentiality_accepted_at = models.DateTimeField("taushetserklæring godtatt", null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "bruker"
        verbose_name_plural = "brukere"

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Gives the name, for allauth."""
        return self.name

    @property
    def initials(self) -> str:
        """First letters of the first and last word of the name."""
        words = [word for word in self.name.split() if word]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Choices of grants."""

    def active(self, today: date) -> "RoleGrantQuerySet":
        """Grants that hold on the day, of users who may sign in."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, user__is_active=True)


class RoleGrant(PublicRow):
    """A role a user holds from a day, to a day or until further notice."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="bruker")
    role = models.CharField("rolle", max_length=20, choices=ROLE_CHOICES)
    starts_on = models.DateField("fra og med")
    ends_on = models.DateField("til og med", null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="gitt av")
    granted_at = models.DateTimeField("gitt", auto_now_add=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "rolle"
        verbose_name_plural = "roller"
        indexes = [models.Index(fields=["user", "role"], name="rolegrant_user_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="rolegrant_period"
            ),
            models.CheckConstraint(condition=Q(role__in=[code for code, _ in ROLE_CHOICES]), name="rolegrant_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


class PeopleEvent(models.Model):
    """What was done with a user's access: invited, role given or ended, deactivated. Only appended to."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=30)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="peopleevent_user")]

    def __str__(self) -> str:
        return f"{self.verb} {self.user_id}"
