// Judges SNS with AWS's SDK for Go.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// world is what every case starts from.
type world struct {
	context.Context
	sns       *sns.Client
	sqs       *sqs.Client
	endpoint  string
	functions *endpoint
}

// testCase is a behaviour and what shows it; what it finds wrong, it panics with.
type testCase struct {
	name string
	run  func(world)
}

func main() {
	os.Exit(run())
}

func run() int {
	functions := startEndpoint(202)
	defer functions.close()
	broker, err := startBroker("--lambda-endpoint", functions.url)
	if err != nil {
		fmt.Println("FAILED:", err)
		fmt.Println("0 passed, 1 failed, 0 skipped")
		return 1
	}
	passed, failed := 0, 0
	w := newWorld(broker.endpoint, functions)
	for _, each := range slices.Concat(topicCases, deliveryCases, receiverCases) {
		if problem := judge(each, w); problem != nil {
			failed++
			fmt.Printf("FAILED: %s: %v\n", each.name, problem)
			continue
		}
		passed++
		fmt.Printf("ok: %s\n", each.name)
	}
	if err := broker.stop(); err != nil {
		failed++
		fmt.Println("FAILED: the broker ended badly:", err)
	}
	fmt.Printf("%d passed, %d failed, 0 skipped\n", passed, failed)
	return min(failed, 1)
}

func judge(each testCase, w world) (problem any) {
	defer func() { problem = recover() }()
	each.run(w)
	return nil
}

func newWorld(url string, functions *endpoint) world {
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "dummy", SecretAccessKey: "dummy"}, nil
	})
	return world{
		Context:   context.Background(),
		sns:       sns.New(sns.Options{BaseEndpoint: &url, Region: "us-east-1", Credentials: credentials}),
		sqs:       sqs.New(sqs.Options{BaseEndpoint: &url, Region: "us-east-1", Credentials: credentials}),
		endpoint:  url,
		functions: functions,
	}
}
