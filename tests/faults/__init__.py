"""Faults in earnest: real processes, a real mail server on loopback, and workers that are killed while they send.

Each scenario has an installation of its own (`installation.py`): an own database, an own folder, the product's own commands for
worker and beat. `filling.py` runs inside it and puts mails in the outbox by the product's own functions, some of them through a
scan of duties. `mail_server.py` is the mail server, which notes every mail it takes before it answers.

    .venv/bin/python -m pytest tests/faults -q        # FAULT_SEED=7 repeats the choices of a run

- On the embedded broker (a folder) with SQLite, and on Redis with PostgreSQL where these are found.
- Workers are killed with SIGKILL at moments drawn from a seed, which is printed. Then none of 1,000 mails may be lost, and a mail
  may come twice only when its process died between the server's acceptance and the commit, with the same Message-ID.
- Two beats and four workers at once, and nobody killed: each mail comes once, and the day's scan is done once.

The counts stand at the end of pytest's output. `make test` runs this folder by itself, after the rest.
"""
