"""Runs the real `aws` in a process of its own, as a person or a script does."""

import json
import os
import subprocess

from broker import endpoint

# Version 1 of the CLI takes the addresses of most regions from a list of its own, whatever AWS_ENDPOINT_URL says; regions
# that are younger than that list heed the variable.
YOUNG_REGION = "eu-central-2"


class AwsError(Exception):
    def __init__(self, code, stderr):
        super().__init__(f"exit code {code}: {stderr}")
        self.code = code
        self.stderr = stderr.strip()


def aws(*args, **environment):
    """@returns what it printed, from JSON; None when it printed nothing"""
    variables = {"AWS_ENDPOINT_URL": endpoint(), "AWS_DEFAULT_REGION": YOUNG_REGION, **environment}
    kept = {name: value for name, value in os.environ.items() if name not in ("AWS_REGION", "GANTRY_ENDPOINT")}
    done = subprocess.run(
        ["aws", *args], env={**kept, **variables}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    if done.returncode != 0:
        raise AwsError(done.returncode, done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


def sqs(operation, **options):
    """`sqs("send-message", queue_url=url)` is `aws sqs send-message --queue-url <url>`."""
    args = []
    for name, value in options.items():
        args.append(f"--{name.replace('_', '-')}")
        args += value if isinstance(value, list) else [str(value)]
    return aws("sqs", operation, *args)
