import json

from world import ACCOUNT, SnsTest, new_name


class Subscriptions(SnsTest):
    def attributes(self, subscription):
        return self.sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]

    def test_a_queue_is_subscribed_once_and_at_once(self):
        topic = self.make_topic()
        _, arn = self.make_queue()
        subscription = self.subscribe(topic, "sqs", arn)
        self.assertEqual(self.subscribe(topic, "sqs", arn), subscription)
        attributes = self.attributes(subscription)
        self.assertRegex(attributes.pop("SubscriptionPrincipal"), "^arn:aws:iam::000000000000:user/")
        self.assertEqual(
            attributes,
            {
                "ConfirmationWasAuthenticated": "true",
                "Endpoint": arn,
                "Owner": "000000000000",
                "PendingConfirmation": "false",
                "Protocol": "sqs",
                "RawMessageDelivery": "false",
                "SubscriptionArn": subscription,
                "TopicArn": topic,
            },
        )

    def test_attributes_that_are_set_come_back(self):
        topic = self.make_topic()
        _, subscription = self.subscribed_queue(topic)
        _, dead_letters = self.make_queue()
        given = {
            "RawMessageDelivery": "true",
            "FilterPolicyScope": "MessageBody",
            "FilterPolicy": json.dumps({"a": {"b": ["c"]}}),
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_letters}),
        }
        set_it = lambda name, value: self.sns.set_subscription_attributes(
            SubscriptionArn=subscription, AttributeName=name, AttributeValue=value
        )
        for name, value in given.items():
            set_it(name, value)
        attributes = self.attributes(subscription)
        self.assertEqual({name: attributes[name] for name in given}, given)
        set_it("FilterPolicy", "{}")
        set_it("RedrivePolicy", "")
        self.assertEqual({"FilterPolicy", "RedrivePolicy"} & set(self.attributes(subscription)), set())

    def test_the_paginators_walk_through_103_subscriptions_once(self):
        topic = self.make_topic()
        made = [self.subscribe(topic, "sqs", ACCOUNT.format("sqs", new_name())) for _ in range(103)]
        for operation, options in (("list_subscriptions_by_topic", {"TopicArn": topic}), ("list_subscriptions", {})):
            with self.subTest(operation):
                pages = self.sns.get_paginator(operation).paginate(**options)
                listed = [each for page in pages for each in page["Subscriptions"] if each["TopicArn"] == topic]
                self.assertEqual(sorted(each["SubscriptionArn"] for each in listed), sorted(made))

    def test_who_has_unsubscribed_gets_no_more(self):
        topic = self.make_topic()
        gone, subscription = self.subscribed_queue(topic)
        stays, _ = self.subscribed_queue(topic)
        for _ in range(2):
            self.sns.unsubscribe(SubscriptionArn=subscription)
        self.publish(topic, "after")
        self.assertEqual([self.envelope(stays)["Message"], self.bodies(gone)], ["after", []])
