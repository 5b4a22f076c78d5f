// Package drawing recomputes a draw from what a gateway publishes of it. It is written from the published description
// (docs/adr/0011-the-draw.md, the schema Draw of the gateway's contract, and what follows here) and shares no code with the services: a
// fault in their arithmetic would be repeated by a checker that used it.
//
// # What is published
//
// Who gathers before the opening has a number, 1 to n. A document is published when the room gets its draw (committed: commitment and the
// name of a public beacon), again when the entrants are fixed (sealed: n, their Merkle root, and the entrants themselves, a bit a number, the
// most significant of a byte first, bit 0 unused, in gzip), and again when the beacon has spoken (drawn: its value, the seed, the key).
//
// # What follows from what
//
// H is SHA-256. A text T(p, q, …) is each part after its length; lengths and numbers are eight bytes, most significant first.
//
//   - commitment = H("anteroom draw commitment v1\n", T(seed, room, epoch, beacon's name))
//   - root = H(2, n, M), with M the Merkle tree hash of RFC 6962 §2.1 over pages of 1,024 bytes of the bits 0 to n, the last one filled up
//     with zeros: a leaf is H(0, its index, the page), a node H(1, left, right)
//   - key = H("anteroom draw key v1\n", T(seed, root, beacon's name, beacon's value, room, epoch, n))
//   - the drawn number of number i is 1 + P(i-1), with P a permutation of 0 to n-1 under the key (type Order); who comes later keeps the number
package drawing
