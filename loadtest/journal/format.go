package journal

import (
	"encoding/binary"
	"hash/crc32"
)

// The file: magic, then frames. docs/journal.md is the description of the format, and says the same in words.
const (
	// magic opens every journal. The byte above 127 and the line ends find out transfers that take the file for text.
	magic   = "\x89ANTEJ\r\n"
	version = 2 // what is written; every version from 1 on is read

	prologue  = len(magic) + 4 // magic, and the version as 32 bits
	frameHead = 12             // length of the payload, length of the block in it, checksum; 32 bits each

	blockTarget = 256 << 10 // a block this long is written at once
	blockLimit  = 256 << 20 // no block is longer; a length beyond it is damage and not a reason to ask for memory
)

// The kinds of entry.
const (
	kindHeader = iota + 1
	kindRecord
	kindSample
	kindGenerator
	kindFault
	kindAudit
	kindEnd
)

// castagnoli is the polynomial of CRC-32C (RFC 3720, section 12.1), which processors compute by themselves.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum covers the two lengths as well, so that no damaged length is believed.
func checksum(lengths, payload []byte) uint32 {
	return crc32.Update(crc32.Checksum(lengths, castagnoli), castagnoli, payload)
}

// head is the head of a frame.
func head(payload []byte, block int) []byte {
	h := make([]byte, 8, frameHead)
	binary.LittleEndian.PutUint32(h[0:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(h[4:], uint32(block))
	return binary.LittleEndian.AppendUint32(h, checksum(h, payload))
}

// Bits of a record's first integer: which fields are there. A field that is zero is left out.
const (
	hasVisitor = 1 << iota
	hasAction
	hasGateway
	hasScheduled
	hasSent
	hasAnswered
	hasStatus
	hasProblem
	hasError
	hasEpoch
	hasNumber
	hasState
	hasPollAfter
	hasAdmitted
	hasSeats
	hasOrder
	hasExpires
	hasTry
	isReached
	hasDrawn  // from version 2 on
	allFields = 1<<iota - 1
)
