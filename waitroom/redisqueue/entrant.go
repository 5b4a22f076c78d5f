package redisqueue

import (
	"crypto/sha256"
	"encoding/binary"

	"anteroom/waitroom"
)

// Entrants who can be known again are found by small hashes, each of which Redis keeps as one compact list: a bucket and, in it, a
// digest. Ten million accounts are 76 a bucket, so no list grows beyond what stays compact.
const (
	accountBuckets = 131_072 // BUCKETS in lib.lua
	keyBuckets     = 16_384
	fieldBytes     = 10 // of ten million, two have the same digest with a probability of 10⁻¹⁰
)

// index is where an entrant is found; both empty for none.
type index struct{ bucket, field string }

func indexOf(name string, buckets uint32) index {
	if name == "" {
		return index{}
	}
	sum := sha256.Sum256([]byte(name))
	return index{decimal(int64(binary.BigEndian.Uint32(sum[:4]) % buckets)), string(sum[4 : 4+fieldBytes])}
}

func validEntrant(who waitroom.Entrant) bool {
	return len(who.Account) <= waitroom.MaxEntrantKey && len(who.Key) <= waitroom.MaxEntrantKey
}
