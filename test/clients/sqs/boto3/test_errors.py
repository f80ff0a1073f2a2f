import json

from world import SqsTest, no_such_queue


class Errors(SqsTest):
    """`Error.Code` is the Query protocol's code, and the exception's class that of the model."""

    def test_a_queue_that_does_not_exist(self):
        url = self.make_queue() + "-missing"
        calls = {
            "get_queue_url": lambda: self.sqs.get_queue_url(QueueName="missing"),
            "send": lambda: self.send(url),
            "receive": lambda: self.receive(url),
            "purge": lambda: self.sqs.purge_queue(QueueUrl=url),
            "delete": lambda: self.sqs.delete_queue(QueueUrl=url),
            "a URL without sense": lambda: self.send("http://whatever-incorrect-queue-address"),
        }
        for kind, call in calls.items():
            with self.subTest(kind):
                self.assert_refused(
                    "AWS.SimpleQueueService.NonExistentQueue",
                    call,
                    shape="QueueDoesNotExist",
                    says=no_such_queue(),
                )

    def test_a_queue_with_other_attributes(self):
        url = self.make_queue()
        create = lambda: self.sqs.create_queue(QueueName=url.split("/")[-1], Attributes={"DelaySeconds": "1"})
        self.assert_refused("QueueAlreadyExists", create, shape="QueueNameExists", says="DelaySeconds")

    def test_names_and_values_of_attributes(self):
        url = self.make_queue()
        change = lambda **attributes: lambda: self.sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        self.assert_refused("InvalidAttributeName", change(QueueArn="x"), shape="InvalidAttributeName")
        self.assert_refused("InvalidAttributeName", change(FifoQueue="true"), says="Unknown Attribute FifoQueue.")
        self.assert_refused("InvalidAttributeValue", change(DelaySeconds="901"), shape="InvalidAttributeValue")
        self.assert_refused("InvalidParameterValue", change(RedrivePolicy="not JSON"))
        nowhere = json.dumps({"deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:no", "maxReceiveCount": 1})
        self.assert_refused("InvalidParameterValue", change(RedrivePolicy=nowhere))

    def test_receipt_handles(self):
        url, other = self.make_queue(), self.make_queue()
        self.send(other)
        foreign = self.receive_one(other)["ReceiptHandle"]
        for handle in ("garbage", foreign):
            with self.subTest(handle):
                self.assert_refused(
                    "ReceiptHandleIsInvalid",
                    lambda: self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle),
                    status=404,
                    shape="ReceiptHandleIsInvalid",
                )

    def test_a_visibility_of_what_is_deleted_or_out_of_range(self):
        url = self.make_queue()
        self.send(url)
        handle = self.receive_one(url)["ReceiptHandle"]
        change = lambda seconds: lambda: self.sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=seconds
        )
        self.assert_refused("InvalidParameterValue", change(43201))
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        self.assert_refused("InvalidParameterValue", change(1), says="does not exist or is not available")

    def test_batches(self):
        url = self.make_queue()
        send = lambda *ids: lambda: self.sqs.send_message_batch(
            QueueUrl=url, Entries=[{"Id": id, "MessageBody": "x"} for id in ids]
        )
        prefix = "AWS.SimpleQueueService."
        self.assert_refused(prefix + "EmptyBatchRequest", send(), shape="EmptyBatchRequest")
        self.assert_refused(prefix + "BatchEntryIdsNotDistinct", send("a", "b", "a"), shape="BatchEntryIdsNotDistinct")
        self.assert_refused(prefix + "InvalidBatchEntryId", send("a b"), shape="InvalidBatchEntryId")
        eleven = send(*[str(index) for index in range(11)])
        self.assert_refused(prefix + "TooManyEntriesInBatchRequest", eleven, says="You have sent 11.")
        long = lambda: self.sqs.send_message_batch(
            QueueUrl=url, Entries=[{"Id": id, "MessageBody": "x" * 524_289} for id in "ab"]
        )
        self.assert_refused(prefix + "BatchRequestTooLong", long, says="You have sent 1048578 bytes.")

    def test_numbers_out_of_range(self):
        url = self.make_queue()
        self.assert_refused("InvalidParameterValue", lambda: self.receive(url, MaxNumberOfMessages=0))
        self.assert_refused("InvalidParameterValue", lambda: self.receive(url, MaxNumberOfMessages=11))
        self.assert_refused("InvalidParameterValue", lambda: self.receive(url, WaitTimeSeconds=21))
        self.assert_refused("InvalidParameterValue", lambda: self.receive(url, VisibilityTimeout=43201))
        self.assert_refused("InvalidParameterValue", lambda: self.send(url, DelaySeconds=901))
        self.assert_refused("InvalidParameterValue", lambda: self.sqs.list_queues(MaxResults=1001))

    def test_an_empty_body(self):
        url = self.make_queue()
        self.assert_refused("MissingParameter", lambda: self.send(url, ""), says="parameter MessageBody")
