import json

from world import SnsTest, text


class FilterPolicies(SnsTest):
    def filtered(self, topic, policy, scope="MessageAttributes"):
        attributes = {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": scope, "RawMessageDelivery": "true"}
        return self.subscribed_queue(topic, **attributes)[0]

    def test_attributes_decide_who_gets_a_message(self):
        topic = self.make_topic()
        red = self.filtered(topic, {"color": ["red"]})
        dear = self.filtered(topic, {"price": [{"numeric": [">=", 100]}]})
        not_red = self.filtered(topic, {"color": [{"anything-but": ["red"]}]})
        uncolored = self.filtered(topic, {"color": [{"exists": False}]})
        for name, color, price in (("red-cheap", "red", "5"), ("blue-dear", "blue", "100.0"), ("plain", None, "7")):
            attributes = {"price": {"DataType": "Number", "StringValue": price}}
            if color:
                attributes["color"] = text(color)
            self.publish(topic, name, MessageAttributes=attributes)
        self.assertEqual(
            [self.bodies(url) for url in (red, dear, not_red, uncolored)],
            [["red-cheap"], ["blue-dear"], ["blue-dear"], ["plain"]],
        )

    def test_the_body_decides_when_the_policy_is_about_the_body(self):
        topic = self.make_topic()
        policy = {"order": {"country": [{"prefix": "c"}], "items": {"weight": [{"numeric": ["<", 10]}]}}}
        url = self.filtered(topic, policy, "MessageBody")
        order = lambda country, *weights: json.dumps(
            {"order": {"country": country, "items": [{"weight": weight} for weight in weights]}}
        )
        for body in (order("de", 5), order("ch", 20), "no JSON", order("ch", 20, 5)):
            self.publish(topic, body)
        self.assertEqual(self.bodies(url), [order("ch", 20, 5)])
