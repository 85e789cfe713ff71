#!/bin/sh
# After installing, upgrading and removing: let the desktop see the menu entry, the icon and the kinds of files. What a
# user keeps lies in the home folders and is touched by none of these.
set -e
if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf /usr/share/icons/hicolor || true; fi
exit 0
