"""What stands in the environment is read as it is meant, or refused by name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from fagbrev.env import Environment


@pytest.mark.parametrize(("written", "read"), [("1", True), ("0", False), (" 1 ", True)])
def test_a_flag_is_read_from_0_or_1(written, read):
    assert Environment({"DEBUG": written}).flag("DEBUG") is read


@pytest.mark.parametrize("written", ["", "   "])
def test_an_empty_flag_is_as_one_that_is_not_set(written):
    assert Environment({"DEBUG": written}).flag("DEBUG", True) is True
    assert Environment({"DEBUG": written}).flag("DEBUG") is False


@pytest.mark.parametrize("written", ["true", "yes", "True", "on", "2", "-1", "ja"])
def test_a_flag_that_is_neither_0_nor_1_is_refused_by_name(written):
    with pytest.raises(ImproperlyConfigured, match="DEMO must be 0 or 1"):
        Environment({"DEMO": written}).flag("DEMO")


def test_a_text_without_default_must_be_set():
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY must be set"):
        Environment({"SECRET_KEY": " "}).text("SECRET_KEY")


def test_a_text_falls_back_to_its_default_also_when_that_is_empty():
    assert Environment({}).text("LOGO_FILE", "") == ""
    assert Environment({"LOGO_FILE": ""}).text("LOGO_FILE", "logo.svg") == "logo.svg"


@pytest.mark.parametrize("written", ["ten", "1.5", "1 000", "0x10"])
def test_a_number_that_is_none_is_refused_by_name(written):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_PORT must be a whole number"):
        Environment({"EMAIL_PORT": written}).number("EMAIL_PORT", 25)


@pytest.mark.parametrize(("written", "fits"), [("0", False), ("1", True), ("24", True), ("25", False), ("-3", False)])
def test_a_number_keeps_within_its_limits(written, fits):
    env = Environment({"SESSION_MAX_HOURS": written})
    if fits:
        assert env.number("SESSION_MAX_HOURS", 10, least=1, most=24) == int(written)
    else:
        with pytest.raises(ImproperlyConfigured, match="SESSION_MAX_HOURS must be between 1 and 24"):
            env.number("SESSION_MAX_HOURS", 10, least=1, most=24)


def test_words_are_separated_by_commas_and_empty_ones_fall_away():
    assert Environment({"ALLOWED_HOSTS": " a.no, ,b.no,"}).words("ALLOWED_HOSTS") == ["a.no", "b.no"]
    assert Environment({}).words("ALLOWED_HOSTS") == []
    assert Environment({}).words("ALLOWED_HOSTS", "localhost") == ["localhost"]


def test_a_choice_outside_the_allowed_is_refused_by_name():
    assert Environment({"VIRUS_SCAN": "clamd"}).choice("VIRUS_SCAN", None, {"clamd", "none"}) == "clamd"
    with pytest.raises(ImproperlyConfigured, match="VIRUS_SCAN must be one of clamd, none"):
        Environment({"VIRUS_SCAN": "maybe"}).choice("VIRUS_SCAN", None, {"clamd", "none"})
