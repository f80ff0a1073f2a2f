"""Rules that clients of other brokers have tripped over."""

import threading
import time

from botocore.exceptions import ClientError

from world import SqsTest


class Rules(SqsTest):
    def make_fifo(self, **attributes):
        return self.make_queue(FifoQueue="true", ContentBasedDeduplication="true", **attributes)

    def test_a_purge_forgets_duplicates_and_handles(self):
        url = self.make_fifo()
        self.send(url, "same", MessageGroupId="g")
        handle = self.receive_one(url)["ReceiptHandle"]
        self.sqs.purge_queue(QueueUrl=url)
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        self.send(url, "same", MessageGroupId="g")
        self.assertEqual(self.counts(url), [1, 0, 0])

    def test_a_queue_that_is_made_again_knows_no_duplicates(self):
        url = self.make_fifo()
        self.send(url, "same", MessageGroupId="g")
        self.sqs.delete_queue(QueueUrl=url)
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        self.sqs.create_queue(QueueName=url.split("/")[-1], Attributes=attributes)
        self.send(url, "same", MessageGroupId="g")
        self.assertEqual(self.counts(url), [1, 0, 0])

    def test_a_fifo_queue_allows_no_delay_but_its_own(self):
        url = self.make_fifo(DelaySeconds="1")
        self.send(url, MessageGroupId="g", DelaySeconds=0)
        self.assertEqual(self.counts(url), [0, 0, 1])
        self.receive_one(url, WaitTimeSeconds=10)

    def test_a_group_stays_locked_until_its_last_message_in_flight_is_deleted(self):
        url = self.make_fifo()
        for body in "123":
            self.send(url, body, MessageGroupId="g")
        first, second = self.receive(url, MaxNumberOfMessages=2)
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
        self.assertEqual(self.receive(url), [])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])
        self.assertEqual(self.receive_one(url)["Body"], "3")

    def test_groups_take_turns_when_all_is_given_back(self):
        url = self.make_fifo()
        for body in ("g1-m1", "g1-m2", "g2-m1", "g2-m2", "g3-m1"):
            self.send(url, body, MessageGroupId=body[:2])
        rounds = [
            [each["Body"] for each in self.receive(url, MaxNumberOfMessages=count, VisibilityTimeout=0)]
            for count in (3, 10)
        ]
        self.assertEqual(rounds[0], ["g1-m1", "g1-m2", "g2-m1"])
        self.assertEqual(rounds[1], ["g3-m1", "g1-m1", "g1-m2", "g2-m1", "g2-m2"])

    def test_an_expired_handle_deletes_from_a_standard_queue_and_changes_nothing_else(self):
        url = self.make_queue(VisibilityTimeout="1")
        self.send(url)
        handle = self.receive_one(url)["ReceiptHandle"]
        wait_until(lambda: self.counts(url) == [1, 0, 0])
        self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=600)
        self.assertEqual(self.counts(url), [1, 0, 0])
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        self.assertEqual(self.counts(url), [0, 0, 0])

    def test_an_older_handle_still_deletes_from_a_standard_queue(self):
        url = self.make_queue()
        self.send(url)
        older = self.receive_one(url, VisibilityTimeout=0)["ReceiptHandle"]
        self.receive_one(url)
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=older)
        self.assertEqual(self.counts(url), [0, 0, 0])

    def test_a_changed_visibility_holds_for_one_receive_only(self):
        url = self.make_queue(VisibilityTimeout="600")
        self.send(url)
        handle = self.receive_one(url)["ReceiptHandle"]
        self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        self.receive_one(url)
        self.assertEqual(self.counts(url), [0, 1, 0])

    def test_no_visibility_goes_beyond_twelve_hours_after_the_receive(self):
        url = self.make_queue()
        self.send(url)
        handle = self.receive_one(url)["ReceiptHandle"]
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=43200),
            says="Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
        )

    def test_a_long_poll_ends_when_its_queue_is_deleted(self):
        url = self.make_queue()
        started, ends = time.monotonic(), []

        def poll():
            try:
                ends.append(self.receive(url, WaitTimeSeconds=20))
            except ClientError as error:
                ends.append(error.response["Error"]["Code"])

        thread = threading.Thread(target=poll)
        thread.start()
        self.counts(url)  # One turn for the poll.
        self.sqs.delete_queue(QueueUrl=url)
        thread.join()
        self.assertIn(ends, [[[]], ["AWS.SimpleQueueService.NonExistentQueue"]])
        self.assertLess(time.monotonic() - started, 5)

    def test_messages_stay_when_their_dead_letter_queue_is_deleted(self):
        url, dead_letters = self.make_queue_with_dead_letters(1)
        self.send(url)
        self.sqs.delete_queue(QueueUrl=dead_letters)
        for _ in range(3):
            self.receive(url, VisibilityTimeout=0)
        self.assertEqual(self.counts(url), [1, 0, 0])

    def test_a_dead_letter_does_not_bounce_on_by_its_old_count(self):
        last = self.make_queue()
        middle = self.make_queue(RedrivePolicy=self.redrive_to(last, 2))
        url = self.make_queue(RedrivePolicy=self.redrive_to(middle, 2))
        self.send(url)
        for _ in range(3):
            self.receive(url, VisibilityTimeout=0)
        self.receive_one(middle, VisibilityTimeout=0)
        self.receive_one(middle, VisibilityTimeout=0)
        self.assertEqual(self.receive(middle), [])
        self.assertEqual(self.receive_one(last)["Attributes"]["ApproximateReceiveCount"], "5")

    def redrive_to(self, url, count):
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":"{count}"}}'

    def test_a_redrive_policy_comes_back_with_its_count_as_a_number(self):
        dead_letters = self.make_queue()
        url = self.make_queue(RedrivePolicy=self.redrive_to(dead_letters, 5))
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        self.assertTrue(found["RedrivePolicy"].endswith('"maxReceiveCount":5}'))
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
        self.assertNotIn("Attributes", self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"]))

    def test_a_standard_queue_takes_a_group_but_no_deduplication_id(self):
        url = self.make_queue()
        self.send(url, MessageGroupId="tenant")
        self.assertEqual(self.receive_one(url)["Attributes"]["MessageGroupId"], "tenant")
        self.assert_refused("InvalidParameterValue", lambda: self.send(url, MessageDeduplicationId="d"))

    def test_ten_messages_of_one_mebibyte_come_in_one_answer(self):
        url = self.make_queue()
        for index in range(10):
            self.send(url, str(index) * 1_048_576)
        messages = self.receive(url, MaxNumberOfMessages=10)
        self.assertEqual([each["Body"][0] for each in messages], list("0123456789"))

    def test_a_queue_is_found_by_its_bare_name_and_with_a_slash_at_its_end(self):
        url = self.make_queue()
        self.send(url.split("/")[-1], "by name")
        self.send(url + "/", "with a slash")
        self.assertEqual(self.counts(url), [2, 0, 0])

    def test_in_a_batch_a_fifo_queue_refuses_all_for_one_missing_group(self):
        url = self.make_fifo()
        entries = [{"Id": "a", "MessageBody": "x", "MessageGroupId": "g"}, {"Id": "b", "MessageBody": "y"}]
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.sqs.send_message_batch(QueueUrl=url, Entries=entries),
            says="The request must contain the parameter MessageGroupId.",
        )
        self.assertEqual(self.counts(url), [0, 0, 0])

    def test_one_handle_can_stand_twice_in_a_batch(self):
        url = self.make_queue()
        self.send(url)
        handle = self.receive_one(url)["ReceiptHandle"]
        entries = [{"Id": id, "ReceiptHandle": handle} for id in "ab"]
        self.assertEqual(len(self.sqs.delete_message_batch(QueueUrl=url, Entries=entries)["Successful"]), 2)

    def test_a_new_delay_of_a_fifo_queue_holds_for_what_is_in_it(self):
        url = self.make_fifo()
        self.send(url, MessageGroupId="g")
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "600"})
        self.assertEqual(self.receive(url), [])
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
        self.receive_one(url)


def wait_until(is_so, seconds_max=10):
    """What has no event to wait for is asked again, each time with a request of its own."""
    end = time.monotonic() + seconds_max
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError("it did not become so")
