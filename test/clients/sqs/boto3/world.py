"""What every test starts from: a client and queues of its own."""

import itertools
import json
import unittest

from botocore.exceptions import ClientError

from checked_client import checked_client

_numbers = itertools.count()
_client = None


def client():
    """One for all tests: making one costs more than most tests."""
    global _client
    if _client is None:
        _client = checked_client()
    return _client


def is_query():
    """Whether this botocore speaks the Query protocol to SQS, which has other words for some things."""
    return client().meta.service_model.protocol == "query"


def system_names():
    """The list of wanted system attributes, which older models know by its first name alone."""
    members = client().meta.service_model.operation_model("ReceiveMessage").input_shape.members
    return next(name for name in ("MessageSystemAttributeNames", "AttributeNames") if name in members)


def no_such_queue():
    return f"The specified queue does not exist{' for this wsdl version' if is_query() else ''}."


class SqsTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.sqs = client()

    def new_name(self):
        return f"queue-{next(_numbers)}"

    def make_queue(self, **attributes):
        name = self.new_name() + (".fifo" if attributes.get("FifoQueue") == "true" else "")
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def make_queue_with_dead_letters(self, count, **attributes):
        fifo = {name: value for name, value in attributes.items() if name == "FifoQueue"}
        dead_letters = self.make_queue(**fifo)
        arn = self.sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": count})
        return self.make_queue(RedrivePolicy=policy, **attributes), dead_letters

    def send(self, url, body="x", **options):
        return self.sqs.send_message(QueueUrl=url, MessageBody=body, **options)

    def receive(self, url, **options):
        names = {system_names(): ["All"], "MessageAttributeNames": ["All"]}
        answer = self.sqs.receive_message(QueueUrl=url, **{**names, **options})
        self.assertNotEqual(answer.get("Messages"), [], "AWS leaves an empty list out")
        return answer.get("Messages", [])

    def receive_one(self, url, **options):
        messages = self.receive(url, **options)
        self.assertEqual(len(messages), 1)
        return messages[0]

    def counts(self, url):
        """Waiting, in flight, delayed."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return [int(attributes[name]) for name in names]

    def assert_refused(self, code, call, *, status=400, shape=None, says=None):
        """`code` is the Query protocol's, which boto3 shows before the shape of the model."""
        with self.assertRaises(ClientError) as caught:
            call()
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], code)
        self.assertEqual(answer["Error"].get("Type"), "Sender")
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        self.assertEqual(answer["ResponseMetadata"]["RetryAttempts"], 0)
        is_younger = is_query() and shape == "InvalidAttributeValue"  # Than that model.
        if shape is not None and not is_younger:
            self.assertIsInstance(caught.exception, getattr(self.sqs.exceptions, shape))
        if says is not None:
            self.assertIn(says, answer["Error"]["Message"])


def text(value):
    return {"DataType": "String", "StringValue": value}
