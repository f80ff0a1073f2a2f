import json

from world import SnsTest, new_name


class Topics(SnsTest):
    def attributes(self, topic):
        return self.sns.get_topic_attributes(TopicArn=topic)["Attributes"]

    def test_a_new_topic_has_the_attributes_of_AWS_and_no_others(self):
        name = new_name()
        topic = self.sns.create_topic(Name=name)["TopicArn"]
        attributes = self.attributes(topic)
        self.assertEqual(json.loads(attributes.pop("Policy"))["Id"], "__default_policy_ID")
        effective = json.loads(attributes.pop("EffectiveDeliveryPolicy"))
        self.assertEqual(effective["http"]["defaultHealthyRetryPolicy"]["numRetries"], 3)
        self.assertEqual(
            attributes,
            {
                "DisplayName": "",
                "Owner": "000000000000",
                "SubscriptionsConfirmed": "0",
                "SubscriptionsDeleted": "0",
                "SubscriptionsPending": "0",
                "TopicArn": f"arn:aws:sns:us-east-1:000000000000:{name}",
            },
        )

    def test_a_fifo_topic_shows_what_makes_it_one(self):
        attributes = self.attributes(self.make_topic(FifoTopic="true"))
        self.assertEqual([attributes["FifoTopic"], attributes["ContentBasedDeduplication"]], ["true", "false"])

    def test_attributes_that_are_set_come_back(self):
        topic = self.make_topic()
        given = {"DisplayName": "Zürich", "SignatureVersion": "2", "TracingConfig": "PassThrough"}
        for name, value in given.items():
            self.sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
        attributes = self.attributes(topic)
        self.assertEqual({name: attributes[name] for name in given}, given)

    def test_tags_come_back(self):
        topic = self.make_topic()
        self.assertEqual(self.sns.list_tags_for_resource(ResourceArn=topic)["Tags"], [])
        tags = [{"Key": "team", "Value": "blue"}, {"Key": "old", "Value": ""}]
        self.sns.tag_resource(ResourceArn=topic, Tags=tags)
        self.sns.untag_resource(ResourceArn=topic, TagKeys=["old", "missing"])
        self.assertEqual(self.sns.list_tags_for_resource(ResourceArn=topic)["Tags"], tags[:1])

    def test_the_paginator_walks_through_153_topics_once(self):
        prefix = new_name() + "-page-"
        made = [self.sns.create_topic(Name=f"{prefix}{index}")["TopicArn"] for index in range(153)]
        pages = [page["Topics"] for page in self.sns.get_paginator("list_topics").paginate()]
        self.assertEqual(len(pages[0]), 100)
        listed = [topic["TopicArn"] for page in pages for topic in page if prefix in topic["TopicArn"]]
        self.assertEqual(sorted(listed), sorted(made))

    def test_permissions_are_statements_of_the_policy(self):
        topic = self.make_topic()
        sids = lambda: [each["Sid"] for each in json.loads(self.attributes(topic)["Policy"])["Statement"]]
        self.sns.add_permission(
            TopicArn=topic, Label="partner", AWSAccountId=["123456789012"], ActionName=["Publish", "Subscribe"]
        )
        self.assertEqual(sids(), ["__default_statement_ID", "partner"])
        self.sns.remove_permission(TopicArn=topic, Label="partner")
        self.assertEqual(sids(), ["__default_statement_ID"])

    def test_a_deleted_topic_is_gone_and_deleting_it_again_is_no_error(self):
        topic = self.make_topic()
        for _ in range(2):
            self.sns.delete_topic(TopicArn=topic)
        self.assert_refused("NotFoundException", "NotFound", lambda: self.attributes(topic), status=404)
