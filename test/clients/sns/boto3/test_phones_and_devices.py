import json
import urllib.parse
import urllib.request

from broker import endpoint
from world import SnsTest, new_name


def outbox(page, **query):
    """As tests of people read it."""
    url = f"{endpoint()}/_aws/sns/{page}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


class PhonesAndDevices(SnsTest):
    def application(self):
        attributes = {"PlatformCredential": "secret of the provider"}
        made = self.sns.create_platform_application(Name=new_name(), Platform="GCM", Attributes=attributes)
        return made["PlatformApplicationArn"]

    def device(self, application, token="device-1"):
        return self.sns.create_platform_endpoint(PlatformApplicationArn=application, Token=token)["EndpointArn"]

    def test_a_message_to_a_device_is_seen_in_the_outbox(self):
        device = self.device(self.application())
        published = self.sns.publish(TargetArn=device, Message="ding")["MessageId"]
        (message,) = outbox("platform-endpoint-messages", endpointArn=device)["platform_endpoint_messages"][device]
        self.assertEqual([message["MessageId"], message["Message"]], [published, "ding"])

    def test_devices_are_made_once_listed_and_deleted(self):
        application = self.application()
        devices = [self.device(application, token) for token in ("a", "b", "a")]
        self.assertEqual(devices[0], devices[2])
        pages = lambda: self.sns.get_paginator("list_endpoints_by_platform_application").paginate(
            PlatformApplicationArn=application
        )
        listed = lambda: sorted(each["EndpointArn"] for page in pages() for each in page["Endpoints"])
        self.assertEqual(listed(), sorted(devices[:2]))
        self.sns.delete_endpoint(EndpointArn=devices[0])
        self.assertEqual(listed(), [devices[1]])

    def test_a_device_that_is_disabled_is_not_published_to(self):
        device = self.device(self.application())
        self.sns.set_endpoint_attributes(EndpointArn=device, Attributes={"Enabled": "false"})
        publish = lambda: self.sns.publish(TargetArn=device, Message="ding")
        self.assert_refused("EndpointDisabledException", "EndpointDisabled", publish, says="Endpoint is disabled")

    def test_a_message_to_a_phone_is_seen_in_the_outbox(self):
        published = self.sns.publish(PhoneNumber="+15551234567", Message="to you")["MessageId"]
        (message,) = outbox("sms-messages", phoneNumber="+15551234567")["sms_messages"]["+15551234567"]
        self.assertEqual([message["MessageId"], message["Message"]], [published, "to you"])

    def test_the_settings_of_messages_to_phones_come_back(self):
        self.sns.set_sms_attributes(attributes={"DefaultSenderID": "Shop"})
        self.assertEqual(self.sns.get_sms_attributes(attributes=["DefaultSenderID"])["attributes"], {"DefaultSenderID": "Shop"})
        self.assertFalse(self.sns.check_if_phone_number_is_opted_out(phoneNumber="+15557654321")["isOptedOut"])
