"""What the tests with a real browser are given; see `fixtures.py`."""

from tests.browser.fixtures import browser, contexts, filled, new_site, somebody

__all__ = ["browser", "contexts", "filled", "new_site", "somebody"]
