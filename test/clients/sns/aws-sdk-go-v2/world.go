package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

type texts = map[string]string

var (
	fifoTopic = texts{"FifoTopic": "true", "ContentBasedDeduplication": "true"}
	raw       = texts{"RawMessageDelivery": "true"}
)

var namesMade = 0

func newName() string {
	namesMade++
	return fmt.Sprintf("name-%d", namesMade)
}

// must is the value of a call that has to succeed.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func equal(found, expected any) {
	if !reflect.DeepEqual(found, expected) {
		panic(fmt.Sprintf("found %v instead of %v", found, expected))
	}
}

// fails panics unless the error is of the SDK's type.
func fails[T error](err error) {
	var typed T
	if !errors.As(err, &typed) {
		panic(fmt.Sprintf("%v is no %T", err, typed))
	}
}

func (w world) makeTopic(attributes texts) *string {
	name := newName()
	if attributes["FifoTopic"] == "true" {
		name += ".fifo"
	}
	return must(w.sns.CreateTopic(w, &sns.CreateTopicInput{Name: &name, Attributes: attributes})).TopicArn
}

// makeQueue gives the URL and the ARN of a new queue.
func (w world) makeQueue(isFifo bool) (url, arn *string) {
	name, attributes := newName(), texts{}
	if isFifo {
		name += ".fifo"
		attributes["FifoQueue"] = "true"
	}
	made := must(w.sqs.CreateQueue(w, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes}))
	return made.QueueUrl, aws.String("arn:aws:sqs:us-east-1:000000000000:" + name)
}

func (w world) subscribe(topic *string, protocol string, address *string, attributes texts) *string {
	input := &sns.SubscribeInput{
		TopicArn: topic, Protocol: &protocol, Endpoint: address, Attributes: attributes, ReturnSubscriptionArn: true,
	}
	return must(w.sns.Subscribe(w, input)).SubscriptionArn
}

// subscribedQueue gives the URL of a new queue, FIFO when the topic is.
func (w world) subscribedQueue(topic *string, attributes texts) *string {
	url, arn := w.makeQueue(strings.HasSuffix(*topic, ".fifo"))
	w.subscribe(topic, "sqs", arn, attributes)
	return url
}

func (w world) publish(topic *string, message string) *sns.PublishOutput {
	return must(w.sns.Publish(w, &sns.PublishInput{TopicArn: topic, Message: &message}))
}

func (w world) receive(url *string, waitSeconds int32) []sqstypes.Message {
	return must(w.sqs.ReceiveMessage(w, &sqs.ReceiveMessageInput{
		QueueUrl:              url,
		MaxNumberOfMessages:   10,
		WaitTimeSeconds:       waitSeconds,
		MessageAttributeNames: []string{"All"},
	})).Messages
}

func (w world) bodies(url *string) []string {
	bodies := []string{}
	for _, message := range w.receive(url, 0) {
		bodies = append(bodies, *message.Body)
	}
	return bodies
}

// envelope reads the body of the one message that is there, or comes soon.
func (w world) envelope(url *string) map[string]any {
	messages := w.receive(url, 10)
	equal(len(messages), 1)
	return parsed(*messages[0].Body)
}

func parsed(text string) map[string]any {
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		panic(err)
	}
	return object
}

func text(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
}

func sorted(values []string) []string {
	slices.Sort(values)
	return values
}
