package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	patience = 60 * time.Second
	// From a paced round's beginning to its first job.
	startDelay = 10 * time.Millisecond
	rest       = time.Millisecond
	look       = 50 * time.Microsecond
	// How many jobs are submitted between two looks at the clock.
	stride = 64
	// A sequence number's upper bits name the producer.
	producerShift = 40
)

// session is a queue that is open for some rounds, as dev.bobbin.benchmarks.transport.Session.
type session struct {
	load      load
	payload   payload
	queue     *queue
	receivers []*receiver
	next      []uint64 // each producer's next number
}

// pace is how fast the producer submits.
type pace struct {
	rate    float64 // jobs a second; 0 if there is no pace
	resting bool    // whether the producer sleeps while no job is due: its jobs are late
}

// receiver is what one worker does with a job. The round's fields are set while nothing is on its way.
type receiver struct {
	payload  payload
	every    float64 // nanoseconds between two jobs; 0 if there is no pace
	start    time.Time
	first    uint64
	seen     []*arrivals
	lateness *histogram
	fresh    uint64
	_        [64]byte
	count    atomic.Uint64
	problem  atomic.Pointer[string]
}

func openSession(l load, logJobs bool, directory string) (*session, error) {
	q, err := openQueue(l, logJobs, directory)
	if err != nil {
		return nil, err
	}
	s := &session{load: l, payload: newPayload(l.payloadBytes), queue: q, next: make([]uint64, l.producers)}
	for i := 0; i < l.workers; i++ {
		r := &receiver{payload: s.payload}
		s.receivers = append(s.receivers, r)
		q.work(l.batch, r.handle, r.endOfBatch)
	}
	return s, nil
}

func (s *session) close() {
	s.queue.close()
}

func (r *receiver) handle(job []byte) {
	sequence, err := r.payload.check(job)
	if err != nil {
		r.fail(err)
		return
	}
	number := sequence & (1<<producerShift - 1)
	if r.every > 0 {
		late := time.Since(r.start) - time.Duration(float64(number-r.first)*r.every)
		if late < 0 {
			late = 0
		}
		r.lateness.record(uint64(late))
	}
	if r.seen[sequence>>producerShift].add(number) {
		r.fresh++
	}
}

func (r *receiver) endOfBatch(err error) {
	if err != nil {
		r.fail(err)
	}
	r.count.Store(r.fresh)
}

func (r *receiver) fail(err error) {
	text := err.Error()
	r.problem.Store(&text)
}

// All producers as fast as they can, or one at a pace if there is one, and until every job arrived.
func (s *session) round(p pace, length time.Duration) (map[string]any, error) {
	start := time.Now()
	due := start.Add(startDelay)
	every := 0.0
	if p.rate > 0 {
		every = 1e9 / p.rate
	}
	first := append([]uint64(nil), s.next...)
	for _, r := range s.receivers {
		r.every, r.start, r.first, r.lateness, r.fresh = every, due, first[0], &histogram{}, 0
		r.seen = nil
		for _, number := range first {
			r.seen = append(r.seen, &arrivals{first: number})
		}
		r.count.Store(0)
	}
	before := usage()
	start = time.Now()
	errs := make([]error, len(s.next))
	var producers sync.WaitGroup
	for i := range s.next {
		producers.Add(1)
		go func(i int) {
			defer producers.Done()
			if p.rate > 0 {
				errs[i] = s.walk(i, due, every, p.resting, length)
			} else {
				errs[i] = s.race(i, start.Add(length))
			}
		}(i)
	}
	producers.Wait()
	var jobs uint64
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("submit failed: %w", err)
		}
		jobs += s.next[i] - first[i]
	}
	if err := s.await(jobs); err != nil {
		return nil, err
	}
	seconds := time.Since(start).Seconds()
	used := usage()
	return s.figures(jobs, seconds, used.cpu-before.cpu, used.written-before.written), nil
}

func (s *session) race(producer int, end time.Time) error {
	prepared := s.payload.prepared()
	number := s.next[producer]
	for time.Now().Before(end) {
		for i := 0; i < stride; i++ {
			job := prepared[number%kinds]
			s.payload.stamp(job, uint64(producer)<<producerShift|number)
			number++
			if err := s.queue.submit(producer, job); err != nil {
				return err
			}
		}
	}
	s.next[producer] = number
	return nil
}

func (s *session) walk(producer int, start time.Time, every float64, resting bool, length time.Duration) error {
	job := make([]byte, s.payload.size)
	number := s.next[producer]
	for i := 0; ; i++ {
		due := time.Duration(float64(i) * every)
		if due >= length {
			break
		}
		s.payload.fill(job, uint64(producer)<<producerShift|number)
		number++
		// Spins unless it is resting: a parked goroutine would come back too late for the next job.
		for time.Since(start) < due {
			if resting {
				time.Sleep(rest)
			}
		}
		if err := s.queue.submit(producer, job); err != nil {
			return err
		}
	}
	s.next[producer] = number
	return nil
}

func (s *session) await(jobs uint64) error {
	var before uint64
	since := time.Now()
	for {
		var now uint64
		for _, r := range s.receivers {
			now += r.count.Load()
			if problem := r.problem.Load(); problem != nil {
				return fmt.Errorf("wrong delivery: %s", *problem)
			}
		}
		if now >= jobs && s.distinct() >= jobs {
			return nil
		}
		if now != before {
			before, since = now, time.Now()
		} else if time.Since(since) > patience {
			return fmt.Errorf("%d of %d jobs have arrived, and none since for long: the round does not count", now, jobs)
		}
		time.Sleep(look)
	}
}

// Over all workers: one that was brought to two of them counts once.
func (s *session) distinct() uint64 {
	var count uint64
	for i := range s.next {
		var all []*arrivals
		for _, r := range s.receivers {
			all = append(all, r.seen[i])
		}
		count += distinct(all)
	}
	return count
}

func (s *session) figures(jobs uint64, seconds, cpu float64, written int64) map[string]any {
	figures := map[string]any{
		"jobs":                 jobs,
		"seconds":              seconds,
		"jobsPerSecond":        float64(jobs) / seconds,
		"cpuSecondsPerMillion": cpu / float64(jobs) * 1e6,
		"writtenBytesPerJob":   float64(written) / float64(jobs),
	}
	lateness := &histogram{}
	for _, r := range s.receivers {
		lateness.add(r.lateness)
	}
	if lateness.total > 0 {
		figures["p50"] = lateness.atPercentile(50) / 1e3
		figures["p99"] = lateness.atPercentile(99) / 1e3
		figures["p99.9"] = lateness.atPercentile(99.9) / 1e3
		figures["max"] = lateness.atPercentile(100) / 1e3
	}
	return figures
}

type used struct {
	cpu     float64
	written int64
}

// This process's, as Linux counts. What never reached the disk does not count.
func usage() used {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	cpu := time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		panic(err)
	}
	var written int64
	for _, line := range strings.Split(string(text), "\n") {
		name, value, _ := strings.Cut(line, ": ")
		number, _ := strconv.ParseInt(value, 10, 64)
		switch name {
		case "write_bytes":
			written += number
		case "cancelled_write_bytes":
			written -= number
		}
	}
	return used{cpu, written}
}
