// A job queue written in Go after the usual recipe: a bounded ring in memory, workers that take batches, a log of
// acknowledgements, a log of jobs, and a flush every few milliseconds. It makes, checks and counts its jobs as
// dev.bobbin.benchmarks.transport does, and answers the lines that dev.bobbin.benchmarks.Child answers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// How long a queue is in use before it is measured.
const warmUp = time.Second

// load is what is carried.
type load struct {
	payloadBytes, producers, workers, batch int
}

func main() {
	if len(os.Args) != 7 {
		fail("expected: go|go-acks DIRECTORY PAYLOAD_BYTES PRODUCERS WORKERS BATCH")
	}
	logJobs := os.Args[1] == "go"
	var numbers [4]int
	for i := range numbers {
		number, err := strconv.Atoi(os.Args[3+i])
		if err != nil {
			fail(err.Error())
		}
		numbers[i] = number
	}
	l := load{numbers[0], numbers[1], numbers[2], numbers[3]}
	answer(settings(logJobs, l))
	lines := bufio.NewScanner(os.Stdin)
	for round := 0; lines.Scan(); round++ {
		directory := filepath.Join(os.Args[2], fmt.Sprintf("round-%d", round))
		figures, err := measure(l, logJobs, directory, strings.Fields(lines.Text()))
		if err != nil {
			answer(map[string]string{"error": err.Error()})
		} else {
			answer(figures)
		}
	}
}

func settings(logJobs bool, l load) map[string]string {
	what := "none"
	if logJobs {
		what = "one for each producer, CRC-32C for each job, not reclaimed"
	}
	return map[string]string{
		"ring":    fmt.Sprintf("%d jobs, in place", capacity(l.payloadBytes)),
		"batch":   strconv.Itoa(l.batch),
		"job log": what,
		"ack log": "one, a range with CRC-32C for each batch",
		"flush":   "fsync every " + flushEvery.String(),
	}
}

// One round: a queue of its own, which first carries jobs that do not count.
func measure(l load, logJobs bool, directory string, words []string) (map[string]any, error) {
	if err := os.Mkdir(directory, 0o755); err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	s, err := openSession(l, logJobs, directory)
	if err != nil {
		return nil, err
	}
	defer s.close()
	seconds, err := strconv.ParseFloat(words[len(words)-1], 64)
	if err != nil {
		return nil, err
	}
	p := pace{resting: words[0] == "rest"}
	if words[0] != "throughput" {
		if l.producers != 1 {
			return nil, fmt.Errorf("a paced round has one producer, not %d", l.producers)
		}
		if p.rate, err = strconv.ParseFloat(words[1], 64); err != nil {
			return nil, err
		}
	}
	if _, err := s.round(p, warmUp); err != nil {
		return nil, err
	}
	return s.round(p, time.Duration(seconds*1e9))
}

func answer(what any) {
	text, err := json.Marshal(what)
	if err != nil {
		fail(err.Error())
	}
	fmt.Println(string(text))
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
