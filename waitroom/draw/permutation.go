package draw

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math"
	"math/bits"

	"anteroom/internal/fault"
)

// MaxDomain is the greatest N that New accepts.
const MaxDomain = int64(1) << 40

// Permutation is a keyed permutation of the numbers 1..N. It never changes once made and is safe for concurrent use.
//
// It is the generalised Feistel network of Black and Rogaway ("Ciphers with Arbitrary Finite Domains", CT-RSA 2002,
// method 3): a place is written as (l, r) with l < a, r < b, where a = ⌈√n⌉, b = ⌈n/a⌉, and rounds add in turn a random
// function of r to l modulo a, and of l to r modulo b. What lands in the few places beyond n is sent through again (cycle
// walking, theirs too, and recommended by NIST SP 800-38G for domains that are not a power). Since a·b exceeds n by less
// than a, that happens to one number in √n: 1.0004 passes on average at 5 million, where a balanced network over the next
// even number of bits (2²⁴) would need 3.4.
//
// The halves are so small that all round functions fit into tables of a few hundred kilobytes (some 250 kB at ten million,
// 42 MB at MaxDomain), cut from the key stream of AES-256 in counter mode. So a rank costs lookups and no cipher call. A
// plain shuffle would be simpler still, and needs eight bytes a number in every gateway.
type Permutation struct {
	n      uint64
	a, b   uint64
	rounds uint64
	table  []uint32 // round after round, a entries each
}

// New makes the permutation of 1..n under key. n is 0 to MaxDomain; outside, the error is of type "draw-domain".
func New(key [32]byte, n int64) (*Permutation, error) {
	if n < 0 || n > MaxDomain {
		return nil, fault.New(fault.Invalid, "draw-domain", "A draw is among 0 to %d numbers, not %d.", MaxDomain, n)
	}
	a, _ := sides(uint64(n))
	return newPermutation(key, uint64(n), roundsFor(a)), nil
}

// roundsFor is 10, as in FF1 of NIST SP 800-38G, which asks for a domain of a million at least. In small rooms two places
// share a half more often, and each pair of rounds separates them less surely; so there are more: 40 at the smallest. Even,
// because both halves take turns.
func roundsFor(a uint64) uint64 {
	return (max(10, 80/uint64(bits.Len64(a|1))) + 1) &^ 1
}

// sides gives the least a with a·a ≥ n, and the least b with a·b ≥ n; a-1 ≤ b ≤ a. Both are at least 1.
func sides(n uint64) (a, b uint64) {
	a = max(1, uint64(math.Sqrt(float64(n))))
	for a*a < n {
		a++
	}
	for a > 1 && (a-1)*(a-1) >= n {
		a--
	}
	return a, max(1, (n+a-1)/a)
}

func newPermutation(key [32]byte, n, rounds uint64) *Permutation {
	a, b := sides(n)
	p := &Permutation{n: n, a: a, b: b, rounds: rounds, table: make([]uint32, 0, rounds*a)}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // only for a key of another length
	}
	stream := cipher.NewCTR(block, make([]byte, aes.BlockSize))
	words := make([]byte, 8*a)
	for i := range rounds {
		clear(words)
		stream.XORKeyStream(words, words)
		side := a
		if i%2 == 1 {
			side = b
		}
		for x := range a {
			// The high half of a product is a number below side, off from even by less than one part in 2⁴⁴.
			f, _ := bits.Mul64(binary.BigEndian.Uint64(words[8*x:]), side)
			p.table = append(p.table, uint32(f))
		}
	}
	return p
}

// N is how many numbers are permuted.
func (p *Permutation) N() int64 { return int64(p.n) }

// Rank is the rank of a number, 1..N for 1..N. A number outside came later, or is none: it is its own rank.
func (p *Permutation) Rank(number int64) int64 {
	if number < 1 || uint64(number) > p.n {
		return number
	}
	x := uint64(number - 1)
	for {
		if x = p.forward(x); x < p.n {
			return int64(x) + 1
		}
	}
}

// Number is the number that has a rank: the inverse of Rank.
func (p *Permutation) Number(rank int64) int64 {
	if rank < 1 || uint64(rank) > p.n {
		return rank
	}
	x := uint64(rank - 1)
	for {
		if x = p.backward(x); x < p.n {
			return int64(x) + 1
		}
	}
}

func (p *Permutation) forward(x uint64) uint64 {
	l, r := x/p.b, x%p.b
	for t := p.table; len(t) > 0; t = t[2*p.a:] {
		l = addMod(l, uint64(t[r]), p.a)
		r = addMod(r, uint64(t[p.a+l]), p.b)
	}
	return l*p.b + r
}

func (p *Permutation) backward(x uint64) uint64 {
	l, r := x/p.b, x%p.b
	for t := p.table; len(t) > 0; t = t[:uint64(len(t))-2*p.a] {
		last := t[uint64(len(t))-2*p.a:]
		r = addMod(r, p.b-uint64(last[p.a+l]), p.b)
		l = addMod(l, p.a-uint64(last[r]), p.a)
	}
	return l*p.b + r
}

// addMod is x+y modulo m, for x < m, y ≤ m and m < 2⁶³; without a branch, which no processor could predict.
func addMod(x, y, m uint64) uint64 {
	over := x + y - m // its sign says whether m was taken off once too often
	return over + m&uint64(int64(over)>>63)
}
