"""A browser and its machine in plain words, from what the browser says it is."""

from __future__ import annotations

# The first that is found decides: most browsers also claim to be an older one.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "a Chromebook"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Such as “Firefox on Windows”; empty where nothing is known."""
    browser = next((word for sign, word in BROWSERS if sign in user_agent), "")
    machine = next((word for sign, word in MACHINES if sign in user_agent), "")
    return " on ".join(filter(None, (browser or ("A browser" if machine else ""), machine)))
