from world import SqsTest


class Queues(SqsTest):
    def test_a_new_queue_has_the_attributes_of_AWS_and_no_others(self):
        url = self.make_queue()
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

        for name in ("CreatedTimestamp", "LastModifiedTimestamp"):
            self.assertRegex(attributes.pop(name), r"^\d{10}$")
        self.assertEqual(
            attributes,
            {
                "ApproximateNumberOfMessages": "0",
                "ApproximateNumberOfMessagesDelayed": "0",
                "ApproximateNumberOfMessagesNotVisible": "0",
                "DelaySeconds": "0",
                "MaximumMessageSize": "1048576",
                "MessageRetentionPeriod": "345600",
                "QueueArn": f"arn:aws:sqs:us-east-1:000000000000:{url.split('/')[-1]}",
                "ReceiveMessageWaitTimeSeconds": "0",
                "SqsManagedSseEnabled": "true",
                "VisibilityTimeout": "30",
            },
        )

    def test_a_fifo_queue_shows_what_makes_it_one(self):
        url = self.make_queue(FifoQueue="true", ContentBasedDeduplication="True")
        names = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        self.assertEqual(list(attributes.values()), ["true", "true", "queue", "perQueue"])

    def test_attributes_that_are_set_come_back(self):
        url = self.make_queue()
        given = {"VisibilityTimeout": "45", "MaximumMessageSize": "2048", "MessageRetentionPeriod": "60"}
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes=given)
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(given))["Attributes"]
        self.assertEqual(found, given)

    def test_asking_for_nothing_or_for_what_is_not_set_gives_no_attributes(self):
        url = self.make_queue()
        self.assertNotIn("Attributes", self.sqs.get_queue_attributes(QueueUrl=url))
        self.assertNotIn("Attributes", self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]))

    def test_the_paginator_walks_through_all_queues_once(self):
        prefix = self.new_name() + "-page"
        urls = [self.sqs.create_queue(QueueName=f"{prefix}-{index}")["QueueUrl"] for index in range(7)]
        pages = self.sqs.get_paginator("list_queues").paginate(
            QueueNamePrefix=prefix, PaginationConfig={"PageSize": 3}
        )
        self.assertEqual([url for page in pages for url in page["QueueUrls"]], urls)

    def test_the_paginator_can_stop_and_go_on_with_its_own_token(self):
        prefix = self.new_name() + "-page"
        urls = [self.sqs.create_queue(QueueName=f"{prefix}-{index}")["QueueUrl"] for index in range(5)]
        paginator = self.sqs.get_paginator("list_queues")
        first = paginator.paginate(
            QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2, "MaxItems": 3}
        ).build_full_result()
        rest = paginator.paginate(
            QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2, "StartingToken": first["NextToken"]}
        ).build_full_result()
        self.assertEqual(first["QueueUrls"] + rest["QueueUrls"], urls)

    def test_a_purge_takes_waiting_delayed_and_received_messages(self):
        url = self.make_queue()
        self.send(url)
        self.receive_one(url)
        self.send(url)
        self.send(url, DelaySeconds=600)
        self.assertEqual(self.counts(url), [1, 1, 1])
        self.sqs.purge_queue(QueueUrl=url)
        self.assertEqual(self.counts(url), [0, 0, 0])

    def test_tags_come_back(self):
        url = self.make_queue()
        self.assertNotIn("Tags", self.sqs.list_queue_tags(QueueUrl=url))
        self.sqs.tag_queue(QueueUrl=url, Tags={"team": "blue", "empty": "", "old": "x"})
        self.sqs.untag_queue(QueueUrl=url, TagKeys=["old", "missing"])
        self.assertEqual(self.sqs.list_queue_tags(QueueUrl=url)["Tags"], {"team": "blue", "empty": ""})

    def test_an_operation_without_output_answers_with_nothing_but_metadata(self):
        url = self.make_queue()
        self.assertEqual(list(self.sqs.purge_queue(QueueUrl=url)), ["ResponseMetadata"])
        self.assertEqual(list(self.sqs.delete_queue(QueueUrl=url)), ["ResponseMetadata"])
