import json
import os
import shutil
import subprocess
import unittest

from broker import endpoint
from keys import OPERATOR, SHOP, client, key_of

ROLE = "arn:aws:iam::111122223333:role/deployer"


class Sts(unittest.TestCase):
    def test_who_am_i(self):
        who = client("sts", SHOP).get_caller_identity()
        self.assertEqual((who["Account"], who["Arn"]), ("111122223333", "arn:aws:iam::111122223333:user/shop"))

    def test_credentials_of_a_session_sign(self):
        key = key_of(client("sts", OPERATOR).get_session_token(DurationSeconds=900)["Credentials"])
        url = client("sqs", key).create_queue(QueueName="by-session")["QueueUrl"]
        self.assertEqual(url, f"{endpoint()}/111122223333/by-session")
        self.assertEqual(client("sts", key).get_caller_identity()["Arn"], "arn:aws:iam::111122223333:user/operator")

    def test_credentials_of_a_role_sign(self):
        assumed = client("sts", OPERATOR).assume_role(RoleArn=ROLE, RoleSessionName="ci")
        self.assertEqual(assumed["AssumedRoleUser"]["Arn"], "arn:aws:sts::111122223333:assumed-role/deployer/ci")
        key = key_of(assumed["Credentials"])
        client("sqs", key).create_queue(QueueName="by-role")
        self.assertEqual(client("sts", key).get_caller_identity()["Arn"], assumed["AssumedRoleUser"]["Arn"])


@unittest.skipUnless(shutil.which("aws"), "the packages of this run have no AWS CLI")
class AwsCli(unittest.TestCase):
    def run_cli(self, key, *args):
        keys = {"AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1]}
        command = ["aws", "--endpoint-url", endpoint(), *args]
        return subprocess.run(command, env={**os.environ, **keys}, capture_output=True, text=True, timeout=60)

    def test_get_caller_identity(self):
        done = self.run_cli(SHOP, "sts", "get-caller-identity")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["Arn"], "arn:aws:iam::111122223333:user/shop")

    def test_a_wrong_secret(self):
        done = self.run_cli((SHOP[0], "guess"), "sqs", "list-queues")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("An error occurred (SignatureDoesNotMatch) when calling the ListQueues operation", done.stderr)
