"""Runs the real `aws` in a process of its own, as a person or a script does."""

import json
import os
import subprocess

from broker import endpoint


class AwsError(Exception):
    def __init__(self, code, stderr):
        super().__init__(f"exit code {code}: {stderr}")
        self.code = code
        self.stderr = stderr.strip()


def aws(service, operation, **options):
    """
    `aws("sns", "publish", topic_arn=arn)` is `aws sns publish --topic-arn <arn>`; None stands for an option without a value.
    @returns what it printed, from JSON; None when it printed nothing
    """
    command = ["aws", "--endpoint-url", endpoint(), service, operation]
    for name, value in options.items():
        command.append(f"--{name.replace('_', '-')}")
        if value is not None:
            command += value if isinstance(value, list) else [str(value)]
    done = subprocess.run(
        command, env=os.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    if done.returncode != 0:
        raise AwsError(done.returncode, done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


def sns(operation, **options):
    return aws("sns", operation, **options)


def sqs(operation, **options):
    return aws("sqs", operation, **options)
