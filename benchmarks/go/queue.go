package main

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync"
)

// queue is a ring, its logs and its workers.
type queue struct {
	ring    *ring
	jobs    []*appendLog // one for each producer; none if jobs are not logged
	acks    *appendLog
	workers sync.WaitGroup
}

func openQueue(l load, logJobs bool, directory string) (*queue, error) {
	acks, err := openLog(filepath.Join(directory, "acks.log"))
	if err != nil {
		return nil, err
	}
	q := &queue{ring: newRing(l.payloadBytes, l.workers), acks: acks}
	for i := 0; logJobs && i < l.producers; i++ {
		jobs, err := openLog(filepath.Join(directory, fmt.Sprintf("jobs-%d.log", i)))
		if err != nil {
			return nil, err
		}
		q.jobs = append(q.jobs, jobs)
	}
	return q, nil
}

// Waits while the ring is full. Of one producer there is one goroutine.
func (q *queue) submit(producer int, job []byte) error {
	position := q.ring.claim()
	copy(q.ring.slot(position), job)
	var err error
	if q.jobs != nil {
		err = q.jobs[producer].append(position, job)
	}
	q.ring.publish(position)
	return err
}

// Gives each job to the handler, and acknowledges batches. The handler is told of each batch's end.
func (q *queue) work(batch int, handle func(job []byte), endOfBatch func(error)) {
	q.workers.Add(1)
	go func() {
		defer q.workers.Done()
		var ack [8]byte
		for {
			first, count := q.ring.take(uint64(batch))
			if count == 0 {
				return
			}
			for position := first; position < first+count; position++ {
				handle(q.ring.slot(position))
			}
			binary.LittleEndian.PutUint64(ack[:], count)
			err := q.acks.append(first, ack[:])
			q.ring.release(first, count)
			endOfBatch(err)
		}
	}()
}

func (q *queue) close() {
	q.ring.close()
	q.workers.Wait()
	q.acks.close()
	for _, jobs := range q.jobs {
		jobs.close()
	}
}
