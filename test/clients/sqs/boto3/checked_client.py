"""A boto3 client that verifies each digest of each answer, which boto3 itself leaves to its users."""

import hashlib

import boto3

from broker import endpoint


def checked_client(**options):
    client = boto3.client("sqs", **{"endpoint_url": endpoint(), **options})
    events = client.meta.events
    for operation in ("SendMessage", "SendMessageBatch"):
        events.register(f"before-parameter-build.sqs.{operation}", remember_request)
    events.register("after-call.sqs.SendMessage", check_sent)
    events.register("after-call.sqs.SendMessageBatch", check_sent_batch)
    events.register("after-call.sqs.ReceiveMessage", check_received)
    return client


def attributes_md5(attributes):
    """As AWS describes it: by name; name, type and value each after its length; a byte that says text or binary."""
    digest = hashlib.md5()

    def add(value):
        data = value.encode() if isinstance(value, str) else bytes(value)
        digest.update(len(data).to_bytes(4, "big") + data)

    for name in sorted(attributes):
        attribute = attributes[name]
        add(name)
        add(attribute["DataType"])
        digest.update(b"\1" if "StringValue" in attribute else b"\2")
        add(attribute["StringValue"] if "StringValue" in attribute else attribute["BinaryValue"])
    return digest.hexdigest()


def body_md5(body):
    return hashlib.md5(body.encode()).hexdigest()


def remember_request(params, context, **_):
    context["gantry_request"] = params


def check_sent(parsed, context, **_):
    if "Error" not in parsed:
        check_answer(parsed, context["gantry_request"])


def check_sent_batch(parsed, context, **_):
    requests = {entry["Id"]: entry for entry in context["gantry_request"]["Entries"]}
    for answer in parsed.get("Successful", []):
        check_answer(answer, requests[answer["Id"]])


def check_answer(answer, request):
    equal(answer["MD5OfMessageBody"], body_md5(request["MessageBody"]))
    for digest, attributes in (
        ("MD5OfMessageAttributes", "MessageAttributes"),
        ("MD5OfMessageSystemAttributes", "MessageSystemAttributes"),
    ):
        sent = request.get(attributes)
        equal(answer.get(digest), attributes_md5(sent) if sent else None)


def check_received(parsed, **_):
    for message in parsed.get("Messages", []):
        equal(message["MD5OfBody"], body_md5(message["Body"]))
        attributes = message.get("MessageAttributes")
        equal(message.get("MD5OfMessageAttributes"), attributes_md5(attributes) if attributes else None)


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"digest {found} instead of {expected}")
