package main

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func deadLetter(w world) error {
	dead, source, err := w.makeRedriven(1)
	if err != nil {
		return err
	}
	sent, err := w.SendMessage(w, &sqs.SendMessageInput{QueueUrl: source, MessageBody: aws.String("poison")})
	if err != nil {
		return err
	}
	first, err := w.receive(w, source, 1, 5)
	if err != nil {
		return err
	}
	release := &sqs.ChangeMessageVisibilityInput{QueueUrl: source, ReceiptHandle: first[0].ReceiptHandle}
	if _, err := w.ChangeMessageVisibility(w, release); err != nil {
		return err
	}
	if none, err := w.receive(w, source, 1, 0); err != nil || len(none) > 0 {
		return fmt.Errorf("the source still gives %v (%v)", bodies(none), err)
	}
	letters, err := w.receive(w, dead, 1, 5)
	if err != nil {
		return err
	}
	arn, err := w.attribute(source, "QueueArn")
	if err != nil {
		return err
	}
	found := []string{*letters[0].MessageId, *letters[0].Body, letters[0].Attributes["DeadLetterQueueSourceArn"]}
	return equal(found, []string{*sent.MessageId, "poison", arn})
}

func deadLetterSources(w world) error {
	dead, source, err := w.makeRedriven(1)
	if err != nil {
		return err
	}
	found := []string{}
	walk := sqs.NewListDeadLetterSourceQueuesPaginator(w, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: dead})
	for walk.HasMorePages() {
		page, err := walk.NextPage(w)
		if err != nil {
			return err
		}
		found = append(found, page.QueueUrls...)
	}
	return equal(found, []string{*source})
}

// makeRedriven makes a dead-letter queue and a queue whose messages go there when they were received so often.
func (w world) makeRedriven(receiveCountMax int) (dead, source *string, err error) {
	dead, err = w.makeQueue(w, nil)
	if err != nil {
		return nil, nil, err
	}
	arn, err := w.attribute(dead, "QueueArn")
	if err != nil {
		return nil, nil, err
	}
	policy := fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":%d}`, arn, receiveCountMax)
	source, err = w.makeQueue(w, map[string]string{"RedrivePolicy": policy})
	return dead, source, err
}
