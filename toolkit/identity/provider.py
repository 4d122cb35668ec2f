"""An OpenID Connect provider as a client sees it: where to send somebody, and what comes back about who they are.

The authorization code flow with PKCE (RFC 7636), state and nonce. Authlib speaks to the provider, joserfc checks the
signature and the claims. What the provider publishes about itself is kept for an hour in each process; every answer of
it is bounded in size and time, and a redirect is never followed. The libraries are loaded when somebody signs in so.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from toolkit.domain.errors import ToolkitError

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # none with a shared secret, and never "none"
SCOPE = "openid email profile"
KEPT_SECONDS = 3_600
TIMEOUT_SECONDS = 5.0
MAX_BYTES = 256 * 1024
LEEWAY_SECONDS = 60
MAX_SUBJECT = 255
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class ProviderUnavailable(ToolkitError):
    """The provider cannot be reached, or does not answer as it should."""

    def __init__(self) -> None:
        super().__init__("The other site that vouches for you does not answer just now. Try again in a little while.")


class IdentityRefused(ToolkitError):
    """What came back does not fit what was asked; nobody is signed in by it."""

    def __init__(self) -> None:
        super().__init__("That sign-in did not fit together. Begin again from here.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept in the browser's signed cookie while somebody is away at the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is by the provider's word. `methods` says how they signed in there (RFC 8176)."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    methods: tuple[str, ...]


class Provider:
    """One provider, by its issuer address and what it gave this site as a client."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = check_issuer(issuer)
        self.client_id = client_id
        self.client_secret = client_secret
        self._kept: dict[str, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def begin(self, redirect_uri: str) -> tuple[str, Asked]:
        """Where to send somebody, and what to keep until they come back. Raises ProviderUnavailable."""
        asked = Asked(*(secrets.token_urlsafe(32) for _ in range(3)))
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
            )
        return str(address), asked

    def finish(self, redirect_uri: str, *, code: str, state: str, issuer: str | None, asked: Asked) -> Identity:
        """Who came back, from what the browser brought. `issuer` is the `iss` of RFC 9207, None where there is none.

        Raises IdentityRefused, ProviderUnavailable.
        """
        if not code or not hmac.compare_digest(state.encode(), asked.state.encode()):
            raise IdentityRefused
        if issuer is not None and issuer != self.issuer:
            raise IdentityRefused
        token = self._fetch_token(redirect_uri, code, asked.verifier)
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise IdentityRefused
        return self._identity(self._claims(id_token, asked.nonce))

    # --- inside -------------------------------------------------------------------------------------------------

    def _client(self, redirect_uri: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]  # ships no types

        supported = self._about().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        method = "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"
        client = OAuth2Session(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method=method,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        return _bounded(client)

    def _fetch_token(self, redirect_uri: str, code: str, verifier: str) -> Mapping[str, Any]:
        from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # ships no types
        from requests import RequestException

        endpoint = self._endpoint("token_endpoint")
        try:
            with self._client(redirect_uri) as client:
                found = client.fetch_token(endpoint, code=code, code_verifier=verifier)
        except AuthlibBaseError:  # the provider refused the code
            raise IdentityRefused from None
        except (RequestException, ValueError):
            raise ProviderUnavailable from None
        return dict(found)

    def _claims(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError

        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        )
        for is_fresh in (False, True):  # a key that is not known yet may be new
            try:
                found = jwt.decode(id_token, self._keys(anew=is_fresh), algorithms=ALGORITHMS)
                registry.validate(found.claims)
            except (JoseError, ValueError, KeyError, TypeError):
                if is_fresh:
                    raise IdentityRefused from None
            else:
                claims: Mapping[str, Any] = found.claims
                self._check_party(claims)
                return claims
        raise IdentityRefused

    def _check_party(self, claims: Mapping[str, Any]) -> None:
        """Raise IdentityRefused for a token that was given to somebody else as well."""
        party, audience = claims.get("azp"), claims.get("aud")
        if party is not None and party != self.client_id:
            raise IdentityRefused
        if isinstance(audience, list) and len(audience) > 1 and party is None:
            raise IdentityRefused

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject, email, methods = claims.get("sub"), claims.get("email", ""), claims.get("amr", [])
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
            raise IdentityRefused
        return Identity(
            self.issuer,
            subject,
            email if isinstance(email, str) and len(email) <= 320 else "",
            claims.get("email_verified") is True,
            tuple(one for one in methods if isinstance(one, str)) if isinstance(methods, list) else (),
        )

    def _about(self) -> Mapping[str, Any]:
        """What the provider publishes about itself."""

        def read() -> Mapping[str, Any]:
            found = self._json(self.issuer.rstrip("/") + WELL_KNOWN)
            if found.get("issuer") != self.issuer:
                raise ProviderUnavailable
            return found

        about: Mapping[str, Any] = self._keep("about", read)
        return about

    def _endpoint(self, name: str) -> str:
        address = self._about().get(name)
        if not isinstance(address, str) or not is_safe(address):
            raise ProviderUnavailable
        return address

    def _keys(self, *, anew: bool) -> Any:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        def read() -> Any:
            try:
                return KeySet.import_key_set(self._json(self._endpoint("jwks_uri")))  # type: ignore[arg-type]  # checked by it
            except (JoseError, ValueError, KeyError, TypeError):
                raise ProviderUnavailable from None

        return self._keep("keys", read, anew=anew)

    def _keep(self, name: str, read: Callable[[], Any], *, anew: bool = False) -> Any:
        with self._lock:
            at, found = self._kept.get(name, (0.0, None))
        if found is None or anew or time.monotonic() - at > KEPT_SECONDS:
            found = read()
            with self._lock:
                self._kept[name] = (time.monotonic(), found)
        return found

    def _json(self, address: str) -> dict[str, Any]:
        from requests import RequestException, Session

        try:
            with _bounded(Session()) as session:
                answer = session.get(address, headers={"Accept": "application/json"})
            found = answer.json() if answer.status_code == 200 else None
        except (RequestException, ValueError):
            raise ProviderUnavailable from None
        if not isinstance(found, dict):
            raise ProviderUnavailable
        return found


def check_issuer(issuer: str) -> str:
    """The address of an issuer: https, or http on this machine. Raises ValueError."""
    if not is_safe(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise ValueError("OIDC_ISSUER must be an https address, as the provider prints it.")
    return issuer


def is_safe(address: str) -> bool:
    """Whether an address is https, or http on this machine, where a provider is tried out."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL))


def _bounded(session: Any) -> Any:
    """A session that waits no longer than it must, takes no more than it must, and follows no redirect."""
    from requests.adapters import HTTPAdapter
    from requests.exceptions import ConnectionError as Unreachable

    class Bounded(HTTPAdapter):
        def send(self, request: Any, **given: Any) -> Any:  # type: ignore[override]  # all of it is passed on
            given |= {"stream": True, "timeout": TIMEOUT_SECONDS}
            answer = super().send(request, **given)
            content, began = b"", time.monotonic()
            for piece in answer.iter_content(16_384):
                content += piece
                if len(content) > MAX_BYTES or time.monotonic() - began > TIMEOUT_SECONDS:
                    answer.close()
                    raise Unreachable("The provider says too much, or says it too slowly.")
            answer._content = content
            return answer

    session.trust_env = False
    session.max_redirects = 0
    for scheme in ("https://", "http://"):
        session.mount(scheme, Bounded())
    return session


def asked_text(asked: Asked) -> str:
    """What is kept, as text for a cookie."""
    plain = json.dumps([asked.state, asked.nonce, asked.verifier]).encode()
    return base64.urlsafe_b64encode(plain).decode()


def read_asked(text: str) -> Asked | None:
    """The same back; None for what is nothing of the kind."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode()))
    except ValueError:
        return None
    if isinstance(found, list) and len(found) == 3 and all(isinstance(one, str) and one for one in found):
        return Asked(*found)
    return None
