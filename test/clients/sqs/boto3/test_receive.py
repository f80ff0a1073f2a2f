import threading
import time

from world import SqsTest, text


class Receive(SqsTest):
    def test_a_message_counts_its_receives_and_has_the_attributes_of_AWS(self):
        url = self.make_queue()
        self.send(url)
        first = self.receive_one(url, VisibilityTimeout=0)
        second = self.receive_one(url, VisibilityTimeout=0)
        self.assertEqual(
            sorted(first["Attributes"]),
            ["ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "SenderId", "SentTimestamp"],
        )
        self.assertEqual(
            [each["Attributes"]["ApproximateReceiveCount"] for each in (first, second)], ["1", "2"]
        )

    def test_the_deprecated_list_of_names_works(self):
        url = self.make_queue()
        self.send(url)
        message = self.sqs.receive_message(QueueUrl=url, AttributeNames=["SentTimestamp"])["Messages"][0]
        self.assertEqual(list(message["Attributes"]), ["SentTimestamp"])

    def test_a_message_comes_again_when_its_visibility_ends(self):
        url = self.make_queue(VisibilityTimeout="1")
        self.send(url)
        first = self.receive_one(url)
        self.assertEqual(self.receive(url), [])
        again = self.receive_one(url, WaitTimeSeconds=10)
        self.assertEqual(again["MessageId"], first["MessageId"])

    def test_a_long_poll_ends_with_the_message_that_is_sent_while_it_waits(self):
        url = self.make_queue()
        bodies, started = [], time.monotonic()
        poll = threading.Thread(
            target=lambda: bodies.extend(each["Body"] for each in self.receive(url, WaitTimeSeconds=20))
        )
        poll.start()
        self.counts(url)  # One turn for the poll.
        self.send(url, "wake up")
        poll.join()
        self.assertEqual(bodies, ["wake up"])
        self.assertLess(time.monotonic() - started, 5)

    def test_a_long_poll_on_an_empty_queue_ends_without_messages(self):
        url = self.make_queue(ReceiveMessageWaitTimeSeconds="1")
        started = time.monotonic()
        self.assertNotIn("Messages", self.sqs.receive_message(QueueUrl=url))
        self.assertGreaterEqual(time.monotonic() - started, 0.99)

    def test_a_delayed_message_comes_when_its_delay_ends(self):
        url = self.make_queue()
        self.send(url, DelaySeconds=1)
        self.assertEqual(self.counts(url), [0, 0, 1])
        self.assertEqual(self.receive(url), [])
        self.receive_one(url, WaitTimeSeconds=10)

    def test_a_deleted_message_never_comes_again(self):
        url = self.make_queue()
        self.send(url)
        handle = self.receive_one(url, VisibilityTimeout=0)["ReceiptHandle"]
        for _ in range(2):
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        self.assertEqual(self.receive(url), [])

    def test_a_message_received_too_often_is_found_in_the_dead_letter_queue(self):
        url, dead_letters = self.make_queue_with_dead_letters(2)
        sent = self.send(url, "poison", MessageAttributes={"kind": text("x")})
        for _ in range(2):
            self.receive_one(url, VisibilityTimeout=0)
        self.assertEqual(self.receive(url), [])
        dead = self.receive_one(dead_letters, WaitTimeSeconds=5)
        self.assertEqual(
            [dead["MessageId"], dead["Body"], dead["MessageAttributes"]],
            [sent["MessageId"], "poison", {"kind": text("x")}],
        )
        self.assertEqual(dead["Attributes"]["ApproximateReceiveCount"], "3")
        self.assertTrue(dead["Attributes"]["DeadLetterQueueSourceArn"].endswith(":" + url.split("/")[-1]))


class Batches(SqsTest):
    def test_ten_messages_go_come_and_are_deleted_in_three_requests(self):
        url = self.make_queue()
        entries = [{"Id": f"id-{index}", "MessageBody": f"body {index} 😀"} for index in range(10)]
        sent = self.sqs.send_message_batch(QueueUrl=url, Entries=entries)
        messages = self.receive(url, MaxNumberOfMessages=10)
        handles = [{"Id": each["MessageId"], "ReceiptHandle": each["ReceiptHandle"]} for each in messages]
        deleted = self.sqs.delete_message_batch(QueueUrl=url, Entries=handles)
        self.assertEqual([each["Id"] for each in sent["Successful"]], [each["Id"] for each in entries])
        self.assertEqual([each["Body"] for each in messages], [each["MessageBody"] for each in entries])
        self.assertEqual(len(deleted["Successful"]), 10)
        self.assertNotIn("Failed", deleted)
        self.assertEqual(self.counts(url), [0, 0, 0])

    def test_a_bad_entry_fails_alone(self):
        url = self.make_queue(MaximumMessageSize="1024")
        entries = [
            {"Id": "good", "MessageBody": "x"},
            {"Id": "control", "MessageBody": "\x01"},
            {"Id": "long", "MessageBody": "x" * 1025},
        ]
        answer = self.sqs.send_message_batch(QueueUrl=url, Entries=entries)
        self.assertEqual([each["Id"] for each in answer["Successful"]], ["good"])
        self.assertEqual(
            [(each["Id"], each["Code"], each["SenderFault"]) for each in answer["Failed"]],
            [("control", "InvalidMessageContents", True), ("long", "InvalidParameterValue", True)],
        )
        garbage = [{"Id": "none", "ReceiptHandle": "garbage"}]
        failed = self.sqs.delete_message_batch(QueueUrl=url, Entries=garbage)["Failed"]
        self.assertEqual([(each["Id"], each["Code"]) for each in failed], [("none", "ReceiptHandleIsInvalid")])
