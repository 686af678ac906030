"""tap-toggl against another base: BASE ARGUMENTS..."""

import sys

import tap_toggl
import tap_toggl.toggl

tap_toggl.toggl.BASE_URL = sys.argv.pop(1).removesuffix("/v9")
tap_toggl.main()
