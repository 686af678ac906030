"""A mail server that keeps what it is sent, one file a mail.

It listens at a free port of this machine, which it prints, and ends with its standard input.
"""

import argparse
import asyncio
import logging
import pathlib
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult


class Keep:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        part = self.folder / f"{self.count:05}.part"
        part.write_bytes(envelope.original_content)
        # Whoever looks finds whole mails alone.
        part.rename(part.with_suffix(".eml"))
        return "250 kept"


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--security", choices=["plain", "starttls", "tls"], required=True)
    parser.add_argument("--user")
    parser.add_argument("--password")
    return parser.parse_args()


def certified(folder):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


async def main():
    arguments = read_arguments()
    keep = Keep(arguments.folder)
    context = None if arguments.security == "plain" else certified(arguments.folder)

    def authenticate(server, session, envelope, mechanism, data):
        right = (arguments.user.encode(), arguments.password.encode())
        if (data.login, data.password) == right:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False)

    def serve():
        options = {"hostname": "mail.example", "enable_SMTPUTF8": True, "auth_require_tls": arguments.security == "starttls"}
        if arguments.security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if arguments.user is not None:
            options |= {"authenticator": authenticate, "auth_required": True}
        return SMTP(keep, **options)

    loop = asyncio.get_running_loop()
    at_once = context if arguments.security == "tls" else None
    server = await loop.create_server(serve, "127.0.0.1", 0, ssl=at_once)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


# What clients do wrong is what tests look at.
logging.disable(logging.CRITICAL)
asyncio.run(main())
