package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	_ "github.com/aws/aws-sdk-go-v2/credentials" // The page's program wants it.
)

var readmeBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// readmeProgram runs what docs/clients.md shows as it stands; only its address is put in.
func readmeProgram(w world) error {
	text, err := os.ReadFile(filepath.Join(os.Getenv("GANTRY_ROOT"), "docs", "clients.md"))
	if err != nil {
		return err
	}
	block := readmeBlock.FindSubmatch(text)
	if block == nil {
		return fmt.Errorf("the page has no block in Go")
	}
	folder, err := os.MkdirTemp("", "gantry-readme-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "main.go")
	source := strings.ReplaceAll(string(block[1]), "http://127.0.0.1:4566", w.endpoint)
	if err := os.WriteFile(program, []byte(source), 0o600); err != nil {
		return err
	}
	output, err := exec.CommandContext(w, "go", "run", program).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	if err := equal(strings.TrimSpace(string(output)), "one crate of oranges"); err != nil {
		return err
	}
	url := w.endpoint + "/000000000000/orders-go"
	return w.isEmpty(&url)
}
