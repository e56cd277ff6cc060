"""Stands where https://plugins.qgis.org stands, for clients that have this address in their code.

    official_address.py BASE COMMAND ARGUMENT…

Runs the command with a proxy of our own in HTTPS_PROXY and a certificate authority of our own in REQUESTS_CA_BUNDLE, and
ends with the command's code. No code of the client is touched: it asks the proxy for plugins.qgis.org:443, speaks TLS,
checks the certificate for that name and sends what it always sends. The TLS ends here and the bytes go on to BASE, as
behind the front server of a real installation.

Any other host is refused, and told on standard error: nothing leaves this machine.
"""

import datetime
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

OFFICIAL = "plugins.qgis.org"


def make_certificates(folder):
    """Writes an authority (ca.pem) and the key and certificate it gives to the official name (site.pem)."""
    now = datetime.datetime.now(datetime.timezone.utc)
    authority_key, site_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name = named("Authority of the client tests")

    def certificate(name, public_key, authority):
        identifier = x509.SubjectKeyIdentifier.from_public_key
        usage = x509.KeyUsage(
            digital_signature=not authority,
            key_cert_sign=authority,
            crl_sign=authority,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(authority_name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(identifier(public_key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
        )

    authority = certificate(authority_name, authority_key.public_key(), authority=True)
    site = (
        certificate(named(OFFICIAL), site_key.public_key(), authority=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(OFFICIAL)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    pem = serialization.Encoding.PEM
    key_text = site_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(authority.sign(authority_key, hashes.SHA256()).public_bytes(pem))
    (folder / "site.pem").write_bytes(key_text + site.sign(authority_key, hashes.SHA256()).public_bytes(pem))


def named(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


class StandIn:
    """The proxy; serves until the program ends."""

    def __init__(self, base, site_pem):
        self.upstream = (urlsplit(base).hostname, urlsplit(base).port)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(site_pem)
        self.tls.set_alpn_protocols(["http/1.1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        start(self.accept)

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            start(self.serve, client)

    def serve(self, client):
        with client:
            asked = read_head(client).split(b"\r\n")[0].decode("latin-1")
            if asked.split(" ")[:2] != ["CONNECT", OFFICIAL + ":443"]:
                print("official_address: refused", asked, file=sys.stderr, flush=True)
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with self.tls.wrap_socket(client, server_side=True) as inside:
                with socket.create_connection(self.upstream) as site:
                    start(pump, inside, site)
                    pump(site, inside)


def read_head(client):
    head = b""
    while b"\r\n\r\n" not in head:
        more = client.recv(1)
        if not more:
            break
        head += more
    return head


def pump(source, sink):
    """Carries bytes one way until either end is gone."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def start(work, *arguments):
    threading.Thread(target=work, args=arguments, daemon=True).start()


def main(base, *command):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_certificates(folder)
        stand_in = StandIn(base, folder / "site.pem")
        settings = {
            "HTTPS_PROXY": stand_in.address,
            "HTTP_PROXY": stand_in.address,
            "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
        }
        return subprocess.run(command, env={**os.environ, **settings}).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
