package main

import (
	"io"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

var receiverCases = []testCase{
	{"an endpoint confirms by its token, gets notifications and unsubscribes by its link", httpEndpoints},
	{"a function is invoked with the event of AWS Lambda", functions},
	{"a message to a device is seen in the outbox", devices},
	{"a message to a phone is seen in the outbox", phones},
}

func httpEndpoints(w world) {
	server := startEndpoint(200)
	defer server.close()
	topic := w.makeTopic(nil)
	input := &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("http"), Endpoint: aws.String(server.url + "/hook?a=1")}
	equal(*must(w.sns.Subscribe(w, input)).SubscriptionArn, "pending confirmation")
	asked := parsed(server.take().body)
	token := asked["Token"].(string)
	confirmed := must(w.sns.ConfirmSubscription(w, &sns.ConfirmSubscriptionInput{TopicArn: topic, Token: &token}))
	id := w.publish(topic, "one crate").MessageId

	posted := server.take()
	notification := parsed(posted.body)
	equal([]any{asked["Type"], notification["Type"], notification["Message"]}, []any{"SubscriptionConfirmation", "Notification", "one crate"})
	header := posted.header
	equal(
		[]string{posted.path, header.Get("x-amz-sns-message-id"), header.Get("x-amz-sns-subscription-arn")},
		[]string{"/hook?a=1", *id, *confirmed.SubscriptionArn},
	)
	get(notification["UnsubscribeURL"].(string))
	equal(server.take().header.Get("x-amz-sns-message-type"), "UnsubscribeConfirmation")
}

func functions(w world) {
	topic := w.makeTopic(nil)
	arn := "arn:aws:lambda:us-east-1:000000000000:function:orders"
	subscription := w.subscribe(topic, "lambda", &arn, nil)
	id := w.publish(topic, "one crate").MessageId

	posted := w.functions.take()
	equal(
		[]string{posted.path, posted.header.Get("X-Amz-Invocation-Type")},
		[]string{"/2015-03-31/functions/orders/invocations", "Event"},
	)
	record := parsed(posted.body)["Records"].([]any)[0].(map[string]any)
	message := record["Sns"].(map[string]any)
	equal(
		[]any{record["EventSource"], record["EventSubscriptionArn"], message["MessageId"], message["Message"]},
		[]any{"aws:sns", *subscription, *id, "one crate"},
	)
}

func devices(w world) {
	application := must(w.sns.CreatePlatformApplication(w, &sns.CreatePlatformApplicationInput{
		Name: aws.String(newName()), Platform: aws.String("GCM"), Attributes: texts{"PlatformCredential": "secret of the provider"},
	})).PlatformApplicationArn
	device := must(w.sns.CreatePlatformEndpoint(w, &sns.CreatePlatformEndpointInput{
		PlatformApplicationArn: application, Token: aws.String("device-1"),
	})).EndpointArn
	published := must(w.sns.Publish(w, &sns.PublishInput{TargetArn: device, Message: aws.String("ding")}))
	seen := w.outbox("platform-endpoint-messages", "endpointArn", *device)["platform_endpoint_messages"]
	equal(idsAndTexts(seen, *device), []any{*published.MessageId, "ding"})

	off := texts{"Enabled": "false"}
	must(w.sns.SetEndpointAttributes(w, &sns.SetEndpointAttributesInput{EndpointArn: device, Attributes: off}))
	_, err := w.sns.Publish(w, &sns.PublishInput{TargetArn: device, Message: aws.String("ding")})
	fails[*types.EndpointDisabledException](err)
}

func phones(w world) {
	number := "+15551234567"
	published := must(w.sns.Publish(w, &sns.PublishInput{PhoneNumber: &number, Message: aws.String("to you")}))
	seen := w.outbox("sms-messages", "phoneNumber", number)["sms_messages"]
	equal(idsAndTexts(seen, number), []any{*published.MessageId, "to you"})
}

// outbox is read as tests of people do.
func (w world) outbox(page, parameter, value string) map[string]any {
	return parsed(get(w.endpoint + "/_aws/sns/" + page + "?" + url.Values{parameter: {value}}.Encode()))
}

func idsAndTexts(seen any, receiver string) []any {
	found := []any{}
	for _, each := range seen.(map[string]any)[receiver].([]any) {
		message := each.(map[string]any)
		found = append(found, message["MessageId"], message["Message"])
	}
	return found
}

func get(address string) string {
	answer := must(http.Get(address))
	defer answer.Body.Close()
	equal(answer.StatusCode, http.StatusOK)
	return string(must(io.ReadAll(answer.Body)))
}
