import json

from world import SnsTest, text

BODY = 'line 1\r\nline 2 "quoted" <&> Zürich 🍊'
ATTRIBUTES = {
    "city": text("Zürich 🍊"),
    "amount": {"DataType": "Number", "StringValue": "7.5"},
    "picture": {"DataType": "Binary", "BinaryValue": b"\x00\x89\xff"},
}


class Queues(SnsTest):
    def test_a_queue_gets_an_envelope(self):
        topic = self.make_topic()
        url, subscription = self.subscribed_queue(topic)
        published = self.publish(topic, BODY, Subject="Fruit", MessageAttributes=ATTRIBUTES)
        (message,) = self.receive(url)
        envelope = json.loads(message["Body"])
        self.assertEqual(
            list(envelope),
            "Type MessageId TopicArn Subject Message Timestamp SignatureVersion Signature SigningCertURL UnsubscribeURL "
            "MessageAttributes".split(),
        )
        self.assertEqual(
            [envelope[name] for name in ("Type", "MessageId", "TopicArn", "Subject", "Message")],
            ["Notification", published["MessageId"], topic, "Fruit", BODY],
        )
        self.assertIn(subscription, envelope["UnsubscribeURL"])
        self.assertEqual(envelope["MessageAttributes"]["city"], {"Type": "String", "Value": "Zürich 🍊"})
        self.assertEqual(envelope["MessageAttributes"]["picture"], {"Type": "Binary", "Value": "AIn/"})
        self.assertNotIn("MessageAttributes", message)

    def test_raw_delivery_gives_the_message_itself(self):
        topic = self.make_topic()
        url, _ = self.subscribed_queue(topic, RawMessageDelivery="true")
        self.publish(topic, BODY, MessageAttributes=ATTRIBUTES)
        (message,) = self.receive(url)
        self.assertEqual([message["Body"], message["MessageAttributes"]], [BODY, ATTRIBUTES])

    def test_a_message_can_have_a_text_for_each_protocol(self):
        topic = self.make_topic()
        url, _ = self.subscribed_queue(topic)
        self.publish(topic, json.dumps({"default": "for all", "sqs": "for queues"}), MessageStructure="json")
        self.assertEqual(self.envelope(url)["Message"], "for queues")

    def test_one_publish_reaches_all_before_it_is_answered(self):
        topic = self.make_topic()
        urls = [self.subscribed_queue(topic)[0] for _ in range(5)]
        published = self.publish(topic)["MessageId"]
        received = [[json.loads(body)["MessageId"] for body in self.bodies(url)] for url in urls]
        self.assertEqual(received, [[published]] * 5)

    def test_a_batch_is_published(self):
        topic = self.make_topic()
        url, _ = self.subscribed_queue(topic, RawMessageDelivery="true")
        entries = [{"Id": id, "Message": f"message {id}", "MessageAttributes": ATTRIBUTES} for id in "abc"]
        published = self.sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
        self.assertEqual([[each["Id"] for each in published["Successful"]], published["Failed"]], [list("abc"), []])
        messages = self.receive(url)
        self.assertEqual(sorted(each["Body"] for each in messages), ["message a", "message b", "message c"])
        self.assertEqual(messages[0]["MessageAttributes"], ATTRIBUTES)

    def test_what_a_queue_that_is_gone_cannot_take_goes_to_the_dead_letter_queue(self):
        topic = self.make_topic()
        dead_letters, arn = self.make_queue()
        url, _ = self.subscribed_queue(topic, RedrivePolicy=json.dumps({"deadLetterTargetArn": arn}))
        self.sqs.delete_queue(QueueUrl=url)
        self.publish(topic, "nobody is there")
        self.assertEqual(self.envelope(dead_letters)["Message"], "nobody is there")
