"""Message move tasks, and permissions, by a client of AWS."""

import base64
import json
import time

from world import SqsTest, is_query


class Moves(SqsTest):
    def arn(self, url):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def make_dead_letters(self, bodies, **attributes):
        url, dead_letters = self.make_queue_with_dead_letters(1, **attributes)
        for body in bodies:
            self.send(url, body, **({"MessageGroupId": body[0]} if "FifoQueue" in attributes else {}))
        while self.counts(url)[0]:
            self.receive(url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        self.assertEqual(self.counts(dead_letters), [len(bodies), 0, 0])
        return url, dead_letters

    def start(self, dead_letters, **options):
        return self.sqs.start_message_move_task(SourceArn=self.arn(dead_letters), **options)["TaskHandle"]

    def task(self, dead_letters):
        return self.sqs.list_message_move_tasks(SourceArn=self.arn(dead_letters))["Results"][0]

    def until(self, dead_letters, status):
        for _ in range(500):
            task = self.task(dead_letters)
            if task["Status"] == status:
                return task
            time.sleep(0.01)  # Nothing tells: clients of AWS ask as well.
        raise AssertionError(f"the task does not become {status}: {task}")

    def bodies(self, url):
        return [each["Body"] for each in self.receive(url, MaxNumberOfMessages=10)]

    def test_messages_go_back_to_their_source(self):
        url, dead_letters = self.make_dead_letters(["a", "b", "c"])
        before = time.time()
        handle = self.start(dead_letters)
        task = self.until(dead_letters, "COMPLETED")
        self.assertEqual(json.loads(base64.b64decode(handle))["sourceArn"], self.arn(dead_letters))
        self.assertLess(abs(task.pop("StartedTimestamp") / 1000 - before), 60)
        self.assertEqual(
            task,
            {
                "Status": "COMPLETED",
                "SourceArn": self.arn(dead_letters),
                "ApproximateNumberOfMessagesMoved": 3,
                "ApproximateNumberOfMessagesToMove": 3,
            },
        )
        messages = self.receive(url, MaxNumberOfMessages=10)
        self.assertEqual([each["Body"] for each in messages], ["a", "b", "c"])
        self.assertEqual({each["Attributes"]["ApproximateReceiveCount"] for each in messages}, {"1"})

    def test_a_long_poll_gets_what_a_task_brings_back(self):
        url, dead_letters = self.make_dead_letters(["a"])
        self.start(dead_letters)
        self.assertEqual(self.receive_one(url, WaitTimeSeconds=20)["Body"], "a")

    def test_messages_of_a_fifo_queue_go_back_in_their_order(self):
        bodies = ["a1", "b1", "a2"]
        url, dead_letters = self.make_dead_letters(bodies, FifoQueue="true", ContentBasedDeduplication="true")
        self.start(dead_letters)
        self.until(dead_letters, "COMPLETED")
        self.assertEqual(sorted(self.bodies(url)), ["a1", "a2", "b1"])

    def test_a_task_with_a_rate_is_cancelled_half_way(self):
        _, dead_letters = self.make_dead_letters(["a", "b", "c"])
        other = self.make_queue()
        rate = {"DestinationArn": self.arn(other), "MaxNumberOfMessagesPerSecond": 1}
        handle = self.start(dead_letters, **rate)
        self.assertGreaterEqual(self.task(dead_letters).items(), {**rate, "TaskHandle": handle}.items())
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.start(dead_letters),
            says="There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        )
        self.assertEqual(self.receive_one(other, WaitTimeSeconds=20)["Body"], "a")
        moved = self.sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"]
        task = self.until(dead_letters, "CANCELLED")
        self.assertNotIn("TaskHandle", task)
        self.assertLessEqual(moved, task["ApproximateNumberOfMessagesMoved"])
        self.assertEqual(self.counts(dead_letters)[0], 3 - task["ApproximateNumberOfMessagesMoved"])

    def test_what_is_not_there_is_refused(self):
        url, dead_letters = self.make_dead_letters([])
        for call in (
            lambda: self.sqs.start_message_move_task(SourceArn=self.arn(dead_letters) + "-none"),
            lambda: self.sqs.start_message_move_task(
                SourceArn=self.arn(dead_letters), DestinationArn=self.arn(url) + "-none"
            ),
            lambda: self.sqs.list_message_move_tasks(SourceArn=self.arn(url) + "-none"),
        ):
            self.assert_refused("ResourceNotFoundException", call, status=404, shape="ResourceNotFoundException")
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.start(url),
            says="Source queue must be configured as a Dead Letter Queue.",
        )
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.sqs.cancel_message_move_task(TaskHandle="foobar"),
            says="Value for parameter TaskHandle is invalid.",
        )

    def test_the_sources_of_a_dead_letter_queue_are_listed(self):
        url, dead_letters = self.make_queue_with_dead_letters(1)
        self.assertEqual(self.sqs.list_dead_letter_source_queues(QueueUrl=dead_letters)["queueUrls"], [url])
        answer = self.sqs.list_dead_letter_source_queues(QueueUrl=url)
        nothing = [] if is_query() else None  # A flattened list of XML cannot be there and be empty.
        self.assertEqual(answer.get("queueUrls", nothing), [])


class Permissions(SqsTest):
    def policy(self, url):
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        return json.loads(found["Attributes"]["Policy"]) if "Attributes" in found else None

    def test_a_permission_is_a_statement_until_it_is_removed(self):
        url = self.make_queue()
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sqs.add_permission(QueueUrl=url, Label="one", AWSAccountIds=["111111111111"], Actions=["SendMessage"])
        self.assertEqual(
            self.policy(url),
            {
                "Version": "2008-10-17",
                "Id": f"{arn}/SQSDefaultPolicy",
                "Statement": [
                    {
                        "Sid": "one",
                        "Effect": "Allow",
                        "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
                        "Action": "SQS:SendMessage",
                        "Resource": arn,
                    }
                ],
            },
        )
        self.sqs.remove_permission(QueueUrl=url, Label="one")
        self.assertIsNone(self.policy(url))

    def test_labels_are_single(self):
        url = self.make_queue()
        add = {"QueueUrl": url, "Label": "one", "AWSAccountIds": ["111111111111"], "Actions": ["*"]}
        self.sqs.add_permission(**add)
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.sqs.add_permission(**add),
            says="Value one for parameter Label is invalid. Reason: Already exists.",
        )
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.sqs.remove_permission(QueueUrl=url, Label="two"),
            says="Value two for parameter Label is invalid. Reason: can't find label.",
        )

    def test_eight_actions_are_too_many(self):
        url = self.make_queue()
        self.assert_refused(
            "OverLimit",
            lambda: self.sqs.add_permission(
                QueueUrl=url, Label="one", AWSAccountIds=["111111111111"], Actions=["SendMessage"] * 8
            ),
            status=403,
            shape="OverLimit",
            says="8 Actions were found, maximum allowed is 7.",
        )
