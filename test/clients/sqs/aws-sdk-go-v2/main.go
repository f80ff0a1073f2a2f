// Judges the broker with AWS's SDK for Go, whose own checks of each digest are on as they come.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"
)

// world is what every case starts from.
type world struct {
	context.Context
	*client
	endpoint string
}

// testCase is a behaviour and what shows it.
type testCase struct {
	name string
	run  func(world) error
}

const (
	keyID  = "AKIAOPERATOR"
	secret = "secret/of+the=operator"
	users  = `users: [{ name: operator, admin: true, access-keys: [{ id: ` + keyID + `, secret: "` + secret + `" }] }]`
)

func main() {
	os.Exit(run())
}

func run() int {
	passed, failed := 0, 0
	count := func(oks, failures int) {
		passed += oks
		failed += failures
	}
	count(runCases("", "", slices.Concat(cases, openCases)))
	count(runCases("signed: ", users, slices.Concat(cases, signedCases)))
	fmt.Printf("%d passed, %d failed, 0 skipped\n", passed, failed)
	if failed > 0 {
		return 1
	}
	return 0
}

// runCases has a broker of its own for them.
func runCases(prefix, config string, cases []testCase) (passed, failed int) {
	broker, err := startBroker(config)
	if err != nil {
		fmt.Println("FAILED:", err)
		return 0, 1
	}
	for _, each := range cases {
		if err := each.run(world{context.Background(), newClient(broker.endpoint, keyID, secret), broker.endpoint}); err != nil {
			failed++
			fmt.Printf("FAILED: %s%s: %v\n", prefix, each.name, err)
			continue
		}
		passed++
		fmt.Printf("ok: %s%s\n", prefix, each.name)
	}
	if err := broker.stop(); err != nil {
		failed++
		fmt.Println("FAILED: the broker ended badly:", err)
	}
	return passed, failed
}
