import itertools
import json
import os
import tempfile
import unittest

from aws_cli import AwsError, aws, sqs
from broker import endpoint

numbers = itertools.count()


class AwsCliTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gantry-test-")
        self.addCleanup(self.folder.cleanup)

    def make_queue(self, suffix="", **attributes):
        options = {"attributes": json.dumps(attributes)} if attributes else {}
        return sqs("create-queue", queue_name=f"queue-{next(numbers)}{suffix}", **options)["QueueUrl"]

    def file(self, name, content):
        """@returns the argument that makes the CLI read it"""
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return f"file://{path}"

    def assert_refused(self, operation, error, **options):
        with self.assertRaises(AwsError) as caught:
            sqs(operation, **options)
        self.assertEqual(caught.exception.code, 255)  # Version 2 of the CLI ends with 254.
        pattern = r"An error occurred \({}\) when calling the {} operation: .".format(error, r"\w+")
        self.assertRegex(caught.exception.stderr, pattern)


class Queues(AwsCliTest):
    def test_a_queue_from_its_creation_to_its_deletion(self):
        url = self.make_queue(VisibilityTimeout="60")
        name = url.split("/")[-1]
        self.assertEqual(url, f"{endpoint()}/000000000000/{name}")
        self.assertEqual(sqs("get-queue-url", queue_name=name), {"QueueUrl": url})
        self.assertEqual(sqs("list-queues", queue_name_prefix=name), {"QueueUrls": [url]})
        found = sqs("get-queue-attributes", queue_url=url, attribute_names=["VisibilityTimeout", "QueueArn"])
        self.assertEqual(
            found["Attributes"],
            {"VisibilityTimeout": "60", "QueueArn": f"arn:aws:sqs:eu-central-2:000000000000:{name}"},
        )
        self.assertIsNone(sqs("set-queue-attributes", queue_url=url, attributes="DelaySeconds=5"))
        found = sqs("get-queue-attributes", queue_url=url, attribute_names=["DelaySeconds"])
        self.assertEqual(found["Attributes"], {"DelaySeconds": "5"})
        self.assertIsNone(sqs("delete-queue", queue_url=url))
        self.assertIsNone(sqs("list-queues", queue_name_prefix=name))

    def test_the_pages_of_a_list_are_put_together(self):
        prefix = f"queue-{next(numbers)}-page"
        urls = [sqs("create-queue", queue_name=f"{prefix}-{index}")["QueueUrl"] for index in range(3)]
        self.assertEqual(sqs("list-queues", queue_name_prefix=prefix, page_size=2)["QueueUrls"], urls)

    def test_regions_are_apart_and_an_explicit_endpoint_works_everywhere(self):
        name = f"queue-{next(numbers)}"
        elsewhere = ("--endpoint-url", endpoint(), "--region", "us-east-1")
        url = aws("sqs", "create-queue", "--queue-name", name, *elsewhere)["QueueUrl"]
        found = aws("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn", *elsewhere)
        self.assertEqual(found["Attributes"]["QueueArn"], f"arn:aws:sqs:us-east-1:000000000000:{name}")
        self.assert_refused("get-queue-url", "AWS.SimpleQueueService.NonExistentQueue", queue_name=name)


class Messages(AwsCliTest):
    def test_a_message_is_sent_received_and_deleted(self):
        url = self.make_queue()
        body = 'line 1\nline 2 "quoted" 😀 \\'
        attributes = {
            "city": {"DataType": "String", "StringValue": "Zürich"},
            "amount": {"DataType": "Number.int", "StringValue": "7"},
        }
        sent = sqs(
            "send-message",
            queue_url=url,
            message_body=self.file("body", body),
            message_attributes=self.file("attributes.json", attributes),
        )
        (message,) = sqs(
            "receive-message",
            queue_url=url,
            message_system_attribute_names=["All"],
            message_attribute_names=["All"],
        )["Messages"]
        self.assertEqual([message["Body"], message["MessageAttributes"]], [body, attributes])
        self.assertEqual(message["Attributes"]["ApproximateReceiveCount"], "1")
        self.assertEqual(
            [message["MessageId"], message["MD5OfBody"], message["MD5OfMessageAttributes"]],
            [sent["MessageId"], sent["MD5OfMessageBody"], sent["MD5OfMessageAttributes"]],
        )
        self.assertIsNone(sqs("delete-message", queue_url=url, receipt_handle=message["ReceiptHandle"]))
        self.assertIsNone(sqs("receive-message", queue_url=url))

    def test_batches_come_from_files(self):
        url = self.make_queue()
        entries = [{"Id": f"id-{index}", "MessageBody": f"body {index}"} for index in range(3)]
        sent = sqs("send-message-batch", queue_url=url, entries=self.file("send.json", entries))
        self.assertEqual([each["Id"] for each in sent["Successful"]], ["id-0", "id-1", "id-2"])
        messages = sqs("receive-message", queue_url=url, max_number_of_messages=10, wait_time_seconds=5)["Messages"]
        handles = [{"Id": each["Body"][-1], "ReceiptHandle": each["ReceiptHandle"]} for each in messages]
        longer = [{**each, "VisibilityTimeout": 90} for each in handles]
        changed = sqs(
            "change-message-visibility-batch", queue_url=url, entries=self.file("change.json", longer)
        )
        handles.append({"Id": "none", "ReceiptHandle": "garbage"})
        deleted = sqs("delete-message-batch", queue_url=url, entries=self.file("delete.json", handles))
        self.assertEqual(len(changed["Successful"]), 3)
        self.assertEqual(len(deleted["Successful"]), 3)
        self.assertEqual([each["Code"] for each in deleted["Failed"]], ["ReceiptHandleIsInvalid"])

    def test_a_purge_empties_the_queue(self):
        url = self.make_queue()
        sqs("send-message", queue_url=url, message_body="x")
        self.assertIsNone(sqs("purge-queue", queue_url=url))
        self.assertIsNone(sqs("receive-message", queue_url=url))

    def test_a_fifo_queue_keeps_order_and_refuses_duplicates(self):
        url = self.make_queue(".fifo", FifoQueue="true", ContentBasedDeduplication="true")
        first, _, again = (
            sqs("send-message", queue_url=url, message_body=body, message_group_id="g") for body in ("1", "2", "1")
        )
        self.assertEqual(again["MessageId"], first["MessageId"])
        received = sqs("receive-message", queue_url=url, max_number_of_messages=10)["Messages"]
        self.assertEqual([each["Body"] for each in received], ["1", "2"])

    def test_a_message_given_back_too_often_is_in_the_dead_letter_queue(self):
        dead_letters = self.make_queue()
        found = sqs("get-queue-attributes", queue_url=dead_letters, attribute_names=["QueueArn"])
        policy = json.dumps({"deadLetterTargetArn": found["Attributes"]["QueueArn"], "maxReceiveCount": 1})
        url = self.make_queue(RedrivePolicy=policy)
        sqs("send-message", queue_url=url, message_body="poison")
        (message,) = sqs("receive-message", queue_url=url)["Messages"]
        handle = message["ReceiptHandle"]
        sqs("change-message-visibility", queue_url=url, receipt_handle=handle, visibility_timeout=0)
        self.assertIsNone(sqs("receive-message", queue_url=url))
        (dead,) = sqs("receive-message", queue_url=dead_letters)["Messages"]
        self.assertEqual([dead["Body"], dead["MessageId"]], ["poison", message["MessageId"]])


class Errors(AwsCliTest):
    def test_they_name_the_code_and_the_operation(self):
        with self.assertRaises(AwsError) as caught:
            sqs("get-queue-url", queue_name="missing")
        self.assertEqual(
            caught.exception.stderr,
            "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: "
            "The specified queue does not exist.",
        )

    def test_each_has_its_code_and_ends_the_CLI_with_255(self):
        url = self.make_queue()
        twice = self.file("twice.json", [{"Id": "a", "MessageBody": "x"}] * 2)
        self.assert_refused(
            "send-message-batch", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", queue_url=url, entries=twice
        )
        self.assert_refused("delete-message", "ReceiptHandleIsInvalid", queue_url=url, receipt_handle="garbage")
        self.assert_refused("set-queue-attributes", "InvalidAttributeName", queue_url=url, attributes="QueueArn=x")
        self.assert_refused("receive-message", "InvalidParameterValue", queue_url=url, wait_time_seconds=21)
        self.assert_refused("send-message", "MissingParameter", queue_url=url, message_body="")
        self.assert_refused(
            "create-queue", "QueueAlreadyExists", queue_name=url.split("/")[-1], attributes="DelaySeconds=1"
        )
