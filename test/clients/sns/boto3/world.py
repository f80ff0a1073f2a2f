"""What every test starts from: clients, and topics and queues of its own."""

import itertools
import json
import unittest

import boto3
from botocore.exceptions import ClientError

from broker import endpoint

_numbers = itertools.count()
_clients = {}
ACCOUNT = "arn:aws:{}:us-east-1:000000000000:{}"


def client(service):
    """One for all tests: making one costs more than most tests."""
    if service not in _clients:
        _clients[service] = boto3.client(service, endpoint_url=endpoint())
    return _clients[service]


def text(value):
    return {"DataType": "String", "StringValue": value}


def new_name():
    return f"name-{next(_numbers)}"


class SnsTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.sns = client("sns")
        self.sqs = client("sqs")

    def make_topic(self, **attributes):
        name = new_name() + (".fifo" if attributes.get("FifoTopic") == "true" else "")
        return self.sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]

    def make_queue(self, suffix=""):
        """@returns URL and ARN"""
        name = new_name() + suffix
        attributes = {"FifoQueue": "true"} if suffix else {}
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, ACCOUNT.format("sqs", name)

    def subscribe(self, topic, protocol, address, **attributes):
        return self.sns.subscribe(
            TopicArn=topic, Protocol=protocol, Endpoint=address, Attributes=attributes, ReturnSubscriptionArn=True
        )["SubscriptionArn"]

    def subscribed_queue(self, topic, **attributes):
        """@returns the URL of a new queue, FIFO when the topic is, and the ARN of its subscription"""
        url, arn = self.make_queue(".fifo" if topic.endswith(".fifo") else "")
        return url, self.subscribe(topic, "sqs", arn, **attributes)

    def publish(self, topic, message="x", **options):
        return self.sns.publish(TopicArn=topic, Message=message, **options)

    def receive(self, url, **options):
        names = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"], "MaxNumberOfMessages": 10}
        return self.sqs.receive_message(QueueUrl=url, **{**names, **options}).get("Messages", [])

    def bodies(self, url, **options):
        return [each["Body"] for each in self.receive(url, **options)]

    def envelope(self, url):
        (message,) = self.receive(url, WaitTimeSeconds=10)
        return json.loads(message["Body"])

    def assert_refused(self, shape, code, call, *, status=400, says=None):
        with self.assertRaises(ClientError) as caught:
            call()
        answer = caught.exception.response
        self.assertIsInstance(caught.exception, getattr(self.sns.exceptions, shape))
        self.assertEqual([answer["Error"]["Code"], answer["Error"].get("Type")], [code, "Sender"])
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 0)
        if says is not None:
            self.assertEqual(answer["Error"]["Message"], says)
