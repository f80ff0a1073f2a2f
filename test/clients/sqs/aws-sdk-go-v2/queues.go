package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func lifeOfAQueue(w world) error {
	url, err := w.makeQueue(w, map[string]string{"DelaySeconds": "1"})
	if err != nil {
		return err
	}
	set := &sqs.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"VisibilityTimeout": "7"}}
	if _, err := w.SetQueueAttributes(w, set); err != nil {
		return err
	}
	if _, err := w.TagQueue(w, &sqs.TagQueueInput{QueueUrl: url, Tags: map[string]string{"stage": "test", "team": "a"}}); err != nil {
		return err
	}
	if _, err := w.UntagQueue(w, &sqs.UntagQueueInput{QueueUrl: url, TagKeys: []string{"team"}}); err != nil {
		return err
	}
	tags, err := w.ListQueueTags(w, &sqs.ListQueueTagsInput{QueueUrl: url})
	if err != nil {
		return err
	}
	timeout, err := w.attribute(url, "VisibilityTimeout")
	if err != nil {
		return err
	}
	if err := equal([]any{timeout, tags.Tags}, []any{"7", map[string]string{"stage": "test"}}); err != nil {
		return err
	}
	if _, err := w.SendMessage(w, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("purged")}); err != nil {
		return err
	}
	if _, err := w.PurgeQueue(w, &sqs.PurgeQueueInput{QueueUrl: url}); err != nil {
		return err
	}
	if err := w.isEmpty(url); err != nil {
		return err
	}
	if _, err := w.DeleteQueue(w, &sqs.DeleteQueueInput{QueueUrl: url}); err != nil {
		return err
	}
	_, err = w.receive(w, url, 1, 0)
	return isA[*types.QueueDoesNotExist](err)
}

func delayAndLease(w world) error {
	url, err := w.makeQueue(w, map[string]string{"VisibilityTimeout": "1", "ReceiveMessageWaitTimeSeconds": "1"})
	if err != nil {
		return err
	}
	start := time.Now()
	if empty, err := w.ReceiveMessage(w, &sqs.ReceiveMessageInput{QueueUrl: url}); err != nil || empty.Messages != nil {
		return fmt.Errorf("a poll of nothing gives %v (%v)", empty, err)
	}
	if err := equal(time.Since(start) >= 900*time.Millisecond, true); err != nil {
		return err
	}
	later := &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("later"), DelaySeconds: 1}
	if _, err := w.SendMessage(w, later); err != nil {
		return err
	}
	counts := []string{}
	for range 2 {
		messages, err := w.receive(w, url, 1, 5)
		if err != nil {
			return err
		}
		counts = append(counts, messages[0].Attributes["ApproximateReceiveCount"])
	}
	return equal(counts, []string{"1", "2"})
}

func groupsInFlight(w world) error {
	url, err := w.makeQueue(w, map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
	if err != nil {
		return err
	}
	entries := []types.SendMessageBatchRequestEntry{}
	for _, body := range []string{"a1", "a2", "b1"} {
		entry := types.SendMessageBatchRequestEntry{Id: &body, MessageBody: &body, MessageGroupId: aws.String(body[:1])}
		entries = append(entries, entry)
	}
	if _, err := w.SendMessageBatch(w, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: entries}); err != nil {
		return err
	}
	first, err := w.receive(w, url, 1, 0)
	if err != nil {
		return err
	}
	others, err := w.receive(w, url, 10, 0)
	if err != nil {
		return err
	}
	if _, err := w.DeleteMessage(w, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: first[0].ReceiptHandle}); err != nil {
		return err
	}
	next, err := w.receive(w, url, 10, 0)
	if err != nil {
		return err
	}
	return equal([][]string{bodies(first), bodies(others), bodies(next)}, [][]string{{"a1"}, {"b1"}, {"a2"}})
}

func batchRefusals(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	send := func(ids ...string) error {
		entries := []types.SendMessageBatchRequestEntry{}
		for _, id := range ids {
			entries = append(entries, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String("x")})
		}
		_, err := w.SendMessageBatch(w, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: entries})
		return err
	}
	return errors.Join(
		isA[*types.EmptyBatchRequest](send()),
		isA[*types.BatchEntryIdsNotDistinct](send("a", "b", "a")),
		isA[*types.InvalidBatchEntryId](send("a b")),
		isA[*types.TooManyEntriesInBatchRequest](send("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")),
		w.isEmpty(url),
	)
}

// isA is nil when the error is of the SDK's type.
func isA[T error](err error) error {
	var typed T
	if errors.As(err, &typed) {
		return nil
	}
	return fmt.Errorf("found %v instead of %T", err, typed)
}
