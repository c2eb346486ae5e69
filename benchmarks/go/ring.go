package main

import (
	"runtime"
	"sync/atomic"
)

const (
	mostJobs  = 1 << 16
	mostBytes = 64 << 20
	// How often a worker looks again before it parks.
	looks = 128
)

// How many jobs of this size a ring holds: a power of two.
func capacity(size int) int {
	jobs := mostJobs
	for jobs > 64 && jobs*size > mostBytes {
		jobs /= 2
	}
	return jobs
}

type padded struct {
	_     [64]byte
	value atomic.Uint64
	_     [64]byte
}

// ring is bounded, for many producers and many workers. A job lies in its slot from its submit until its worker has
// acknowledged it. A slot's turn says whose it is: the producer's that claimed the position, the worker's that takes
// position + 1, and after the acknowledgement the producer's that claims position + capacity.
type ring struct {
	size     int
	mask     uint64
	slots    []byte
	turns    []atomic.Uint64
	tail     padded // the next position to be claimed by a producer
	head     padded // the next position to be taken by a worker
	sleepers padded
	closed   atomic.Bool
	wake     chan struct{}
}

func newRing(size, workers int) *ring {
	jobs := capacity(size)
	r := &ring{
		size:  size,
		mask:  uint64(jobs - 1),
		slots: make([]byte, jobs*size),
		turns: make([]atomic.Uint64, jobs),
		wake:  make(chan struct{}, workers),
	}
	for i := range r.turns {
		r.turns[i].Store(uint64(i))
	}
	return r
}

// Waits until the slot is free.
func (r *ring) claim() uint64 {
	position := r.tail.value.Add(1) - 1
	turn := &r.turns[position&r.mask]
	for turn.Load() != position {
		runtime.Gosched()
	}
	return position
}

func (r *ring) slot(position uint64) []byte {
	start := int(position&r.mask) * r.size
	return r.slots[start : start+r.size : start+r.size]
}

func (r *ring) publish(position uint64) {
	r.turns[position&r.mask].Store(position + 1)
	if r.sleepers.value.Load() != 0 {
		r.wakeOne()
	}
}

func (r *ring) wakeOne() {
	select {
	case r.wake <- struct{}{}:
	default: // as many as there are workers are on their way
	}
}

// Takes at most so many jobs, whose positions follow each other; waits while there is none. No job is given when the
// ring is closed.
func (r *ring) take(most uint64) (first, count uint64) {
	for {
		for look := 0; look < looks; look++ {
			if first, count = r.tryTake(most); count > 0 {
				return
			}
			runtime.Gosched()
		}
		r.sleepers.value.Add(1)
		// A producer that published before it could see the sleeper is seen here.
		first, count = r.tryTake(most)
		if count == 0 && !r.closed.Load() {
			<-r.wake
		}
		r.sleepers.value.Add(^uint64(0))
		if count > 0 || r.closed.Load() {
			return
		}
	}
}

func (r *ring) tryTake(most uint64) (first, count uint64) {
	for {
		first = r.head.value.Load()
		count = 0
		for count < most && r.turns[(first+count)&r.mask].Load() == first+count+1 {
			count++
		}
		if count == 0 || r.head.value.CompareAndSwap(first, first+count) {
			return
		}
	}
}

// The slots of acknowledged jobs are free again.
func (r *ring) release(first, count uint64) {
	for position := first; position < first+count; position++ {
		r.turns[position&r.mask].Store(position + r.mask + 1)
	}
}

func (r *ring) close() {
	r.closed.Store(true)
	for i := 0; i < cap(r.wake); i++ {
		r.wakeOne()
	}
}
