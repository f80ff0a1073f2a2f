import concurrent.futures
import itertools
import json
import unittest
import urllib.parse
import urllib.request

from aws_cli import AwsError, sns, sqs
from broker import endpoint
from http_endpoint import HttpEndpoint

numbers = itertools.count()
ACCOUNT = "arn:aws:{}:us-east-1:000000000000:{}"


def new_name():
    return f"name-{next(numbers)}"


class AwsCliTest(unittest.TestCase):
    maxDiff = None

    def make_topic(self, suffix="", **options):
        return sns("create-topic", name=new_name() + suffix, **options)["TopicArn"]

    def subscribed_queue(self, topic, **attributes):
        """@returns the URL of a new queue, FIFO when the topic is"""
        is_fifo = topic.endswith(".fifo")
        name = new_name() + (".fifo" if is_fifo else "")
        url = sqs("create-queue", queue_name=name, **({"attributes": "FifoQueue=true"} if is_fifo else {}))["QueueUrl"]
        options = {"attributes": json.dumps(attributes)} if attributes else {}
        sns("subscribe", topic_arn=topic, protocol="sqs", notification_endpoint=ACCOUNT.format("sqs", name), **options)
        return url

    def receive(self, url):
        answer = sqs("receive-message", queue_url=url, max_number_of_messages=10, message_attribute_names=["All"])
        return (answer or {}).get("Messages", [])

    def bodies(self, url):
        return [each["Body"] for each in self.receive(url)]

    def assert_refused(self, operation, error, says, **options):
        with self.assertRaises(AwsError) as caught:
            sns(operation, **options)
        self.assertEqual(caught.exception.code, 255)  # Version 2 of the CLI ends with 254.
        self.assertIn(f"An error occurred ({error}) when calling the ", caught.exception.stderr)
        self.assertIn(says, caught.exception.stderr)


class Topics(AwsCliTest):
    def test_a_topic_from_its_creation_to_its_deletion(self):
        topic = self.make_topic(attributes="DisplayName=Orders", tags="Key=team,Value=blue")
        self.assertEqual(sns("get-topic-attributes", topic_arn=topic)["Attributes"]["DisplayName"], "Orders")
        self.assertIsNone(
            sns("set-topic-attributes", topic_arn=topic, attribute_name="SignatureVersion", attribute_value="2")
        )
        self.assertEqual(sns("get-topic-attributes", topic_arn=topic)["Attributes"]["SignatureVersion"], "2")
        self.assertIsNone(sns("tag-resource", resource_arn=topic, tags="Key=stage,Value=test"))
        self.assertIsNone(sns("untag-resource", resource_arn=topic, tag_keys="team"))
        self.assertEqual(
            sns("list-tags-for-resource", resource_arn=topic), {"Tags": [{"Key": "stage", "Value": "test"}]}
        )
        self.assertIn({"TopicArn": topic}, sns("list-topics")["Topics"])
        self.assertIsNone(sns("delete-topic", topic_arn=topic))
        self.assert_refused("get-topic-attributes", "NotFound", "Topic does not exist", topic_arn=topic)

    def test_the_pages_of_a_list_are_put_together(self):
        prefix = new_name() + "-page-"

        def make(index):
            body = urllib.parse.urlencode({"Action": "CreateTopic", "Name": f"{prefix}{index}"}).encode()
            urllib.request.urlopen(endpoint(), body).close()

        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            list(threads.map(make, range(151)))
        listed = sns("list-topics")["Topics"]
        self.assertEqual(len({each["TopicArn"] for each in listed if prefix in each["TopicArn"]}), 151)
        self.assertEqual(len(listed), len({each["TopicArn"] for each in listed}))

    def test_errors_say_code_and_reason(self):
        topic = self.make_topic()
        self.assert_refused("create-topic", "InvalidParameter", "Invalid parameter: Topic Name", name="no spaces")
        self.assert_refused(
            "subscribe", "InvalidParameter", "does not support this protocol string: pigeon", topic_arn=topic,
            protocol="pigeon", notification_endpoint="x",
        )  # fmt: skip


class Delivery(AwsCliTest):
    def test_a_queue_gets_an_envelope_and_another_the_raw_message(self):
        topic = self.make_topic()
        url, raw = self.subscribed_queue(topic), self.subscribed_queue(topic, RawMessageDelivery="true")
        attributes = {"city": {"DataType": "String", "StringValue": "Zürich"}}
        published = sns(
            "publish", topic_arn=topic, message="one crate 🍊", subject="Fruit", message_attributes=json.dumps(attributes)
        )
        (body,) = self.bodies(url)
        envelope = json.loads(body)
        self.assertEqual(
            [envelope["MessageId"], envelope["Subject"], envelope["Message"]],
            [published["MessageId"], "Fruit", "one crate 🍊"],
        )
        self.assertEqual(envelope["MessageAttributes"], {"city": {"Type": "String", "Value": "Zürich"}})
        (message,) = self.receive(raw)
        self.assertEqual([message["Body"], message["MessageAttributes"]], ["one crate 🍊", attributes])

    def test_filter_policies_decide(self):
        topic = self.make_topic()
        policies = {"FilterPolicy": '{"kind":["a"]}', "RawMessageDelivery": "true"}
        by_attributes = self.subscribed_queue(topic, **policies)
        by_body = self.subscribed_queue(topic, FilterPolicyScope="MessageBody", **policies)
        kind = json.dumps({"kind": {"DataType": "String", "StringValue": "a"}})
        sns("publish", topic_arn=topic, message="{}", message_attributes=kind)
        sns("publish", topic_arn=topic, message='{"kind":"a"}')
        self.assertEqual([self.bodies(by_attributes), self.bodies(by_body)], [["{}"], ['{"kind":"a"}']])

    def test_a_fifo_topic_keeps_the_order_of_a_batch_and_knows_duplicates(self):
        topic = self.make_topic(".fifo", attributes="FifoTopic=true,ContentBasedDeduplication=true")
        url = self.subscribed_queue(topic, RawMessageDelivery="true")
        entries = [{"Id": str(index), "Message": body, "MessageGroupId": "g"} for index, body in enumerate("abac")]
        published = sns("publish-batch", topic_arn=topic, publish_batch_request_entries=json.dumps(entries))
        self.assertEqual([each["Id"] for each in published["Successful"]], ["0", "1", "2", "3"])
        self.assertEqual(self.bodies(url), ["a", "b", "c"])

    def test_an_endpoint_confirms_gets_a_notification_and_is_unsubscribed(self):
        server = HttpEndpoint()
        self.addCleanup(server.close)
        topic = self.make_topic()
        answer = sns("subscribe", topic_arn=topic, protocol="http", notification_endpoint=server.url)
        self.assertEqual(answer, {"SubscriptionArn": "pending confirmation"})
        token = json.loads(server.take()[2])["Token"]
        subscription = sns("confirm-subscription", topic_arn=topic, token=token)["SubscriptionArn"]
        sns("publish", topic_arn=topic, message="one crate")
        self.assertEqual(json.loads(server.take()[2])["Message"], "one crate")
        listed = sns("list-subscriptions-by-topic", topic_arn=topic)["Subscriptions"]
        self.assertEqual([each["SubscriptionArn"] for each in listed], [subscription])
        self.assertIsNone(sns("unsubscribe", subscription_arn=subscription))
        self.assertEqual(sns("list-subscriptions-by-topic", topic_arn=topic)["Subscriptions"], [])


class PhonesAndDevices(AwsCliTest):
    def outbox(self, page, **query):
        with urllib.request.urlopen(f"{endpoint()}/_aws/sns/{page}?{urllib.parse.urlencode(query)}") as answer:
            return json.load(answer)

    def test_messages_to_a_device_and_to_a_phone_are_seen_in_the_outbox(self):
        application = sns(
            "create-platform-application", name=new_name(), platform="GCM", attributes="PlatformCredential=secret"
        )["PlatformApplicationArn"]
        device = sns("create-platform-endpoint", platform_application_arn=application, token="device-1")["EndpointArn"]
        ids = [
            sns("publish", target_arn=device, message="ding")["MessageId"],
            sns("publish", phone_number="+15551234567", message="ding")["MessageId"],
        ]
        pushes = self.outbox("platform-endpoint-messages", endpointArn=device)["platform_endpoint_messages"][device]
        texts = self.outbox("sms-messages", phoneNumber="+15551234567")["sms_messages"]["+15551234567"]
        self.assertEqual([[each["MessageId"] for each in found] for found in (pushes, texts)], [[ids[0]], [ids[1]]])
