import json
import os
import unittest

import boto3

from broker import RunningBroker, endpoint
from http_endpoint import HttpEndpoint


class Functions(unittest.TestCase):
    def test_a_function_is_invoked_with_the_event_of_Lambda(self):
        functions = HttpEndpoint(status=202)
        self.addCleanup(functions.close)
        self.addCleanup(os.environ.__setitem__, "GANTRY_ENDPOINT", endpoint())
        with RunningBroker("--lambda-endpoint", functions.url) as broker:
            sns = boto3.client("sns", endpoint_url=endpoint())
            topic = sns.create_topic(Name="orders")["TopicArn"]
            arn = "arn:aws:lambda:us-east-1:000000000000:function:orders"
            subscription = sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)["SubscriptionArn"]
            published = sns.publish(TopicArn=topic, Message="one crate")["MessageId"]
            path, headers, body = functions.take()
        self.assertEqual(broker.complaints, [])
        self.assertEqual(
            [path, headers["X-Amz-Invocation-Type"]], ["/2015-03-31/functions/orders/invocations", "Event"]
        )
        (record,) = json.loads(body)["Records"]
        self.assertEqual([record["EventSource"], record["EventSubscriptionArn"]], ["aws:sns", subscription])
        self.assertEqual([record["Sns"]["MessageId"], record["Sns"]["Message"]], [published, "one crate"])
        self.assertEqual([record["Sns"]["Subject"], record["Sns"]["MessageAttributes"]], [None, {}])
