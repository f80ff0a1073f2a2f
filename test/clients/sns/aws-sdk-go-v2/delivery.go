package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

var deliveryCases = []testCase{
	{"a queue gets an envelope, with the attributes inside", envelopes},
	{"raw delivery gives the message itself, its attributes as those of SQS", rawDelivery},
	{"a batch is published", batches},
	{"attributes decide who gets a message", attributePolicies},
	{"the body decides when the policy is about the body", bodyPolicies},
	{"a FIFO topic keeps order in every queue, and knows duplicates", fifo},
	{"what a queue that is gone cannot take goes to the dead-letter queue", deadLetters},
	{"who has unsubscribed gets no more", unsubscribed},
}

const body = "line 1\r\nline 2 \"quoted\" <&> Zürich 🍊"

var attributes = map[string]types.MessageAttributeValue{
	"city":    text("Zürich 🍊"),
	"picture": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 137, 255}},
}

func envelopes(w world) {
	topic := w.makeTopic(nil)
	url := w.subscribedQueue(topic, nil)
	id := must(w.sns.Publish(w, &sns.PublishInput{
		TopicArn: topic, Message: aws.String(body), Subject: aws.String("Fruit"), MessageAttributes: attributes,
	})).MessageId
	envelope := w.envelope(url)
	shown := []any{envelope["Type"], envelope["MessageId"], envelope["TopicArn"], envelope["Subject"], envelope["Message"]}
	equal(shown, []any{"Notification", *id, *topic, "Fruit", body})
	equal(envelope["MessageAttributes"], map[string]any{
		"city":    map[string]any{"Type": "String", "Value": "Zürich 🍊"},
		"picture": map[string]any{"Type": "Binary", "Value": "AIn/"},
	})
}

func rawDelivery(w world) {
	topic := w.makeTopic(nil)
	url := w.subscribedQueue(topic, raw)
	must(w.sns.Publish(w, &sns.PublishInput{TopicArn: topic, Message: aws.String(body), MessageAttributes: attributes}))
	messages := w.receive(url, 0)
	equal(len(messages), 1)
	found := messages[0].MessageAttributes
	equal([]any{*messages[0].Body, *found["city"].StringValue, found["picture"].BinaryValue}, []any{body, "Zürich 🍊", []byte{0, 137, 255}})
}

func batches(w world) {
	topic := w.makeTopic(nil)
	url := w.subscribedQueue(topic, raw)
	ids := []string{"a", "b", "c"}
	published := must(w.sns.PublishBatch(w, &sns.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: entriesOf(ids)}))
	equal([]int{len(published.Successful), len(published.Failed)}, []int{3, 0})
	equal(sorted(w.bodies(url)), ids)
}

func attributePolicies(w world) {
	topic := w.makeTopic(nil)
	red := w.filtered(topic, "MessageAttributes", `{"color":["red"]}`)
	others := w.filtered(topic, "MessageAttributes", `{"color":[{"anything-but":["red"]}]}`)
	for _, color := range []string{"red", "blue"} {
		colored := map[string]types.MessageAttributeValue{"color": text(color)}
		must(w.sns.Publish(w, &sns.PublishInput{TopicArn: topic, Message: &color, MessageAttributes: colored}))
	}
	w.publish(topic, "without a color")
	equal([][]string{w.bodies(red), w.bodies(others)}, [][]string{{"red"}, {"blue"}})
}

func bodyPolicies(w world) {
	topic := w.makeTopic(nil)
	url := w.filtered(topic, "MessageBody", `{"order":{"country":[{"prefix":"c"}]}}`)
	match := `{"order":{"country":"ch"}}`
	for _, message := range []string{`{"order":{"country":"de"}}`, "no JSON", match} {
		w.publish(topic, message)
	}
	equal(w.bodies(url), []string{match})
}

func (w world) filtered(topic *string, scope, policy string) *string {
	return w.subscribedQueue(topic, texts{"RawMessageDelivery": "true", "FilterPolicyScope": scope, "FilterPolicy": policy})
}

func fifo(w world) {
	topic := w.makeTopic(fifoTopic)
	urls := []*string{w.subscribedQueue(topic, raw), w.subscribedQueue(topic, raw)}
	numbers := []string{}
	for _, message := range strings.Split("0120345", "") {
		published := must(w.sns.Publish(w, &sns.PublishInput{TopicArn: topic, Message: &message, MessageGroupId: aws.String("g")}))
		numbers = append(numbers, *published.SequenceNumber)
	}
	equal(numbers[3], numbers[0])
	for _, url := range urls {
		equal(strings.Join(w.bodies(url), ""), "012345")
	}
}

func deadLetters(w world) {
	topic := w.makeTopic(nil)
	dead, arn := w.makeQueue(false)
	url := w.subscribedQueue(topic, texts{"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":"%s"}`, *arn)})
	must(w.sqs.DeleteQueue(w, &sqs.DeleteQueueInput{QueueUrl: url}))
	w.publish(topic, "nobody is there")
	equal(w.envelope(dead)["Message"], "nobody is there")
}

func unsubscribed(w world) {
	topic := w.makeTopic(nil)
	url, arn := w.makeQueue(false)
	subscription := w.subscribe(topic, "sqs", arn, raw)
	stays := w.subscribedQueue(topic, raw)
	must(w.sns.Unsubscribe(w, &sns.UnsubscribeInput{SubscriptionArn: subscription}))
	w.publish(topic, "after")
	equal([][]string{w.bodies(stays), w.bodies(url)}, [][]string{{"after"}, {}})
}
