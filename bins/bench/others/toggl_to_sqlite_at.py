"""toggl-to-sqlite against another base: BASE ARGUMENTS..."""

import sys

import requests

BASE = sys.argv.pop(1)
get = requests.get
requests.get = lambda url, **options: get(url.replace("https://api.track.toggl.com/api/v9", BASE), **options)

from toggl_to_sqlite.cli import cli  # noqa: E402

cli()
