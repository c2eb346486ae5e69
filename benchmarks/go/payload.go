package main

import (
	"encoding/binary"
	"fmt"
)

// Odd, so that no two sequence numbers share a product.
const mix = 0x9E3779B97F4A7C15

// How many different payloads there are besides their first and last words.
const kinds = 64

// payload is the layout of dev.bobbin.cli.bench.Payload: the sequence number, words of its kind, the mixed sequence
// number, and what is left of the size as bytes of its kind.
type payload struct {
	size, words int
}

func newPayload(size int) payload {
	return payload{size, size / 8}
}

func (p payload) fill(target []byte, sequence uint64) {
	kind := sequence % kinds * mix
	for word := 1; word < p.words-1; word++ {
		binary.LittleEndian.PutUint64(target[word*8:], kind+uint64(word))
	}
	for i := p.words * 8; i < p.size; i++ {
		target[i] = byte(kind >> (i % 8 * 8))
	}
	p.stamp(target, sequence)
}

// One array of each kind, for stamp.
func (p payload) prepared() [kinds][]byte {
	var prepared [kinds][]byte
	for kind := range prepared {
		prepared[kind] = make([]byte, p.size)
		p.fill(prepared[kind], uint64(kind))
	}
	return prepared
}

// Turns an array that was filled for a number of the same kind into the payload of this one.
func (p payload) stamp(target []byte, sequence uint64) {
	binary.LittleEndian.PutUint64(target[(p.words-1)*8:], sequence*mix)
	binary.LittleEndian.PutUint64(target, sequence)
}

// The sequence number of a payload, every byte of which was found right.
func (p payload) check(found []byte) (uint64, error) {
	if len(found) != p.size {
		return 0, fmt.Errorf("a payload has %d bytes instead of %d", len(found), p.size)
	}
	sequence := binary.LittleEndian.Uint64(found)
	kind := sequence % kinds * mix
	differences := binary.LittleEndian.Uint64(found[(p.words-1)*8:]) ^ sequence*mix
	middle := found[8 : (p.words-1)*8]
	for want := kind + 1; len(middle) >= 8; want++ {
		differences |= binary.LittleEndian.Uint64(middle) ^ want
		middle = middle[8:]
	}
	for i := p.words * 8; i < p.size; i++ {
		differences |= uint64(found[i] ^ byte(kind>>(i%8*8)))
	}
	if differences != 0 {
		return 0, fmt.Errorf("a payload with sequence number %d has wrong bytes", sequence)
	}
	return sequence, nil
}
