"""An OpenID Connect provider on this machine, for tests; it can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "decent-work", "a secret & a half"


class LocalProvider:
    """Signs everybody in who comes, as `claims` says. `twist` changes what it does wrong."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.claims: dict[str, Any] = {"sub": "u-1", "email": "noor@example.org", "email_verified": True}
        self.twist = ""
        self.asked: dict[str, dict[str, str]] = {}  # by code
        self.requests: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"

    def about(self) -> dict[str, Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        if self.twist == "another issuer":
            found["issuer"] = "https://evil.example"
        if self.twist == "unsafe endpoint":
            found["token_endpoint"] = "http://evil.example/token"
        return found

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        state = "forged" if self.twist == "forged state" else asked["state"]
        answer = {"code": code, "state": state}
        if self.twist == "another iss":
            answer["iss"] = "https://evil.example"
        if self.twist == "denied":
            answer = {"error": "access_denied", "state": state}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.asked.get(sent.get("code", ""))
        if self.twist != "codes count twice":
            self.asked.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if (
            asked is None
            or asked["code_challenge_method"] != "S256"
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or asked["redirect_uri"] != sent.get("redirect_uri")
            or not given.startswith(CLIENT_ID)
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": asked["nonce"],
        } | self.claims
        claims |= {
            "wrong issuer": {"iss": "https://evil.example"},
            "wrong audience": {"aud": "somebody-else"},
            "two audiences": {"aud": [CLIENT_ID, "somebody-else"]},
            "another party": {"azp": "somebody-else"},
            "wrong nonce": {"nonce": "another"},
            "expired": {"exp": now - 300},
            "empty subject": {"sub": ""},
        }.get(self.twist, {})
        if self.twist == "no nonce":
            del claims["nonce"]
        if self.twist == "not signed":
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
            return f"{head}.{body}."
        if self.twist == "signed with the secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])
        key = self.key
        if self.twist == "another key":
            key = RSAKey.generate_key(2048, {"kid": "first"})
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key)


def _handler(provider: LocalProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.requests.append(self.path)
            path = urlsplit(self.path)
            if path.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(path.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif provider.twist == "redirects" and path.path != "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
            elif provider.twist == "huge":
                self.answer(200, provider.about() | {"padding": "x" * 400_000})
            elif provider.twist == "no JSON":
                self.answer(200, "<html>")
            elif provider.twist == "broken":
                self.answer(500, {})
            elif path.path == "/keys":
                self.answer(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self.answer(200, provider.about())

        def do_POST(self) -> None:
            provider.requests.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*provider.token(sent, self.headers.get("Authorization", "")))

        def answer(self, status: int, found: Any) -> None:
            content = (found if isinstance(found, str) else json.dumps(found)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    """A provider that answers until the end of the block."""
    provider = LocalProvider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()
