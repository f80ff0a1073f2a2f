"""What the README shows, run as it stands; its address is put in, or is in the environment."""

import os
import pathlib
import re
import subprocess

from broker import endpoint

README = pathlib.Path(__file__).resolve().parents[3] / "README.md"
RUN_SECONDS_MAX = 60


def run_block(language, command, mark):
    """@returns what the first block in that language that holds the mark has printed"""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    code = next(block for block in blocks if mark in block).replace("http://127.0.0.1:4566", endpoint())
    env = {
        **os.environ,
        "AWS_ENDPOINT_URL": endpoint(),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    done = subprocess.run([*command, code], stdout=subprocess.PIPE, text=True, check=True, timeout=RUN_SECONDS_MAX, env=env)
    return done.stdout
