from world import ACCOUNT, SnsTest

MISSING = ACCOUNT.format("sns", "missing")


class Errors(SnsTest):
    def test_what_is_not_there(self):
        for says, call in {
            "Topic does not exist": lambda: self.sns.get_topic_attributes(TopicArn=MISSING),
            "Subscription does not exist": lambda: self.sns.get_subscription_attributes(
                SubscriptionArn=f"{MISSING}:22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"
            ),
            "PlatformApplication does not exist": lambda: self.sns.create_platform_endpoint(
                PlatformApplicationArn=ACCOUNT.format("sns", "app/GCM/missing"), Token="x"
            ),
            "Endpoint does not exist": lambda: self.sns.get_endpoint_attributes(
                EndpointArn=ACCOUNT.format("sns", "endpoint/GCM/missing/22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
            ),
        }.items():
            with self.subTest(says):
                self.assert_refused("NotFoundException", "NotFound", call, status=404, says=says)
        tags = lambda: self.sns.list_tags_for_resource(ResourceArn=MISSING)
        self.assert_refused("ResourceNotFoundException", "ResourceNotFound", tags, status=404)

    def test_what_is_wrong_in_a_request(self):
        topic = self.make_topic()
        for says, call in {
            "Topic Name": lambda: self.sns.create_topic(Name="no spaces"),
            "AttributeName": lambda: self.sns.set_topic_attributes(TopicArn=topic, AttributeName="Nope"),
            "TopicArn Reason: An ARN must have at least 6 elements, not 1": lambda: self.publish("nonsense"),
            "Empty message": lambda: self.publish(topic, ""),
            "Message too long": lambda: self.publish(topic, "x" * 262_145),
            "Subject": lambda: self.publish(topic, Subject="two\nlines"),
            "SQS endpoint ARN": lambda: self.subscribe(topic, "sqs", "http://127.0.0.1/000000000000/queue"),
            "Amazon SNS does not support this protocol string: pigeon": lambda: self.subscribe(topic, "pigeon", "x"),
        }.items():
            with self.subTest(says):
                says = f"Invalid parameter: {says}"
                self.assert_refused("InvalidParameterException", "InvalidParameter", call, says=says)

    def test_a_bad_message_attribute(self):
        attributes = {"attr1": {"DataType": "Strange", "StringValue": "x"}}
        publish = lambda: self.publish(self.make_topic(), MessageAttributes=attributes)
        self.assert_refused("InvalidParameterValueException", "ParameterValueInvalid", publish)

    def test_batches(self):
        topic = self.make_topic()
        batch = lambda *ids: lambda: self.sns.publish_batch(
            TopicArn=topic, PublishBatchRequestEntries=[{"Id": id, "Message": "x"} for id in ids]
        )
        for code, ids in (
            ("EmptyBatchRequest", ""),
            ("BatchEntryIdsNotDistinct", "aba"),
            ("InvalidBatchEntryId", ["a b"]),
            ("TooManyEntriesInBatchRequest", "abcdefghijk"),
        ):
            with self.subTest(code):
                self.assert_refused(f"{code}Exception", code, batch(*ids))

    def test_a_tag_twice_in_one_call(self):
        tags = [{"Key": "team", "Value": "blue"}, {"Key": "team", "Value": "red"}]
        tag = lambda: self.sns.tag_resource(ResourceArn=self.make_topic(), Tags=tags)
        says = "Invalid parameter: Duplicated keys are not allowed."
        self.assert_refused("InvalidParameterException", "InvalidParameter", tag, says=says)
