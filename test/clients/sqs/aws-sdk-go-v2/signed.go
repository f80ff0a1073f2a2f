package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
)

// signedCases are for a broker with users.
var signedCases = []testCase{
	{"a wrong secret is refused", refused(keyID, "guess", "SignatureDoesNotMatch")},
	{"an unknown key is refused", refused("AKIANOBODY", secret, "InvalidClientTokenId")},
	{"a presigned URL is served, and refused when it was changed", presignedURL},
}

func refused(id, key, code string) func(world) error {
	return func(w world) error {
		_, err := newClient(w.endpoint, id, key).ListQueues(w, &sqs.ListQueuesInput{})
		var refusal smithy.APIError
		if !errors.As(err, &refusal) {
			return fmt.Errorf("no error of the service but %v", err)
		}
		return equal(refusal.ErrorCode(), code)
	}
}

// sha256 of nothing, which is what a GET has.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func presignedURL(w world) error {
	url, err := w.makeQueue(w, nil)
	if err != nil {
		return err
	}
	request, err := http.NewRequest("GET", *url+"?Action=SendMessage&Version=2012-11-05&X-Amz-Expires=60&MessageBody=a%20b%2Bc%26%C3%A9", nil)
	if err != nil {
		return err
	}
	credentials := aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret}
	signed, _, err := v4.NewSigner().PresignHTTP(w, credentials, request, emptyHash, "sqs", "us-east-1", time.Now())
	if err != nil {
		return err
	}
	for link, status := range map[string]int{signed: 200, strings.Replace(signed, "Expires=60", "Expires=99", 1): 403} {
		answer, err := http.Get(link)
		if err != nil {
			return err
		}
		answer.Body.Close()
		if err := equal(answer.StatusCode, status); err != nil {
			return fmt.Errorf("%s: %w", link, err)
		}
	}
	messages, err := w.receive(w, url, 1, 0)
	if err != nil {
		return err
	}
	return equal(bodies(messages), []string{"a b+c&é"})
}
