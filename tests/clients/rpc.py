"""Small scripts that people have around `/plugins/RPC2/`, each told as one JSON object on standard output.

    rpc.py upload BASE NAME PASSWORD ZIP [--approve]   plugin_upload.py of many plugins: credentials in the address
    rpc.py ask BASE METHOD                             any method without arguments, by xmlrpc.client
    rpc.py vote BASE PLUGIN-ID SCORE                   what QGIS sends when a star is clicked, byte for byte
"""

import http.client
import json
import sys
import xmlrpc.client
from urllib.parse import quote, urlsplit


def upload(base, name, password, file, *approve):
    address = urlsplit(base)
    url = f"http://{quote(name)}:{quote(password)}@{address.netloc}/plugins/RPC2/"
    server = xmlrpc.client.ServerProxy(url)
    with open(file, "rb") as package:
        content = xmlrpc.client.Binary(package.read())
    # Old copies of the script ask for approval by a second argument.
    answer = server.plugin.upload(content, True) if approve else server.plugin.upload(content)
    plugin_id, version_id = answer
    return {"plugin_id": plugin_id, "version_id": version_id}


def ask(base, method):
    server = xmlrpc.client.ServerProxy(base + "/plugins/RPC2/")
    answer = server
    for part in method.split("."):
        answer = getattr(answer, part)
    return {"answer": answer()}


def vote(base, plugin_id, score):
    body = '{"id": "djangorpc", "method": "plugin.vote", "params": ["%s", "%s"]}' % (plugin_id, score)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Mozilla/5.0 QGIS/34006/Debian GNU/Linux 13 (trixie)",
        "Connection": "Keep-Alive",
        "Accept-Encoding": "gzip, deflate",
        "Accept-Language": "en,*",
    }
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    connection.request("POST", "/plugins/RPC2/", body.encode(), headers)
    answer = connection.getresponse()
    return {"status": answer.status, "body": json.loads(answer.read())}


def main(deed, *words):
    try:
        told = {"upload": upload, "ask": ask, "vote": vote}[deed](*words)
    except xmlrpc.client.Fault as fault:
        told = {"fault": fault.faultCode, "text": fault.faultString}
    except xmlrpc.client.ProtocolError as error:
        told = {"status": error.errcode}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
