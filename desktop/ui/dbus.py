"""The names on the session bus that choosing an input method and speaking to fcitx share."""

PORTAL = "org.freedesktop.portal.Fcitx"
TIMEOUT_S = 1.0
