import unittest
import urllib.error
import urllib.request

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from broker import endpoint
from keys import OPERATOR, SHOP, client


class SigningTest(unittest.TestCase):
    maxDiff = None

    def assert_refused(self, code, status, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        self.assertEqual((response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]), (code, status))
        return response["Error"]["Message"]


class Keys(SigningTest):
    def test_the_life_of_a_message(self):
        sqs = client("sqs", OPERATOR)
        url = sqs.create_queue(QueueName="odd_Name-1.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        self.assertEqual(url, f"{endpoint()}/111122223333/odd_Name-1.fifo")
        for body in ("é 😀 a+b%20&=", "x" * 500_000):
            sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g", MessageDeduplicationId=str(len(body)))
            message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]
            self.assertEqual((message["MessageId"], message["Body"]), (sent["MessageId"], body))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def test_an_endpoint_with_a_slash_at_its_end(self):
        sqs = client("sqs", OPERATOR, endpoint_url=f"{endpoint()}/")
        self.assertEqual(sqs.list_queues(QueueNamePrefix="nobody").get("QueueUrls"), None)

    def test_a_wrong_secret(self):
        message = self.assert_refused("SignatureDoesNotMatch", 403, client("sqs", (OPERATOR[0], "guess")).list_queues)
        self.assertIn("The request signature we calculated does not match", message)

    def test_an_unknown_key(self):
        message = self.assert_refused("InvalidClientTokenId", 403, client("sqs", ("AKIANOBODY", "guess")).list_queues)
        self.assertEqual(message, "The security token included in the request is invalid.")


class Policies(SigningTest):
    def test_a_user_may_do_what_its_policy_says(self):
        sqs = client("sqs", OPERATOR)
        orders = sqs.create_queue(QueueName="orders-1")["QueueUrl"]
        returns = sqs.create_queue(QueueName="returns-1")["QueueUrl"]
        shop = client("sqs", SHOP)
        shop.send_message(QueueUrl=orders, MessageBody="m")
        shop.send_message_batch(QueueUrl=orders, Entries=[{"Id": "1", "MessageBody": "m"}])
        self.assertEqual(shop.get_queue_url(QueueName="orders-1")["QueueUrl"], orders)
        self.assert_refused("AccessDenied", 403, shop.receive_message, QueueUrl=orders)
        self.assert_refused("AccessDenied", 403, shop.list_queues)
        message = self.assert_refused("AccessDenied", 403, shop.send_message, QueueUrl=returns, MessageBody="m")
        self.assertEqual(
            message,
            "User: arn:aws:iam::111122223333:user/shop is not authorized to perform: sqs:sendmessage on resource: "
            "arn:aws:sqs:us-east-1:111122223333:returns-1 because no identity-based policy allows the sqs:sendmessage action",
        )


class PresignedUrls(SigningTest):
    def presigned(self, parameters, key=OPERATOR):
        client("sqs", OPERATOR).create_queue(QueueName="links")
        request = AWSRequest("GET", f"{endpoint()}/111122223333/links", params=parameters)
        SigV4QueryAuth(Credentials(*key), "sqs", "us-east-1", expires=60).add_auth(request)
        return request.prepare().url

    def status(self, url):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_a_link_is_served(self):
        url = self.presigned({"Action": "SendMessage", "Version": "2012-11-05", "MessageBody": "a b+c&d=é/*~'"})
        self.assertEqual(self.status(url), 200)
        messages = client("sqs", OPERATOR).receive_message(QueueUrl=f"{endpoint()}/111122223333/links")["Messages"]
        self.assertEqual([message["Body"] for message in messages], ["a b+c&d=é/*~'"])

    def test_a_link_that_was_changed_is_refused(self):
        url = self.presigned({"Action": "SendMessage", "Version": "2012-11-05", "MessageBody": "hello"})
        self.assertEqual(self.status(url.replace("hello", "hullo")), 403)
        self.assertEqual(self.status(url.replace("/links", "/orders")), 403)
        self.assertEqual(self.status(url.replace("Expires=60", "Expires=99")), 403)

    def test_a_link_may_do_what_its_signer_may(self):
        self.assertEqual(self.status(self.presigned({"Action": "PurgeQueue"}, SHOP)), 403)
