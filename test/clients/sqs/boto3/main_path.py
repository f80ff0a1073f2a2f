"""One queue from its creation to its deletion through every operation of the main path.

As a program it knows nothing of the broker: the environment alone leads boto3 there.
"""

import json

import boto3

NAME = "main-path"


def run(sqs):
    url = sqs.create_queue(QueueName=NAME)["QueueUrl"]
    found = sqs.get_queue_url(QueueName=NAME)["QueueUrl"]
    listed = sqs.list_queues(QueueNamePrefix=NAME)["QueueUrls"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout", "QueueArn"])["Attributes"]

    sent = sqs.send_message(QueueUrl=url, MessageBody="one")
    one = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"], VisibilityTimeout=0)
    again = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])

    entries = [{"Id": body, "MessageBody": body} for body in "abc"]
    sent_batch = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    many = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=2)["Messages"]
    handles = [{"Id": str(index), "ReceiptHandle": each["ReceiptHandle"]} for index, each in enumerate(many)]
    longer = [{**handle, "VisibilityTimeout": 90} for handle in handles]
    changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=longer)
    deleted = sqs.delete_message_batch(QueueUrl=url, Entries=handles)
    sqs.purge_queue(QueueUrl=url)
    after_purge = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    sqs.delete_queue(QueueUrl=url)
    after_delete = sqs.list_queues(QueueNamePrefix=NAME)
    return {
        "urls": [url, found, *listed],
        "attributes": attributes,
        "is_same_message": len({sent["MessageId"], one["MessageId"], again["MessageId"]}) == 1,
        "bodies": [one["Body"], again["Body"], *[each["Body"] for each in many]],
        "batches": [
            [[row["Id"] for row in answer["Successful"]], answer.get("Failed", [])]
            for answer in (sent_batch, changed, deleted)
        ],
        "after_purge": after_purge.get("Messages", "no message"),
        "after_delete": after_delete.get("QueueUrls", "no queue"),
    }


def expected(endpoint, region):
    url = f"{endpoint}/000000000000/{NAME}"
    return {
        "urls": [url, url, url],
        "attributes": {"VisibilityTimeout": "60", "QueueArn": f"arn:aws:sqs:{region}:000000000000:{NAME}"},
        "is_same_message": True,
        "bodies": ["one", "one", "a", "b"],
        "batches": [[["a", "b", "c"], []], [["0", "1"], []], [["0", "1"], []]],
        "after_purge": "no message",
        "after_delete": "no queue",
    }


if __name__ == "__main__":
    print(json.dumps(run(boto3.client("sqs"))))
