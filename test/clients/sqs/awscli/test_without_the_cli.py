"""What Gantry does where there is no AWS CLI, judged by the AWS CLI: the same lines through both, each in an account of its own."""

import contextlib
import io
import itertools
import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from unittest import mock

import jmespath
from awscli.clidriver import create_clidriver
from broker import endpoint

OWN = os.path.join(os.path.dirname(os.environ["GANTRY_MAIN"]), "aws", "main.js")
# What is different each time, in what is the same.
CHANGING = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\bAQ[\w-]{38,}"), "<handle>"),
    (re.compile(r"\b[A-Za-z0-9][\w+/=-]{49,}"), "<handle>"),
    (re.compile(r"\b\d{20}\b"), "<sequence-number>"),
    (re.compile(r"\b1\d{12}\b"), "<milliseconds>"),
    (re.compile(r"\b1\d{9}\b"), "<seconds>"),
]


class Side:
    """One of the two, with what its earlier answers said."""

    def __init__(self, account):
        self.account = account
        self.known = {"url": f"{endpoint()}/{account}", "arn": f"arn:aws:sqs:us-east-1:{account}"}

    def run(self, line):
        """@returns exit code, output, errors"""
        words = [re.sub(r"<(\w+)>", lambda found: self.known[found[1]], word) for word in shlex.split(line)]
        code, out, err = self.call(words, {**ENVIRONMENT, "AWS_ACCESS_KEY_ID": self.account})
        return code, self.plain(out), self.plain(err).strip()

    def plain(self, text):
        text = text.replace(self.account, "<account>")
        for pattern, name in CHANGING:
            text = pattern.sub(name, text)
        return text


class Real(Side):
    def call(self, words, environment):
        out, err = io.StringIO(), io.StringIO()
        with mock.patch.dict(os.environ, environment), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = create_clidriver().main(["--endpoint-url", endpoint(), *words])
            except SystemExit as exit:
                code = exit.code
        self.last = out.getvalue()
        return code, self.last, err.getvalue()


class Own(Side):
    def call(self, words, environment):
        done = subprocess.run(
            [os.environ.get("GANTRY_NODE", "node"), OWN, *words],
            env={**os.environ, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        self.last = done.stdout
        return done.returncode, done.stdout, done.stderr


ENVIRONMENT = {"AWS_ENDPOINT_URL": endpoint(), "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
numbers = itertools.count(1)
# The codes of version 1 of the CLI, which judges here, and what version 2 ends with in their place.
CODES = {0: [0], 255: [252, 254, 255], 2: [252]}


class SameAsTheCli(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        number = next(numbers)
        self.sides = [Real(f"1{number:011d}"), Own(f"2{number:011d}")]
        folder = tempfile.TemporaryDirectory(prefix="gantry-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def same(self, line, **captured):
        """Runs it on both sides; keeps of each answer what later lines name as <name>."""
        (code, out, err), (own_code, own_out, own_err) = (side.run(line) for side in self.sides)
        told = f"\n{line}\n{err}\n{own_err}"
        self.assertIn(own_code, CODES[code], told)
        if out[:1] in ("{", "["):
            self.assertEqual(json.loads(own_out), json.loads(out), told)
            self.assertEqual(own_out, json.dumps(json.loads(own_out), indent=4, ensure_ascii=False) + "\n", told)
        else:
            self.assertEqual(own_out, out, told)
        if "An error occurred" in err:
            # What the broker hints at stands below, which AWS's own program does not show.
            self.assertEqual((own_code, own_err.split("\ngantry: ")[0]), (254, err), told)
        else:
            self.assertEqual(own_err == "", err == "", told)
        for name, query in captured.items():
            for side in self.sides:
                side.known[name] = jmespath.search(query, json.loads(side.last))
        return own_err

    def file(self, name, content):
        """@returns the word that makes both read it"""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return f"file://{path}"


class Queues(SameAsTheCli):
    def test_queues_and_their_attributes(self):
        self.same("sqs create-queue --queue-name a --attributes VisibilityTimeout=45,DelaySeconds=2 --tags team=red,cost=7")
        self.same("""sqs create-queue --queue-name b.fifo --attributes '{"FifoQueue":"true"}' --output text""")
        self.same("sqs create-queue --queue-name=c --query QueueUrl --output text")
        self.same("sqs get-queue-url --queue-name a --query QueueUrl --output text")
        self.same("sqs get-queue-attributes --queue-url <url>/a --attribute-names All")
        self.same("sqs get-queue-attributes --attribute-names VisibilityTimeout DelaySeconds --queue-url <url>/a")
        self.same("sqs get-queue-attributes --queue-url <url>/a --attribute-names All --output text")
        self.same("sqs get-queue-attributes --queue-url <url>/a --attribute-names All --output table")
        self.same("""sqs get-queue-attributes --queue-url <url>/a --attribute-names '["DelaySeconds"]' --output table""")
        self.same("sqs set-queue-attributes --queue-url <url>/a --attributes MaximumMessageSize=2048")
        policy = {"deadLetterTargetArn": "<arn>:c", "maxReceiveCount": "3"}
        attributes = shlex.quote(json.dumps({"RedrivePolicy": json.dumps(policy)}))
        self.same(f"sqs set-queue-attributes --queue-url <url>/a --attributes {attributes}")
        quoted = shlex.quote("RedrivePolicy='" + json.dumps(policy) + "',DelaySeconds=3")
        self.same(f"sqs set-queue-attributes --queue-url <url>/a --attributes {quoted}")
        self.same("sqs get-queue-attributes --queue-url <url>/a --attribute-names All --query Attributes.RedrivePolicy")
        self.same("sqs list-dead-letter-source-queues --queue-url <url>/c")
        self.same("sqs list-queue-tags --queue-url <url>/a")
        self.same("sqs tag-queue --queue-url <url>/a --tags 'a=x y,b=\"1,2\"'")
        self.same("sqs untag-queue --queue-url <url>/a --tag-keys cost team")
        self.same("sqs list-queue-tags --queue-url <url>/a --output text")
        self.same("sqs list-queue-tags --queue-url <url>/c")
        self.same("sqs add-permission --queue-url <url>/a --label l --aws-account-ids 111122223333 --actions SendMessage")
        self.same("sqs remove-permission --queue-url <url>/a --label l")
        self.same("sqs purge-queue --queue-url <url>/a")
        self.same("sqs delete-queue --queue-url <url>/a --output text")
        self.same("sqs get-queue-url --queue-name a")

    def test_pages(self):
        self.same("sqs list-queues")
        self.same("sqs list-queues --output text")
        self.same("sqs list-queues --output table")
        self.same("sqs list-queues --query QueueUrls")
        for name in "abcde":
            self.same(f"sqs create-queue --queue-name {name}")
        self.same("sqs list-queues")
        self.same("sqs list-queues --page-size 2")
        self.same("sqs list-queues --page-size 2 --output text")
        self.same("sqs list-queues --page-size 2 --output text --query QueueUrls")
        self.same("sqs list-queues --page-size 2 --output text --query 'QueueUrls[*].[@]'")
        self.same("sqs list-queues --queue-name-prefix c --output table")
        self.same("sqs list-queues --max-items 2", token="NextToken")
        self.same("sqs list-queues --max-items 2 --starting-token <token>", token="NextToken")
        self.same("sqs list-queues --max-items 2 --starting-token <token>")
        self.same("sqs list-queues --max-items 2 --output text")
        self.same("sqs list-queues --max-items 2 --page-size 2 --query 'length(QueueUrls)'")
        self.same("sqs list-queues --max-results 2 --query 'QueueUrls[0]'")
        self.same("sqs list-queues --no-paginate")
        self.same("sqs list-queues --no-paginate --max-items 2")


class Messages(SameAsTheCli):
    def test_messages_one_by_one(self):
        self.same("sqs create-queue --queue-name a")
        self.same("sqs send-message --queue-url <url>/a --message-body 'h\u00e9llo  \U0001f600 \"x\"'")
        self.same(f"sqs send-message --queue-url <url>/a --message-body {self.file('body', ' two' + chr(10) + 'lines' + chr(10))}")
        attributes = "city={DataType=String,StringValue='Z\u00fcrich, \\'CH\\''},n={StringValue=7,DataType=Number}"
        self.same(f"sqs send-message --queue-url <url>/a --message-body x --message-attributes {shlex.quote(attributes)}")
        self.same("sqs receive-message --queue-url <url>/a", handle="Messages[0].ReceiptHandle")
        self.same("sqs change-message-visibility --queue-url <url>/a --receipt-handle <handle> --visibility-timeout 60")
        self.same("sqs delete-message --queue-url <url>/a --receipt-handle <handle>")
        self.same("sqs receive-message --queue-url <url>/a --output text --query 'Messages[].[Body,MD5OfBody]'")
        names = "--attribute-names SenderId --message-attribute-names All --message-system-attribute-names ApproximateReceiveCount"
        self.same(f"sqs receive-message --queue-url <url>/a {names} --max-number-of-messages 10 --visibility-timeout 0")
        self.same(f"sqs receive-message --queue-url <url>/a {names} --visibility-timeout 0 --output text")
        self.same("sqs receive-message --queue-url <url>/a --message-attribute-names n --wait-time-seconds 1 --output table")
        self.same("sqs receive-message --queue-url <url>/a")
        self.same("sqs receive-message --queue-url <url>/a --query Messages --output text")

    def test_batches_and_fifo(self):
        self.same("sqs create-queue --queue-name a.fifo --attributes FifoQueue=true,ContentBasedDeduplication=true")
        self.same("sqs send-message --queue-url <url>/a.fifo --message-body 0 --message-group-id g --message-deduplication-id d")
        entries = "Id=1,MessageBody=x,MessageGroupId=g 'Id=2,MessageBody=\"y,z\",MessageGroupId=h'"
        self.same(f"sqs send-message-batch --queue-url <url>/a.fifo --entries {entries}")
        word = json.dumps([{"Id": "3", "MessageBody": "3", "MessageGroupId": "g", "DelaySeconds": 9}, {"Id": "4", "MessageBody": "4", "MessageGroupId": "g"}])
        self.same(f"sqs send-message-batch --queue-url <url>/a.fifo --entries {shlex.quote(word)} --output text")
        self.same("""sqs send-message-batch --queue-url <url>/a.fifo --entries '{"Id":"5","MessageBody":"5","MessageGroupId":"g"}' --output table""")
        self.same("sqs receive-message --queue-url <url>/a.fifo --max-number-of-messages 2 --query 'Messages[].Body'")
        self.same("sqs create-queue --queue-name b")
        self.same("sqs send-message-batch --queue-url <url>/b --entries Id=1,MessageBody=x Id=2,MessageBody=x,DelaySeconds=1")
        self.same("sqs receive-message --queue-url <url>/b", handle="Messages[0].ReceiptHandle")
        self.same("sqs change-message-visibility-batch --queue-url <url>/b --entries Id=1,ReceiptHandle=<handle>,VisibilityTimeout=9 Id=2,ReceiptHandle=no")
        self.same("sqs delete-message-batch --queue-url <url>/b --entries Id=1,ReceiptHandle=<handle> Id=2,ReceiptHandle=no --output table")
        skeleton = json.dumps({"QueueUrl": "<url>/b", "MessageBody": "from the file", "DelaySeconds": 900})
        self.same(f"sqs send-message --cli-input-json {shlex.quote(skeleton)} --delay-seconds 0")
        self.same("sqs receive-message --queue-url <url>/b --wait-time-seconds 2 --query 'Messages[].Body' --output text")

    def test_moves(self):
        self.same("sqs create-queue --queue-name dead")
        policy = shlex.quote(json.dumps({"RedrivePolicy": json.dumps({"deadLetterTargetArn": "<arn>:dead", "maxReceiveCount": 1})}))
        self.same(f"sqs create-queue --queue-name a --attributes {policy}")
        self.same("sqs list-message-move-tasks --source-arn <arn>:dead")
        self.same("sqs start-message-move-task --source-arn <arn>:dead --max-number-of-messages-per-second 1", task="TaskHandle")
        self.same("sqs list-message-move-tasks --source-arn <arn>:dead --query 'Results[].SourceArn' --output text")
        self.same("sqs cancel-message-move-task --task-handle no")


class Refusals(SameAsTheCli):
    def test_what_the_broker_refuses(self):
        self.same("sqs get-queue-url --queue-name none")
        self.same("sqs create-queue --queue-name 'not good'")
        self.same("sqs create-queue --queue-name a --attributes DelaySeconds=901")
        self.same("sqs send-message --queue-url <url>/none --message-body x")
        self.same("sqs create-queue --queue-name a")
        self.same("sqs send-message-batch --queue-url <url>/a --entries Id=1,MessageBody=x Id=1,MessageBody=x")
        self.same("sqs receive-message --queue-url <url>/a --max-number-of-messages 11")

    def test_what_is_not_understood(self):
        for line in (
            "sqs no-such-thing",
            "sqs",
            "sqs list-queues --no-such-option",
            "sqs list-queues extra",
            "sqs list-queues --queue-name-prefix",
            "sqs list-queues --output xml",
            "sqs list-queues --query 'a['",
            "sqs create-queue --queue-name a --attributes DelaySeconds",
            "sqs create-queue --queue-name a --attributes a=1,a=2",
            "sqs create-queue --queue-name a --attributes '{broken'",
            """sqs create-queue --queue-name a --attributes '{"DelaySeconds":1}'""",
            "sqs send-message-batch --queue-url <url>/a --entries Id=1,Text=x",
            "sqs send-message --queue-url <url>/a --message-body x --delay-seconds soon",
            "sqs send-message --queue-url <url>/a --message-body file:///no/such/file",
        ):
            with self.subTest(line):
                self.assertNotEqual(self.same(line), "")

    def test_who_asks(self):
        self.same("sts get-caller-identity")
        self.same("sts get-caller-identity --query Account --output text")
        self.same("sts get-caller-identity --output table")
        self.same("--region eu-west-1 sqs create-queue --queue-name here")
        self.same("sqs get-queue-url --queue-name here --region eu-west-1 --output text")
        self.same("sqs get-queue-url --queue-name here")
