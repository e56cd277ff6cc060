"""A mail server that keeps what it is given as files, for tests.

    server.py FOLDER PORT [--certificate FILE --key FILE [--from-the-start]] [--login NAME:PASSWORD]

Each mail becomes FOLDER/NNNNNN.json. What it answers depends on addresses, so that a test needs no other door:

    MAIL FROM:<stranger@...>          553
    RCPT TO:<refused@...>             550
    RCPT TO:<later@...>               451
    RCPT TO:<members@...>             530
    DATA for <unwanted@...>           554
    DATA for <full@...>               452

While there is a file FOLDER/hold, a mail that was sent in full is not answered; FOLDER/held appears then.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

SENDERS = {"stranger": "553 5.1.8 not a sender of ours"}
RECIPIENTS = {
    "refused": "550 5.1.1 nobody has this address",
    "later": "451 4.7.1 try again later",
    "members": "530 5.7.0 sign in first",
}
CONTENTS = {"unwanted": "554 5.7.1 we do not want this", "full": "452 4.2.2 the mailbox is full"}


def answer(table, address):
    return table.get(address.split("@")[0])


class Keeper:
    def __init__(self, folder):
        self.folder = folder

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refusal := answer(SENDERS, address):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refusal := answer(RECIPIENTS, address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        while (self.folder / "hold").exists():
            (self.folder / "held").touch()
            await asyncio.sleep(0.02)
        for address in envelope.rcpt_tos:
            if refusal := answer(CONTENTS, address):
                return refusal
        from_the_start = server.transport.get_extra_info("ssl_object") is not None
        self.keep(envelope, tls=from_the_start or session.ssl is not None)
        return "250 OK"

    def keep(self, envelope, tls):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: (found := mail.get_body([kind])) and found.get_content()
        kept = {
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "text": part("plain"),
            "html": part("html"),
            "raw": envelope.content.decode("utf-8", "replace"),
            "tls": tls,
        }
        number = len(list(self.folder.glob("*.json")))
        unfinished = self.folder / "unfinished"
        unfinished.write_text(json.dumps(kept))
        unfinished.rename(self.folder / f"{number:06}.json")


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("port", type=int)
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--from-the-start", action="store_true")
    options.add_argument("--login")
    options = options.parse_args()

    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.certificate, options.key)
    starttls = None if options.from_the_start else tls
    settings = {"tls_context": starttls, "require_starttls": starttls is not None, "enable_SMTPUTF8": True}
    if options.login:
        wanted = tuple(part.encode() for part in options.login.split(":", 1))

        def authenticate(server, session, envelope, mechanism, given):
            return AuthResult(success=(given.login, given.password) == wanted, handled=False)

        settings |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": starttls is not None}

    keeper = Keeper(options.folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(keeper, hostname="mail.test", **settings),
        host="127.0.0.1",
        port=options.port,
        ssl=tls if options.from_the_start else None,
    )
    await server.serve_forever()


asyncio.run(main())
