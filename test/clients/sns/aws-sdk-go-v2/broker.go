package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// broker is the real built one in a process of its own, on a free port, in a temporary folder.
type broker struct {
	endpoint string
	command  *exec.Cmd
	folder   string
}

var readyLine = regexp.MustCompile(`^Gantry ready.*?(http://\S+)`)

const readyTimeMax = 30 * time.Second

// startBroker adds the options to the command line.
func startBroker(options ...string) (*broker, error) {
	folder, err := os.MkdirTemp("", "gantry-test-")
	if err != nil {
		return nil, err
	}
	node := os.Getenv("GANTRY_NODE")
	data := filepath.Join(folder, "data")
	arguments := []string{os.Getenv("GANTRY_MAIN"), "serve", "--host", "127.0.0.1", "--http-port", "0", "--data-dir", data}
	command := exec.Command(node, append(arguments, options...)...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GANTRY_") {
			command.Env = append(command.Env, variable)
		}
	}
	command.Stderr = os.Stderr
	started := &broker{command: command, folder: folder}
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	watchdog := time.AfterFunc(readyTimeMax, func() { command.Process.Kill() })
	line, _ := bufio.NewReader(output).ReadString('\n')
	watchdog.Stop()
	match := readyLine.FindStringSubmatch(line)
	if match == nil {
		return nil, fmt.Errorf("the broker did not become ready: %s (%v)", line, started.stop())
	}
	started.endpoint = match[1]
	return started, nil
}

func (b *broker) stop() error {
	defer os.RemoveAll(b.folder)
	b.command.Process.Signal(syscall.SIGTERM)
	return b.command.Wait()
}
