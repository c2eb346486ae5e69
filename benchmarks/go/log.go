package main

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"sync"
	"time"
)

const (
	flushEvery  = 10 * time.Millisecond
	bufferBytes = 256 << 10
	// Length, checksum of what follows, position.
	headerBytes = 4 + 4 + 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendLog is a file of records. What is appended is written when the buffer is full or a flush is due.
type appendLog struct {
	lock   sync.Mutex
	file   *os.File
	buffer []byte
	err    error
	stop   chan struct{}
	ended  chan struct{}
}

func openLog(path string) (*appendLog, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	l := &appendLog{
		file:   file,
		buffer: make([]byte, 0, bufferBytes),
		stop:   make(chan struct{}),
		ended:  make(chan struct{}),
	}
	go l.flushPeriodically()
	return l, nil
}

func (l *appendLog) append(position uint64, body []byte) error {
	l.lock.Lock()
	defer l.lock.Unlock()
	if len(l.buffer)+headerBytes+len(body) > cap(l.buffer) {
		l.write()
	}
	start := len(l.buffer)
	l.buffer = append(l.buffer, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	l.buffer = append(l.buffer, body...)
	record := l.buffer[start:]
	binary.LittleEndian.PutUint32(record, uint32(len(body)))
	binary.LittleEndian.PutUint64(record[8:], position)
	binary.LittleEndian.PutUint32(record[4:], crc32.Update(0, castagnoli, record[8:]))
	return l.err
}

// With the lock held.
func (l *appendLog) write() {
	if len(l.buffer) > 0 && l.err == nil {
		_, l.err = l.file.Write(l.buffer)
	}
	l.buffer = l.buffer[:0]
}

func (l *appendLog) flushPeriodically() {
	defer close(l.ended)
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			l.flush()
		case <-l.stop:
			l.flush()
			return
		}
	}
}

// Nobody waits for the disk but the flush itself.
func (l *appendLog) flush() {
	l.lock.Lock()
	l.write()
	l.lock.Unlock()
	if err := l.file.Sync(); err != nil {
		l.lock.Lock()
		l.err = err
		l.lock.Unlock()
	}
}

func (l *appendLog) close() {
	close(l.stop)
	<-l.ended
	l.file.Close()
}
