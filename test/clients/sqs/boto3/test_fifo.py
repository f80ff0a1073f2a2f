import hashlib

from world import SqsTest


class Fifo(SqsTest):
    def make(self, **attributes):
        return self.make_queue(FifoQueue="true", ContentBasedDeduplication="true", **attributes)

    def bodies(self, url, **options):
        return [each["Body"] for each in self.receive(url, MaxNumberOfMessages=10, **options)]

    def test_a_group_keeps_its_order_and_numbers_rise(self):
        url = self.make()
        sent = [self.send(url, str(index), MessageGroupId="g")["SequenceNumber"] for index in range(10)]
        messages = self.receive(url, MaxNumberOfMessages=10)
        self.assertEqual([each["Body"] for each in messages], [str(index) for index in range(10)])
        self.assertEqual([each["Attributes"]["SequenceNumber"] for each in messages], sent)
        self.assertEqual(sent, sorted(sent))

    def test_a_group_waits_while_one_of_its_messages_is_in_flight(self):
        url = self.make()
        for body in ("a1", "a2", "b1"):
            self.send(url, body, MessageGroupId=body[0])
        first = self.receive_one(url)
        self.assertEqual(self.bodies(url), ["b1"])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
        self.assertEqual(self.bodies(url), ["a2"])

    def test_a_message_that_is_given_back_comes_before_its_followers(self):
        url = self.make()
        for body in "12":
            self.send(url, body, MessageGroupId="g")
        handle = self.receive_one(url)["ReceiptHandle"]
        self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        self.assertEqual(self.bodies(url), ["1", "2"])

    def test_a_duplicate_has_the_id_and_number_of_the_first_and_is_not_delivered(self):
        url = self.make()
        first, second = (self.send(url, "same", MessageGroupId="g") for _ in range(2))
        self.assertEqual(
            [first["MessageId"], first["SequenceNumber"]], [second["MessageId"], second["SequenceNumber"]]
        )
        message = self.receive_one(url, MaxNumberOfMessages=10)
        self.assertEqual(message["Attributes"]["MessageDeduplicationId"], hashlib.sha256(b"same").hexdigest())
        self.send(url, "same", MessageGroupId="g", MessageDeduplicationId="another")
        self.assertEqual(self.counts(url), [1, 1, 0])

    def test_the_scope_of_deduplication_can_be_the_group(self):
        url = self.make(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
        for group in ("a", "b", "a"):
            self.send(url, "same", MessageGroupId=group)
        self.assertEqual(self.bodies(url), ["same", "same"])

    def test_a_poisoned_message_leaves_its_group(self):
        url, dead_letters = self.make_queue_with_dead_letters(1, FifoQueue="true", ContentBasedDeduplication="true")
        for body in ("poison", "good"):
            self.send(url, body, MessageGroupId="g")
        self.receive_one(url, VisibilityTimeout=0)
        self.assertEqual(self.bodies(url, WaitTimeSeconds=5), ["good"])
        self.assertEqual(self.bodies(dead_letters, WaitTimeSeconds=5), ["poison"])

    def test_its_rules_are_kept(self):
        url = self.make_queue(FifoQueue="true")
        for code, options in (
            ("MissingParameter", {"MessageDeduplicationId": "d"}),
            ("InvalidParameterValue", {"MessageGroupId": "g"}),
            ("InvalidParameterValue", {"MessageGroupId": "g g", "MessageDeduplicationId": "d"}),
            ("InvalidParameterValue", {"MessageGroupId": "g", "MessageDeduplicationId": "d", "DelaySeconds": 2}),
        ):
            with self.subTest(options):
                self.assert_refused(code, lambda: self.send(url, **options))
