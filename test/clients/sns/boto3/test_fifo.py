from world import SnsTest


class Fifo(SnsTest):
    def make(self):
        topic = self.make_topic(FifoTopic="true", ContentBasedDeduplication="true")
        return topic, self.subscribed_queue(topic, RawMessageDelivery="true")[0]

    def test_a_group_keeps_its_order_and_numbers_rise(self):
        topic, url = self.make()
        second, _ = self.subscribed_queue(topic, RawMessageDelivery="true")
        sent = [self.publish(topic, str(index), MessageGroupId="g")["SequenceNumber"] for index in range(10)]
        self.assertEqual(sent, sorted(sent))
        for each in (url, second):
            self.assertEqual(self.bodies(each), [str(index) for index in range(10)])

    def test_a_duplicate_has_the_id_and_number_of_the_first_and_nobody_gets_it(self):
        topic, url = self.make()
        first, second = (self.publish(topic, "same", MessageGroupId="g") for _ in range(2))
        self.assertEqual(
            [first["MessageId"], first["SequenceNumber"]], [second["MessageId"], second["SequenceNumber"]]
        )
        self.publish(topic, "same", MessageGroupId="g", MessageDeduplicationId="another")
        self.assertEqual(self.bodies(url), ["same", "same"])

    def test_a_batch_keeps_its_order_and_knows_its_duplicates(self):
        topic, url = self.make()
        entries = [{"Id": str(index), "Message": body, "MessageGroupId": "g"} for index, body in enumerate("abac")]
        published = self.sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]
        self.assertEqual(published[0]["SequenceNumber"], published[2]["SequenceNumber"])
        self.assertEqual(self.bodies(url), ["a", "b", "c"])

    def test_its_rules_are_kept(self):
        topic = self.make_topic(FifoTopic="true")
        for options, says in (
            ({}, "The MessageGroupId parameter is required for FIFO topics"),
            (
                {"MessageGroupId": "g"},
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                "explicitly",
            ),
        ):
            with self.subTest(options):
                publish = lambda: self.publish(topic, **options)
                says = f"Invalid parameter: {says}"
                self.assert_refused("InvalidParameterException", "InvalidParameter", publish, says=says)
