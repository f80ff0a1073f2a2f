package main

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

var topicCases = []testCase{
	{"a new topic has the attributes of AWS, and those that are set come back", topicAttributes},
	{"tags come back", tags},
	{"the paginator walks through 151 topics once", topicPages},
	{"the paginator walks through 101 subscriptions once", subscriptionPages},
	{"a subscription's attributes come back", subscriptionAttributes},
	{"errors have the types of the SDK", errorTypes},
	{"a batch as a whole is refused with the errors of the SDK", batchRefusals},
}

func (w world) attributes(topic *string) texts {
	return must(w.sns.GetTopicAttributes(w, &sns.GetTopicAttributesInput{TopicArn: topic})).Attributes
}

func topicAttributes(w world) {
	topic := w.makeTopic(nil)
	names := []string{}
	for name := range w.attributes(topic) {
		names = append(names, name)
	}
	expected := "DisplayName EffectiveDeliveryPolicy Owner Policy SubscriptionsConfirmed SubscriptionsDeleted SubscriptionsPending TopicArn"
	equal(strings.Join(sorted(names), " "), expected)
	must(w.sns.SetTopicAttributes(w, &sns.SetTopicAttributesInput{
		TopicArn: topic, AttributeName: aws.String("DisplayName"), AttributeValue: aws.String("Zürich"),
	}))
	equal(w.attributes(topic)["DisplayName"], "Zürich")
	equal(w.attributes(w.makeTopic(fifoTopic))["FifoTopic"], "true")
}

func tags(w world) {
	topic := w.makeTopic(nil)
	blue := types.Tag{Key: aws.String("team"), Value: aws.String("blue")}
	old := types.Tag{Key: aws.String("old"), Value: aws.String("x")}
	must(w.sns.TagResource(w, &sns.TagResourceInput{ResourceArn: topic, Tags: []types.Tag{blue, old}}))
	must(w.sns.UntagResource(w, &sns.UntagResourceInput{ResourceArn: topic, TagKeys: []string{"old", "missing"}}))
	listed := must(w.sns.ListTagsForResource(w, &sns.ListTagsForResourceInput{ResourceArn: topic}))
	equal(listed.Tags, []types.Tag{blue})
}

func topicPages(w world) {
	prefix := newName() + "-page-"
	made, listed := []string{}, []string{}
	for index := range 151 {
		name := fmt.Sprintf("%s%d", prefix, index)
		made = append(made, *must(w.sns.CreateTopic(w, &sns.CreateTopicInput{Name: &name})).TopicArn)
	}
	for walk := sns.NewListTopicsPaginator(w.sns, &sns.ListTopicsInput{}); walk.HasMorePages(); {
		for _, topic := range must(walk.NextPage(w)).Topics {
			if strings.Contains(*topic.TopicArn, prefix) {
				listed = append(listed, *topic.TopicArn)
			}
		}
	}
	equal(sorted(listed), sorted(made))
}

func subscriptionPages(w world) {
	topic := w.makeTopic(nil)
	made, listed := []string{}, []string{}
	for range 101 {
		queue := "arn:aws:sqs:us-east-1:000000000000:" + newName()
		made = append(made, *w.subscribe(topic, "sqs", &queue, nil))
	}
	walk := sns.NewListSubscriptionsByTopicPaginator(w.sns, &sns.ListSubscriptionsByTopicInput{TopicArn: topic})
	for walk.HasMorePages() {
		for _, subscription := range must(walk.NextPage(w)).Subscriptions {
			listed = append(listed, *subscription.SubscriptionArn)
		}
	}
	equal(sorted(listed), sorted(made))
}

func subscriptionAttributes(w world) {
	topic := w.makeTopic(nil)
	_, queue := w.makeQueue(false)
	subscription := w.subscribe(topic, "sqs", queue, nil)
	policy := `{"a":["b"]}`
	must(w.sns.SetSubscriptionAttributes(w, &sns.SetSubscriptionAttributesInput{
		SubscriptionArn: subscription, AttributeName: aws.String("FilterPolicy"), AttributeValue: &policy,
	}))
	input := &sns.GetSubscriptionAttributesInput{SubscriptionArn: subscription}
	found := must(w.sns.GetSubscriptionAttributes(w, input)).Attributes
	shown := []string{found["Endpoint"], found["PendingConfirmation"], found["FilterPolicy"], found["FilterPolicyScope"]}
	equal(shown, []string{*queue, "false", policy, "MessageAttributes"})
	equal(*w.subscribe(topic, "sqs", queue, nil), *subscription)
}

func errorTypes(w world) {
	missing := aws.String("arn:aws:sns:us-east-1:000000000000:missing")
	_, err := w.sns.Publish(w, &sns.PublishInput{TopicArn: missing, Message: aws.String("x")})
	fails[*types.NotFoundException](err)
	_, err = w.sns.ListTagsForResource(w, &sns.ListTagsForResourceInput{ResourceArn: missing})
	fails[*types.ResourceNotFoundException](err)
	_, err = w.sns.CreateTopic(w, &sns.CreateTopicInput{Name: aws.String("no spaces")})
	fails[*types.InvalidParameterException](err)
	_, err = w.sns.Publish(w, &sns.PublishInput{
		TopicArn:          w.makeTopic(nil),
		Message:           aws.String("x"),
		MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: aws.String("Strange"), StringValue: aws.String("x")}},
	})
	fails[*types.InvalidParameterValueException](err)
	_, err = w.sns.CreatePlatformEndpoint(w, &sns.CreatePlatformEndpointInput{
		PlatformApplicationArn: aws.String("arn:aws:sns:us-east-1:000000000000:app/GCM/missing"), Token: aws.String("x"),
	})
	fails[*types.NotFoundException](err)
}

func batchRefusals(w world) {
	topic := w.makeTopic(nil)
	batch := func(ids ...string) error {
		_, err := w.sns.PublishBatch(w, &sns.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: entriesOf(ids)})
		return err
	}
	fails[*types.EmptyBatchRequestException](batch())
	fails[*types.BatchEntryIdsNotDistinctException](batch("a", "b", "a"))
	fails[*types.InvalidBatchEntryIdException](batch("a b"))
	fails[*types.TooManyEntriesInBatchRequestException](batch(strings.Split("abcdefghijk", "")...))
}

// entriesOf makes entries whose messages say their ids.
func entriesOf(ids []string) []types.PublishBatchRequestEntry {
	entries := []types.PublishBatchRequestEntry{}
	for _, id := range ids {
		entries = append(entries, types.PublishBatchRequestEntry{Id: &id, Message: &id})
	}
	return entries
}
