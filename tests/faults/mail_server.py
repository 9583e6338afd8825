"""A mail server on loopback that notes every mail it takes in a file of JSON lines, and only then answers.

Usage: python -m tests.faults.mail_server TAKEN.jsonl SECONDS_BEFORE_THE_ANSWER; prints its port and serves until it is stopped.
A process of its own, since the library brings warnings the suite would call errors.
"""

import asyncio
import base64
import hashlib
import json
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import IO, Any

from aiosmtpd.smtp import SMTP


class Taking:
    """Takes every mail: what is in the file has been accepted, whether or not the sender lived to hear it."""

    def __init__(self, file: IO[str], wait: float) -> None:
        self.file, self.wait = file, wait

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Notes the mail, and answers a little later: in between a sender may die."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",)).get_content()  # the other half has new boundaries each time
        taken = {
            "at": time.time(),
            "message_id": message["Message-ID"],
            "recipients": envelope.rcpt_tos,
            "body": hashlib.sha256(body.encode()).hexdigest(),
            "raw": base64.b64encode(envelope.content).decode(),
        }
        self.file.write(json.dumps(taken) + "\n")
        self.file.flush()
        await asyncio.sleep(self.wait)
        return "250 OK"


async def serve(path: Path, wait: float) -> None:
    """Serves on a free port until the process is stopped."""
    with path.open("a") as file:
        handler = Taking(file, wait)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, hostname="mail.example", loop=loop), "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
