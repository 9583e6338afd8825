"""Løypa's geometry: order, scale, and labels that never touch."""

from itertools import combinations

import pytest

from fagbrev.ui.loypa import WIDTH, Mark, Step, Track, layout

WAY = [
    Step("Henvist", "12. mai 2025", "done"),
    Step("Intervjuet", "21. mai", "done"),
    Step("Tatt opp", "28. mai", "done"),
    Step("Oppstart", "11. juni", "done"),
    Step("Utplassert", "18. aug.", "done"),
    Step("Kontrakt søkt", "25. aug.", "done"),
    Step("Opplæring", "1. okt. 2025", "current"),
    Step("Fagprøve", "fra 30. juni 2027", "future", 0.72),
    Step("Fagbrev", "2027", "future"),
]
MARKS = [
    Mark("Norsk muntlig B1", "bestått 12. juni 2026", 0.3, "test"),
    Mark("Neste: eksamen", "15. jan.–1. feb. 2027", 0.55, "exam"),
    Mark("Kontrakten slutter", "30. sep. 2027", 0.82, "contract_end"),
]


def blocks(track: Track):
    pill = [(track.today.left, track.today.right, track.today.y - 17, track.today.y + 7)] if track.today else []
    return pill + [(s.label.left, s.label.right, s.label.top, s.label.bottom) for s in (*track.stops, *track.marks)]


def touching(track: Track):
    return [
        (a, b)
        for a, b in combinations(blocks(track), 2)
        if a[0] < b[1] - 0.2 and b[0] < a[1] - 0.2 and a[2] < b[3] - 0.2 and b[2] < a[3] - 0.2
    ]


def test_the_stops_stand_in_order_and_inside_the_drawing():
    track = layout(WAY, marks=MARKS, today=0.48)
    places = [stop.x for stop in track.stops]
    assert places == sorted(places)
    assert all(left >= 0 and right <= WIDTH for left, right, *_ in blocks(track))


def test_finished_phases_are_packed_and_the_rest_is_to_scale():
    track = layout(WAY, marks=MARKS, today=0.5)
    gaps = {round(b.x - a.x, 1) for a, b in zip(track.stops[:6], track.stops[1:7], strict=True)}
    assert len(gaps) == 1
    origin = track.stops[6].x
    assert track.today_x == pytest.approx((origin + track.end_x) / 2, abs=0.2)


@pytest.mark.parametrize("today", [0.0, 0.02, 0.48, 0.53, 0.72, 0.8, 0.99, 1.0])
@pytest.mark.parametrize("shift", [0.0, 0.2, 0.26])
def test_labels_never_touch_however_close_the_days_lie(today, shift):
    marks = [Mark(m.label, m.date_text, m.position + (0.55 - m.position) * shift * 3.8, m.kind) for m in MARKS]
    assert touching(layout(WAY, marks=marks, today=today, today_label="Selma i dag")) == []


def test_labels_never_touch_when_everything_falls_on_one_day():
    marks = [Mark(f"Hendelse nummer {n}", "30. september 2027", 1.0, "exam") for n in range(5)]
    way = [Step("Henvist", "12. mai 2025", "current"), *[Step(f"Fase {n}", "30. juni 2027", "future", 1.0) for n in range(5)]]
    assert touching(layout(way, marks=marks, today=1.0)) == []


def test_a_way_with_one_step_is_drawn():
    track = layout([Step("Henvist", "3. mars 2027", "current")])
    assert len(track.stops) == 1
    assert track.today is None


def test_an_empty_way_is_drawn_without_stops():
    assert layout([]).stops == ()


def test_a_finished_way_fills_the_whole_width():
    track = layout([Step("Henvist", "", "done"), Step("Opplæring", "", "done"), Step("Fagbrev", "", "done")])
    assert track.stops[-1].x == track.end_x
    assert track.done_count_words == "Tre faser er ferdige"


def test_the_tall_list_folds_what_is_done_and_orders_what_is_ahead():
    track = layout(WAY, marks=MARKS, today=0.48, today_label="Selma i dag")
    assert [item.label for item in track.items] == [
        "Opplæring",
        "Selma i dag",
        "Neste: eksamen",
        "Fagprøve",
        "Kontrakten slutter",
        "Fagbrev",
    ]
    assert track.done_summary == "Henvist til kontrakt søkt, 12. mai 2025–25. aug."


def test_positions_outside_the_stretch_are_moved_to_its_ends():
    track = layout(WAY, marks=[Mark("Gammel prøve", "2020", -3.0), Mark("Langt fram", "2040", 9.0)], today=2.0)
    assert track.marks[0].x == track.stops[6].x
    assert track.marks[1].x == track.end_x
