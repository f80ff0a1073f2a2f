import json
import urllib.request

from http_endpoint import HttpEndpoint
from world import SnsTest, text


class Http(SnsTest):
    def setUp(self):
        super().setUp()
        self.endpoint = HttpEndpoint()
        self.addCleanup(self.endpoint.close)
        self.topic = self.make_topic()

    def confirmed(self, **attributes):
        self.subscribe(self.topic, "http", self.endpoint.url + "/hook?a=1", **attributes)
        token = json.loads(self.endpoint.take()[2])["Token"]
        return self.sns.confirm_subscription(TopicArn=self.topic, Token=token)["SubscriptionArn"]

    def test_an_endpoint_is_asked_to_confirm_and_until_then_gets_nothing(self):
        answer = self.sns.subscribe(TopicArn=self.topic, Protocol="http", Endpoint=self.endpoint.url)
        self.assertEqual(answer["SubscriptionArn"], "pending confirmation")
        _, headers, body = self.endpoint.take()
        asked = json.loads(body)
        self.assertEqual(
            [headers["x-amz-sns-message-type"], asked["Type"], headers["User-Agent"]],
            ["SubscriptionConfirmation", "SubscriptionConfirmation", "Amazon Simple Notification Service Agent"],
        )
        self.publish(self.topic, "too early")
        urllib.request.urlopen(asked["SubscribeURL"]).close()
        self.publish(self.topic, "in time")
        self.assertEqual(json.loads(self.endpoint.take()[2])["Message"], "in time")
        counted = self.sns.get_topic_attributes(TopicArn=self.topic)["Attributes"]
        self.assertEqual([counted["SubscriptionsConfirmed"], counted["SubscriptionsPending"]], ["1", "0"])

    def test_a_notification_is_posted_with_the_headers_of_AWS(self):
        subscription = self.confirmed()
        published = self.publish(self.topic, "one crate", Subject="Fruit", MessageAttributes={"city": text("Zürich")})
        path, headers, body = self.endpoint.take()
        self.assertEqual(
            [path, *(headers[f"x-amz-sns-{name}"] for name in ("message-type", "message-id", "subscription-arn"))],
            ["/hook?a=1", "Notification", published["MessageId"], subscription],
        )
        notification = json.loads(body)
        self.assertEqual([notification["Message"], notification["Subject"]], ["one crate", "Fruit"])
        self.assertEqual(notification["MessageAttributes"], {"city": {"Type": "String", "Value": "Zürich"}})

    def test_raw_delivery_posts_the_message_itself(self):
        self.confirmed(RawMessageDelivery="true")
        self.publish(self.topic, '{"order":7}')
        _, headers, body = self.endpoint.take()
        self.assertEqual([body, headers["x-amz-sns-rawdelivery"]], ['{"order":7}', "true"])

    def test_the_link_in_a_notification_unsubscribes(self):
        subscription = self.confirmed()
        self.publish(self.topic, "the last one")
        link = json.loads(self.endpoint.take()[2])["UnsubscribeURL"]
        urllib.request.urlopen(link).close()
        self.publish(self.topic, "nobody wants it")
        _, headers, body = self.endpoint.take()
        self.assertEqual(headers["x-amz-sns-message-type"], "UnsubscribeConfirmation")
        self.assertIn(subscription, json.loads(body)["Message"])

    def test_a_token_that_nobody_gave_is_refused(self):
        confirm = lambda: self.sns.confirm_subscription(TopicArn=self.topic, Token="a" * 288)
        self.assert_refused("InvalidParameterException", "InvalidParameter", confirm)
