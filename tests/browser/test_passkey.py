"""A passkey in a real browser, with a device that it plays: added at the first sign-in, used at the next."""

from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from core.audit.verify import verify_all
from tests.browser.walk import Walk, lets_in
from tests.factories import person, setting
from tests.moments import london
from tests.way_in import PASSPHRASE

pytestmark = pytest.mark.browser


def test_a_lead_adds_a_passkey_and_signs_in_with_it(walk: Walk) -> None:
    # Browsers give passkeys to names, not to numbers.
    walk.log = replace(walk.log, url=walk.log.url.replace("127.0.0.1", "localhost"))
    device = VirtualAuthenticatorOptions(
        transport="internal", has_user_verification=True, is_user_verified=True
    )
    walk.screen.add_virtual_authenticator(device)
    walk.at(london(2026, 12, 23, 10))
    chinwe = lets_in(person("Chinwe Adebayo", lead=setting()))

    walk.open("/sign-in/")
    walk.fill(username=chinwe.email, password=PASSPHRASE)
    walk.send()
    walk.press("Use a passkey instead")
    walk.looks("add-passkey")
    walk.fill(name="My work phone")
    walk.press("Add it")
    walk.sees("Print these codes")
    walk.press("I have them: go on")
    walk.sees("Sign out")
    row = Authenticator.objects.get(user=chinwe, type="webauthn")
    assert row.data["name"] == "My work phone"

    walk.press("Sign out")
    walk.sees("You have signed out")
    walk.fill(username=chinwe.email, password=PASSPHRASE)
    walk.send()
    walk.sees("Use a passkey")
    walk.looks("second-step-passkey")
    walk.press("Use a passkey")
    walk.sees("Sign out")
    row.refresh_from_db()
    assert row.last_used_at is not None
    walk.open("/how-you-sign-in/")
    walk.sees("Passkey: My work phone")
    walk.looks("how-you-sign-in-passkey")
    assert list(verify_all()) == []
