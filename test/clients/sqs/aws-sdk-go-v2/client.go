package main

import (
	"context"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// client is the SDK's, with shorthands for what most cases do.
type client struct {
	*sqs.Client
	endpoint string
}

var queuesMade = 0

func newClient(endpoint, keyID, secret string) *client {
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}, nil
	})
	options := sqs.Options{BaseEndpoint: &endpoint, Region: "us-east-1", Credentials: credentials}
	return &client{sqs.New(options), endpoint}
}

func newName() string {
	queuesMade++
	return fmt.Sprintf("queue-%d", queuesMade)
}

func (c *client) makeQueue(ctx context.Context, attributes map[string]string) (*string, error) {
	name := newName()
	if attributes["FifoQueue"] == "true" {
		name += ".fifo"
	}
	made, err := c.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		return nil, err
	}
	return made.QueueUrl, nil
}

func (c *client) receive(ctx context.Context, url *string, most, waitSeconds int32) ([]types.Message, error) {
	received, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    url,
		MaxNumberOfMessages:         most,
		WaitTimeSeconds:             waitSeconds,
		MessageAttributeNames:       []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})
	if err != nil {
		return nil, err
	}
	return received.Messages, nil
}

func (c *client) attribute(url *string, name types.QueueAttributeName) (string, error) {
	asked := &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{name}}
	found, err := c.GetQueueAttributes(context.Background(), asked)
	if err != nil {
		return "", err
	}
	return found.Attributes[string(name)], nil
}

func bodies(messages []types.Message) []string {
	texts := []string{}
	for _, message := range messages {
		texts = append(texts, *message.Body)
	}
	return texts
}

func equal(found, expected any) error {
	if reflect.DeepEqual(found, expected) {
		return nil
	}
	return fmt.Errorf("found %v instead of %v", found, expected)
}
