package drawing

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"math/big"
	"math/bits"
)

// Order is the permutation of a draw: the Feistel network over two unequal halves of Black and Rogaway ("Ciphers with Arbitrary Finite
// Domains", CT-RSA 2002, method 3). A place x is (x / b, x mod b), with a = ⌈√n⌉ rows and b = ⌈n / a⌉ columns. Rounds add in turn to
// the row, modulo a, what their table says of the column, and to the column, modulo b, what it says of the row. A result beyond n goes through again.
// It never changes once made and is safe for concurrent use.
type Order struct {
	n, rows, columns uint64
	rounds           [][]uint64 // tables, the first for rows, then in turn
}

// NewOrder makes the order of n numbers under a key; n is not negative.
//
// The tables are cut from one key stream of AES-256 in counter mode, from a counter of zero: a entries each, of eight bytes, most significant
// first. An entry w says ⌊w·a / 2⁶⁴⌋ of rows, ⌊w·b / 2⁶⁴⌋ of columns. There are ten rounds, more when a is small: 80 divided by the
// length of a in bits, made even.
func NewOrder(key [32]byte, n int64) *Order {
	o := &Order{n: uint64(max(n, 0)), rows: 1, columns: 1}
	if o.n > 0 {
		o.rows = new(big.Int).Sqrt(new(big.Int).SetUint64(o.n-1)).Uint64() + 1
		o.columns = (o.n + o.rows - 1) / o.rows
	}
	rounds := max(10, 80/bits.Len64(o.rows))
	rounds += rounds % 2
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // only for a key of another length
	}
	stream := cipher.NewCTR(block, make([]byte, aes.BlockSize))
	for round := range rounds {
		modulus := o.rows
		if round%2 == 1 {
			modulus = o.columns
		}
		table := make([]uint64, o.rows)
		for i := range table {
			var word [8]byte
			stream.XORKeyStream(word[:], word[:])
			table[i], _ = bits.Mul64(binary.BigEndian.Uint64(word[:]), modulus)
		}
		o.rounds = append(o.rounds, table)
	}
	return o
}

// Rank is what was drawn for a number. A number that was not drawn, because it is none or came later, keeps its own.
func (o *Order) Rank(number int64) int64 {
	if number < 1 || uint64(number) > o.n {
		return number
	}
	x := uint64(number - 1)
	for {
		if x = o.once(x); x < o.n {
			return int64(x) + 1
		}
	}
}

// once is one pass through all rounds.
func (o *Order) once(x uint64) uint64 {
	row, column := x/o.columns, x%o.columns
	for round, table := range o.rounds {
		if round%2 == 0 {
			row = (row + table[column]) % o.rows
		} else {
			column = (column + table[row]) % o.columns
		}
	}
	return row*o.columns + column
}

// twice is a drawn number that two numbers were given; 0 when there is none, and each has its own then.
func (o *Order) twice() int64 {
	given := make([]byte, o.n/8+1)
	for number := int64(1); number <= int64(o.n); number++ {
		rank := o.Rank(number)
		if has(given, rank) {
			return rank
		}
		given[rank/8] |= 0x80 >> (rank % 8)
	}
	return 0
}
