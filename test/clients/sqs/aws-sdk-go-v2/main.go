// Judges the broker with AWS's SDK for Go, whose own checks of each digest are on as they come.
package main

import (
	"context"
	"fmt"
	"os"
)

// world is what every case starts from.
type world struct {
	context.Context
	*client
}

// testCase is a behaviour and what shows it.
type testCase struct {
	name string
	run  func(world) error
}

func main() {
	os.Exit(run())
}

func run() int {
	broker, err := startBroker()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	passed, failed := 0, 0
	for _, each := range cases {
		if err := each.run(world{context.Background(), newClient(broker.endpoint)}); err != nil {
			failed++
			fmt.Printf("FAILED: %s: %v\n", each.name, err)
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
	if failed > 0 {
		return 1
	}
	return 0
}
