"""Where the files lie that are judged here."""

import pathlib

FOLDER = pathlib.Path(__file__).parents[4] / "docker"
