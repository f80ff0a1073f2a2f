from world import SqsTest, text


class Bodies(SqsTest):
    def test_they_arrive_as_they_were_sent(self):
        bodies = {
            "four bytes a character": "😀 𝄞 👩‍👩‍👧 𐍈",
            "line ends": "one\ntwo\r\nthree\rfour\n",
            "quotes": "\"double\" 'single' `back` \\ \\n \\u0041",
            "JSON": '{"a": [1, null, "x\\"y"]}',
            "XML": "<a b=\"c\">&amp;<![CDATA[x]]></a>",
            "white space": " \t x \t ",
            "the outermost characters": "\t\n\r \ud7ff\ue000\ufffd\U00010000\U0010ffff",
            "what terminals obey": "\u007f\u0080\u009f\u2028\u2029\ufeff",
        }
        url = self.make_queue()
        for kind, body in bodies.items():
            with self.subTest(kind):
                sent = self.send(url, body)
                message = self.receive_one(url)
                self.assertEqual(message["Body"], body)
                self.assertEqual(message["MessageId"], sent["MessageId"])
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def test_control_characters_are_refused(self):
        url = self.make_queue()
        for character in "\0\x08\x0b\x0c\x1f\ufffe\uffff":
            with self.subTest(repr(character)):
                self.assert_refused(
                    "InvalidMessageContents", lambda: self.send(url, f"a{character}b"), shape="InvalidMessageContents"
                )
        self.assertEqual(self.counts(url), [0, 0, 0])

    def test_one_mebibyte_passes_and_one_byte_more_does_not(self):
        url = self.make_queue()
        body = "中" * 349_525 + "x"
        self.send(url, body)
        self.assertTrue(self.receive_one(url)["Body"] == body)
        self.assert_refused(
            "InvalidParameterValue",
            lambda: self.send(url, body + "x"),
            says="One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
        )


class Attributes(SqsTest):
    def test_they_arrive_as_they_were_sent(self):
        cases = {
            "text": {"city": text("Zürich 😀\r\n\"x\"")},
            "number": {"amount": {"DataType": "Number", "StringValue": "-12.50e3"}},
            "bytes": {"raw": {"DataType": "Binary", "BinaryValue": bytes(range(256))}},
            "custom types": {
                "list": {"DataType": "String.Array", "StringValue": "[1,2]"},
                "stamp": {"DataType": "Number.java.lang.Long", "StringValue": "1493147359900"},
                "picture": {"DataType": "Binary.png", "BinaryValue": b"\x89P"},
            },
            "ten": {f"a-b_c.{index}": text(str(index)) for index in range(10)},
        }
        url = self.make_queue()
        for kind, attributes in cases.items():
            with self.subTest(kind):
                self.send(url, MessageAttributes=attributes)
                message = self.receive_one(url)
                self.assertEqual(message["MessageAttributes"], attributes)
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def test_only_those_that_were_asked_for_come(self):
        url = self.make_queue()
        self.send(url, MessageAttributes={"order.id": text("7"), "order.kind": text("new"), "other": text("x")})
        for names, expected in (
            (["order.*"], ["order.id", "order.kind"]),
            (["other", "missing"], ["other"]),
            (["missing"], []),
            (["All"], ["order.id", "order.kind", "other"]),
        ):
            with self.subTest(names):
                message = self.receive_one(url, VisibilityTimeout=0, MessageAttributeNames=names)
                self.assertEqual(sorted(message.get("MessageAttributes", {})), expected)

    def test_the_trace_header_is_a_system_attribute(self):
        url = self.make_queue()
        header = text("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
        self.send(url, MessageSystemAttributes={"AWSTraceHeader": header})
        self.assertEqual(self.receive_one(url)["Attributes"]["AWSTraceHeader"], header["StringValue"])

    def test_bad_ones_are_refused(self):
        url = self.make_queue()
        cases = {
            "eleven": {f"n{index}": text("x") for index in range(11)},
            "a reserved name": {"AWS.x": text("x")},
            "a name with a sign": {"a!b": text("x")},
            "an unknown type": {"a": {"DataType": "Float", "StringValue": "1"}},
            "a number that is none": {"a": {"DataType": "Number", "StringValue": "one"}},
            "an empty text": {"a": text("")},
            "no value": {"a": {"DataType": "String"}},
            "a control character": {"a": text("\0")},
        }
        for kind, attributes in cases.items():
            with self.subTest(kind):
                self.assert_refused("InvalidParameterValue", lambda: self.send(url, MessageAttributes=attributes))
        self.assertEqual(self.counts(url), [0, 0, 0])
