package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

var cases = []testCase{
	{"a message goes, comes and is deleted", oneMessage},
	{"a batch goes, comes and is deleted, and a bad entry fails alone", batches},
	{"one mebibyte passes", oneMebibyte},
	{"a long poll ends with the message that is sent while it waits", longPoll},
	{"a FIFO queue keeps order and knows duplicates", fifo},
	{"the paginator walks through all queues", paginator},
	{"errors have the types of the SDK", errorTypes},
	{"a batch as a whole is refused with the errors of the SDK", batchRefusals},
	{"a delayed message, and one whose lease ended, come to a poll that waits for them", delayAndLease},
	{"a message that was received too often goes to the dead-letter queue and keeps its id", deadLetter},
	{"the paginator walks through the sources of a dead-letter queue", deadLetterSources},
	{"a message group waits for what is in flight, and others do not", groupsInFlight},
	{"a queue keeps its attributes and tags until it is deleted", lifeOfAQueue},
}

// openCases are for a broker without users.
var openCases = []testCase{
	{"the README's program sends, receives and deletes", readmeProgram},
}

func oneMessage(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	attributes := map[string]types.MessageAttributeValue{
		"city": {DataType: aws.String("String"), StringValue: aws.String("Zürich 😀")},
		"raw":  {DataType: aws.String("Binary.png"), BinaryValue: []byte{0, 137, 255}},
	}
	body := "line 1\r\nline 2 \"quoted\" 😀 \\"
	if _, err := w.SendMessage(w, &sqs.SendMessageInput{QueueUrl: url, MessageBody: &body, MessageAttributes: attributes}); err != nil {
		return err
	}
	messages, err := w.receive(w, url, 10, 0)
	if err != nil {
		return err
	}
	if err := equal(bodies(messages), []string{body}); err != nil {
		return err
	}
	if err := equal(messages[0].MessageAttributes, attributes); err != nil {
		return err
	}
	handle := messages[0].ReceiptHandle
	if _, err := w.ChangeMessageVisibility(w, &sqs.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: handle}); err != nil {
		return err
	}
	again, err := w.receive(w, url, 10, 0)
	if err != nil {
		return err
	}
	if err := equal(again[0].Attributes["ApproximateReceiveCount"], "2"); err != nil {
		return err
	}
	if _, err := w.DeleteMessage(w, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: again[0].ReceiptHandle}); err != nil {
		return err
	}
	return w.isEmpty(url)
}

func batches(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	entries := []types.SendMessageBatchRequestEntry{}
	for _, body := range []string{"a", "b", "\x01"} {
		id := fmt.Sprintf("id-%d", len(entries))
		entries = append(entries, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: aws.String(body)})
	}
	sent, err := w.SendMessageBatch(w, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: entries})
	if err != nil {
		return err
	}
	if err := equal([]any{len(sent.Successful), *sent.Failed[0].Code}, []any{2, "InvalidMessageContents"}); err != nil {
		return err
	}
	messages, err := w.receive(w, url, 10, 0)
	if err != nil {
		return err
	}
	handles := []types.DeleteMessageBatchRequestEntry{}
	for _, message := range messages {
		handles = append(handles, types.DeleteMessageBatchRequestEntry{Id: message.MessageId, ReceiptHandle: message.ReceiptHandle})
	}
	deleted, err := w.DeleteMessageBatch(w, &sqs.DeleteMessageBatchInput{QueueUrl: url, Entries: handles})
	if err != nil {
		return err
	}
	if err := equal([]int{len(deleted.Successful), len(deleted.Failed)}, []int{2, 0}); err != nil {
		return err
	}
	return w.isEmpty(url)
}

func oneMebibyte(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	body := strings.Repeat("中", 349_525) + "x"
	if _, err := w.SendMessage(w, &sqs.SendMessageInput{QueueUrl: url, MessageBody: &body}); err != nil {
		return err
	}
	messages, err := w.receive(w, url, 1, 0)
	if err != nil {
		return err
	}
	return equal(*messages[0].Body == body, true)
}

func longPoll(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	start := time.Now()
	received := make(chan []string, 1)
	go func() {
		messages, err := w.receive(w, url, 1, 20)
		if err != nil {
			received <- []string{err.Error()}
			return
		}
		received <- bodies(messages)
	}()
	if err := w.isEmpty(url); err != nil { // One turn for the poll.
		return err
	}
	if _, err := w.SendMessage(w, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("wake up")}); err != nil {
		return err
	}
	if err := equal(<-received, []string{"wake up"}); err != nil {
		return err
	}
	return equal(time.Since(start) < 5*time.Second, true)
}

func fifo(w world) error {
	url, err := w.makeQueue(w, map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
	if err != nil {
		return err
	}
	numbers := []string{}
	for _, body := range []string{"1", "2", "1", "3"} {
		sent, err := w.SendMessage(w, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String(body), MessageGroupId: aws.String("g")})
		if err != nil {
			return err
		}
		numbers = append(numbers, *sent.SequenceNumber)
	}
	messages, err := w.receive(w, url, 10, 0)
	if err != nil {
		return err
	}
	if err := equal(numbers[2], numbers[0]); err != nil {
		return err
	}
	return equal(bodies(messages), []string{"1", "2", "3"})
}

func paginator(w world) error {
	prefix := newName() + "-page"
	for _, suffix := range []string{"a", "b", "c"} {
		if _, err := w.CreateQueue(w, &sqs.CreateQueueInput{QueueName: aws.String(prefix + suffix)}); err != nil {
			return err
		}
	}
	pages := []int{}
	walk := sqs.NewListQueuesPaginator(w, &sqs.ListQueuesInput{QueueNamePrefix: &prefix, MaxResults: aws.Int32(2)})
	for walk.HasMorePages() {
		page, err := walk.NextPage(w)
		if err != nil {
			return err
		}
		pages = append(pages, len(page.QueueUrls))
	}
	return equal(pages, []int{2, 1})
}

func errorTypes(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	_, err = w.GetQueueUrl(w, &sqs.GetQueueUrlInput{QueueName: aws.String("missing")})
	var missing *types.QueueDoesNotExist
	if !errors.As(err, &missing) {
		return fmt.Errorf("no QueueDoesNotExist: %v", err)
	}
	_, err = w.DeleteMessage(w, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: aws.String("garbage")})
	var invalid *types.ReceiptHandleIsInvalid
	if !errors.As(err, &invalid) {
		return fmt.Errorf("no ReceiptHandleIsInvalid: %v", err)
	}
	_, err = w.receive(w, url, 11, 0)
	var unmodelled smithy.APIError
	if !errors.As(err, &unmodelled) {
		return fmt.Errorf("no error of the service: %v", err)
	}
	return equal(unmodelled.ErrorCode(), "InvalidParameterValue")
}

func (w world) isEmpty(url *string) error {
	names := []types.QueueAttributeName{"ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"}
	found, err := w.GetQueueAttributes(w, &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: names})
	if err != nil {
		return err
	}
	return equal([]string{found.Attributes[string(names[0])], found.Attributes[string(names[1])]}, []string{"0", "0"})
}
