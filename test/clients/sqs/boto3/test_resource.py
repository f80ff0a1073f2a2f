import boto3

from broker import endpoint
from world import SqsTest, text


class Resource(SqsTest):
    """boto3's objects over the same operations."""

    def setUp(self):
        super().setUp()
        self.resource = boto3.resource("sqs", endpoint_url=endpoint())

    def test_a_queue_sends_receives_and_deletes(self):
        queue = self.resource.create_queue(QueueName=self.new_name(), Attributes={"VisibilityTimeout": "60"})
        queue.send_message(MessageBody="hello", MessageAttributes={"author": text("me")})
        (message,) = queue.receive_messages(MessageAttributeNames=["author"], WaitTimeSeconds=1)
        self.assertEqual([message.body, message.message_attributes], ["hello", {"author": text("me")}])
        message.change_visibility(VisibilityTimeout=0)
        (message,) = queue.receive_messages()
        message.delete()
        queue.load()
        self.assertEqual(queue.attributes["VisibilityTimeout"], "60")
        self.assertEqual(queue.attributes["ApproximateNumberOfMessagesNotVisible"], "0")
        queue.delete()
        self.assertNotIn(queue.url, [each.url for each in self.resource.queues.all()])

    def test_queues_are_found_by_name_and_prefix(self):
        name = self.new_name() + "-found"
        queue = self.resource.create_queue(QueueName=name)
        self.assertEqual(self.resource.get_queue_by_name(QueueName=name).url, queue.url)
        self.assertEqual([each.url for each in self.resource.queues.filter(QueueNamePrefix=name)], [queue.url])

    def test_batches_of_objects(self):
        queue = self.resource.create_queue(QueueName=self.new_name())
        queue.send_messages(Entries=[{"Id": id, "MessageBody": id} for id in "abc"])
        messages = queue.receive_messages(MaxNumberOfMessages=10)
        entries = [{"Id": each.message_id, "ReceiptHandle": each.receipt_handle} for each in messages]
        self.assertEqual(len(queue.delete_messages(Entries=entries)["Successful"]), 3)
        self.assertEqual(queue.receive_messages(), [])
        queue.purge()
