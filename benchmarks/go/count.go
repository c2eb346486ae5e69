package main

import "math/bits"

// arrivals says which of one producer's jobs one worker has seen in a round, a bit for each.
type arrivals struct {
	first uint64
	seen  []uint64
}

// Returns whether the job is one of this round, and new to this worker.
func (a *arrivals) add(number uint64) bool {
	if number < a.first {
		return false
	}
	index := number - a.first
	word := int(index / 64)
	if word >= len(a.seen) {
		longer := 2 * len(a.seen)
		if longer <= word {
			longer = word + 1024
		}
		a.seen = append(make([]uint64, 0, longer), a.seen...)[:longer]
	}
	bit := uint64(1) << (index % 64)
	if a.seen[word]&bit != 0 {
		return false
	}
	a.seen[word] |= bit
	return true
}

// How many different jobs those that these have seen are together.
func distinct(all []*arrivals) uint64 {
	var together []uint64
	for _, one := range all {
		for len(together) < len(one.seen) {
			together = append(together, 0)
		}
		for i, word := range one.seen {
			together[i] |= word
		}
	}
	count := 0
	for _, word := range together {
		count += bits.OnesCount64(word)
	}
	return uint64(count)
}

// A histogram's precision: of each power of two so many equal parts, as many as three decimal digits need.
const (
	partBits = 10
	parts    = 1 << partBits
)

// histogram counts nanoseconds.
type histogram struct {
	counts [(64 - partBits + 1) * parts]uint64
	total  uint64
}

func (h *histogram) record(nanos uint64) {
	index := nanos
	if shift := bits.Len64(nanos) - partBits - 1; shift > 0 {
		index = uint64(shift)*parts + nanos>>shift
	}
	h.counts[index]++
	h.total++
}

func (h *histogram) add(other *histogram) {
	for i, count := range other.counts {
		h.counts[i] += count
	}
	h.total += other.total
}

// The greatest value that counts as equal to that one under which so much of all lies.
func (h *histogram) atPercentile(percentile float64) float64 {
	want := uint64(percentile/100*float64(h.total) + 0.5)
	if want < 1 {
		want = 1
	}
	var sum uint64
	for index, count := range h.counts {
		if sum += count; sum >= want {
			return float64(greatest(uint64(index)))
		}
	}
	return 0
}

func greatest(index uint64) uint64 {
	if index < 2*parts {
		return index
	}
	shift := index/parts - 1
	return (index-shift*parts+1)<<shift - 1
}
