"""What is promised about mail when processes die, and when there are more of them than there should be."""

import os
import random
import time
from itertools import pairwise

import pytest

from tests.faults.installation import CONCURRENCY, HOST, LEASE_SECONDS, finish, installed, run, wait_for

pytestmark = pytest.mark.fault

MAILS = 1000
KILLS = 8
# How long after the kill a mail may be noted that was on its way to the server, and how long before it the commit may have hung.
ON_ITS_WAY, HELD_BACK = 1.0, 5.0


def arrivals(installation):
    """Gives when each mail was taken, by Message-ID, when every copy of it is the same and to the one it was meant for."""
    meant = dict(installation.query("select public_id, recipient from fagbrev_outgoingmail"))
    found = {}
    for note in installation.taken():
        public_id, _at, host = note["message_id"].strip("<>").partition("@")
        assert host == HOST
        assert note["recipients"] == [meant[public_id]]
        found.setdefault(public_id, []).append(note)
    assert found.keys() == meant.keys(), "a mail is lost"
    assert installation.query("select count(*) from fagbrev_outgoingmail where sent_at is null or dropped_at is not null") == [
        (0,)
    ]
    for copies in found.values():
        assert len({copy["body"] for copy in copies}) == 1
    return {public_id: [copy["at"] for copy in copies] for public_id, copies in found.items()}


def wait_until_sent(installation, seconds):
    """Waits until no mail waits, and sees to it that every process is alive meanwhile."""

    def is_sent():
        assert installation.all_live(), installation.said()
        return installation.unsent() == 0

    wait_for(is_sent, seconds=seconds, every=0.3, saying=installation.said)


def test_killed_workers_lose_no_mail_and_repeat_only_what_they_died_over(database, folder, tell):
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(10**6))
    drawn = random.Random(seed)
    print(f"FAULT_SEED={seed}")
    with installed(database, folder) as installation:
        installation.fill("mails", MAILS)
        installation.start_beat()
        workers = [installation.start_worker() for _number in range(2)]
        kills = []
        for reached in sorted(drawn.sample(range(10, MAILS - 50), KILLS)):
            wait_for(
                lambda reached=reached: installation.count_taken() >= reached, seconds=60, every=0.01, saying=installation.said
            )
            ready = wait_for(
                lambda: [worker for worker in workers if worker.is_ready()], seconds=60, every=0.01, saying=installation.said
            )
            time.sleep(drawn.uniform(0, 0.05))  # the moment of the kill: anywhere in what a worker does with a mail
            victim = drawn.choice(ready)
            kills.append(time.time())
            victim.kill()
            installation.parts.remove(victim)
            workers[workers.index(victim)] = installation.start_worker()
        wait_until_sent(installation, 90)

        times = arrivals(installation)
        again = {public_id: pairwise(at) for public_id, at in times.items() if len(at) > 1}
        repeats = sum(len(at) - 1 for at in times.values())
        taken_over = installation.taken_over()
        tell(
            f"killed workers, {database.name}", mails=len(times), kills=KILLS, interrupted=len(taken_over),
            came_twice_with_the_same_id=repeats, lost=MAILS - len(times),
            seed=seed,
        )  # fmt: skip
        assert len(times) == MAILS
        assert repeats <= KILLS * CONCURRENCY
        assert again.keys() <= taken_over
        for pairs in again.values():
            for first, second in pairs:
                assert any(first - ON_ITS_WAY < kill < first + HELD_BACK for kill in kills), "repeated though nobody died over it"
                assert second - first > LEASE_SECONDS / 3, "repeated while it still was another's"


def test_two_beats_and_four_workers_send_each_mail_once_and_scan_once(database, folder, tell):
    with installed(database, folder) as installation:
        workers = [installation.start_worker() for _number in range(4)]
        for _number in range(2):
            installation.start_beat()
        wait_for(lambda: all(worker.is_ready() for worker in workers), seconds=60, saying=installation.said)
        installation.fill("asked", MAILS)
        wait_for(
            lambda: installation.query("select 1 from fagbrev_scan where finished_at is not null"),
            seconds=60,
            saying=installation.said,
        )
        wait_until_sent(installation, 90)

        times = arrivals(installation)
        [(mails, told)] = installation.query(
            "select count(*), count(distinct user_id) from fagbrev_outgoingmail where kind = 'notices'"
        )
        [(notices,)] = installation.query("select count(*) from fagbrev_notice")
        scans = sum(log.read_text().count(" notices, ") for log in folder.glob("worker-*.log"))
        tell(
            f"two beats and four workers, {database.name}", mails=len(times), of_them_from_the_scan=mails,
            came_twice=sum(len(at) - 1 for at in times.values()), scans=scans, notices=notices,
        )  # fmt: skip
        assert {len(at) for at in times.values()} == {1}
        assert installation.taken_over() == set()
        assert mails == told > 30
        assert notices > 100
        assert len(times) == MAILS + mails


def test_eight_scans_at_the_same_moment_tell_everyone_once(database, folder, tell):
    with installed(database, folder) as installation:
        racers = [run(["-m", "tests.faults.filling", "race"], installation.env) for _number in range(4)]
        for racer in racers:
            assert racer.stdout.readline() == "ready\n", finish(racer)
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        said = [line for out in finish(*racers, seconds=60) for line in out.split("\n") if line]
        did = [tuple(map(int, line.split()[1:])) for line in said if line.startswith("scanned")]
        [(notices,)] = installation.query("select count(*) from fagbrev_notice")
        mails = installation.query("select count(*), count(distinct user_id) from fagbrev_outgoingmail")
        tell(
            f"eight scans at once, {database.name}", scanned=len(did), left_it_to_another=len(said) - len(did), notices=notices,
            mails=mails[0][0],
        )  # fmt: skip
        assert len(said) == 8
        assert notices > 100
        assert sum(one[0] for one in did) == notices
        assert mails == [(sum(one[1] for one in did),) * 2]
