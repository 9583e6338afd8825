"""Pictures of trade words: who adds and sees them, what is refused, and that they follow the word."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from fagbrev.audit.models import ChangeLog
from fagbrev.dates import months_before
from programmes.models import MonthlyTopic, TopicPicture
from tests.cast import Cast
from tests.followup.test_topics import Browser, edit_of, make_topic, page_of, posted, text


def photo(name: str = "kjøkken.jpg") -> SimpleUploadedFile:
    """A large photo that knows where it was taken."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kameraet"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (1600, 1200), "teal").save(made, "JPEG", exif=exif)
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def pictures_of(month: date) -> str:
    return reverse("topic_pictures", args=[month, "BUA"])


def picture_url(topic: MonthlyTopic, word: str) -> str:
    return reverse("topic_picture", args=[topic.month, topic.trade.code, topic.pictures.get(word=word).public_id])


def add(client: Client, month: date, word: str = "meny", **more: object) -> int:
    """Uploads a picture from a page opened now; gives the status."""
    known = client.get(pictures_of(month)).context["form"]["known"].value()
    return client.post(pictures_of(month), {"word": word, "file": photo(), "known": known} | more).status_code


def test_a_picture_is_made_small_and_anew_and_stands_by_the_word(cast: Cast, browser: Browser, month: date) -> None:
    topic = make_topic(cast, month, published=cast.today)
    assert add(browser("faglaerer"), month) == 302
    content = bytes(topic.pictures.get().content)
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.format == "JPEG" and max(kept.size) == 480
        assert not kept.getexif() and b"Kameraet" not in content
    for who in ("fadder", "deltaker", "leder", "norsklaerer"):
        client = browser(who)
        assert picture_url(topic, "meny") in text(client.get(page_of(month))), who
        answer = client.get(picture_url(topic, "meny"))
        assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/jpeg", content), who
    line = ChangeLog.objects.latest("pk")
    assert line.verb == "created" and list(line.fields) == ["picture"]


def test_a_new_picture_replaces_the_old_and_it_is_taken_away(cast: Cast, browser: Browser, month: date) -> None:
    topic, ola = make_topic(cast, month, published=cast.today), browser("faglaerer")
    add(ola, month)
    before = picture_url(topic, "meny")
    add(ola, month)
    assert topic.pictures.count() == 1 and picture_url(topic, "meny") != before
    assert ola.get(before).status_code == 404
    topic.refresh_from_db()
    assert topic.changed_on == cast.today
    remove, sent = reverse("topic_picture_remove", args=[month, "BUA"]), {"bilde": topic.pictures.get().public_id}
    ola.post(remove, sent)
    assert not topic.pictures.exists()
    assert ChangeLog.objects.latest("pk").verb == "removed"
    assert ola.post(remove, sent).status_code == 302


def test_the_second_of_two_is_told_and_the_first_ones_picture_stays(cast: Cast, browser: Browser, month: date) -> None:
    topic, anna = make_topic(cast, month), browser("norsklaerer")
    anna.get(pictures_of(month))
    add(browser("faglaerer"), month)
    first = topic.pictures.get().public_id
    assert add(anna, month, known="") == 302
    assert "Noen andre endret ordet eller bildet" in text(anna.get(pictures_of(month)))
    assert topic.pictures.get().public_id == first
    anna.post(reverse("topic_picture_remove", args=[month, "BUA"]), {"bilde": "x" * 12})
    assert topic.pictures.get().public_id == first


def test_a_drafts_picture_is_for_those_who_write_it(cast: Cast, browser: Browser, month: date) -> None:
    topic = make_topic(cast, month)
    add(browser("faglaerer"), month)
    assert browser("norsklaerer").get(picture_url(topic, "meny")).status_code == 200
    for who in ("fadder", "deltaker", "leder"):
        assert browser(who).get(picture_url(topic, "meny")).status_code == 404, who
    other = cast.trades["HEA"].code
    topic.published_on = cast.today - timedelta(days=1)
    topic.save()
    assert browser("fadder").get(picture_url(topic, "meny").replace("/BUA/", f"/{other}/")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 nothing")}, "ødelagt"),
        ({"file": SimpleUploadedFile("a.txt", b"hei")}, "Filtypen kan ikke brukes"),
        ({"file": ""}, "Bilde"),
        ({"word": "finnes ikke"}, "finnes ikke"),
    ],
)
def test_what_is_no_picture_or_no_word_is_refused_in_words(
    cast: Cast,
    browser: Browser,
    month: date,
    sent: dict[str, object],
    said: str,
) -> None:
    make_topic(cast, month)
    answer = browser("faglaerer").post(pictures_of(month), {"word": "meny", "file": photo()} | sent)
    assert answer.status_code == 422 and said in text(answer)
    assert not TopicPicture.objects.exists()


def test_a_picture_goes_with_its_word_and_comes_along_from_last_year(cast: Cast, browser: Browser, month: date) -> None:
    ola, last = browser("faglaerer"), make_topic(cast, months_before(month, 12), published=cast.today)
    for word in ("meny", "allergi"):
        TopicPicture.objects.create(topic=last, word=word, content=word.encode())
    sent = posted(None, word_1="meny", explanation_1="det vi skal spise", submission="a" * 20)
    assert ola.post(f"{edit_of(month)}?kopi=1", sent).status_code == 302
    topic = MonthlyTopic.objects.get(month=month)
    assert [(row.word, bytes(row.content)) for row in topic.pictures.all()] == [("meny", b"meny")]
    assert last.pictures.count() == 2
    ola.post(edit_of(month), posted(topic, word_1="menyen"))
    assert topic.pictures.get().word == "menyen"  # its spelling was mended
    topic.refresh_from_db()
    ola.post(edit_of(month), posted(topic, word_1="mopp", explanation_1="det vi vasker med"))
    assert not topic.pictures.exists()
