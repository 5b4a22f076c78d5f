// Package draw turns the order in which a pre-queue gathered into an order by lot that nobody can bend unseen.
//
// # What is drawn
//
// Before the opening visitors take dense numbers 1..N; some of them may be gone again, so who is there is a bitmap
// ([Entrants]). At the opening every number gets a rank: 1 + P(number-1), where P is a permutation of [0,N) that follows
// from a 32-byte key ([Permutation]). Whoever comes later keeps the number as the rank. Nothing is stored a visitor: a
// rank is computed when it is asked for, by a gateway and by a doubter alike.
//
// # The protocol
//
// What is published is one small [Document] that only ever grows:
//
//  1. committed: before the pre-queue opens, the operator picks a secret seed ([NewSeed]) and a public beacon that will
//     speak later, by name and round (for example "drand quicknet round 12345678"), and publishes [Commit] of seed,
//     room, epoch and the beacon's name, with that name.
//  2. sealed: at the opening, and before the beacon speaks, the entrants are frozen and N and their Merkle root are
//     published.
//  3. drawn: the beacon has spoken. Its value and the seed are published; the key is the hash of seed, root, beacon
//     name, beacon value, room, epoch and N ([Inputs]). Everybody can compute every rank now ([Verify]).
//
// # Who could try what
//
//   - The operator picks a seed that suits, or swaps it after the beacon has spoken: the seed no longer opens the
//     commitment. Swapping the commitment as well shows against any earlier copy of the document ([Follows]).
//   - The operator tries several beacons or rounds and keeps the best: the beacon's name is inside the commitment.
//   - The operator adds, removes or renumbers entrants once the beacon has spoken, to roll the dice again: the root, which
//     covers every bit and N, was published before. Any entrant can ask for a [Proof] that its number is in it.
//   - The operator tells one visitor a rank and serves another: the rank that was told is a [Claim], and [Verify] names it.
//   - An entrant, or somebody who can nudge the beacon (a miner, a last revealer), steers the result: without the seed
//     they cannot tell what a beacon's value will do. That is what the seed is for.
//   - An entrant picks a number that draws well: numbers are handed out before anybody, the operator included, can know
//     the key.
//
// # What it cannot do
//
//   - A hash has no date. That the commitment came before the entrants, and the root before the beacon's value, is known
//     only to those who kept the earlier document, or from a signed ledger that recorded it at the time. Publish the
//     committed document (in the ledger, on the event's page, in the press) before the pre-queue opens, and the sealed one
//     before the moment at which the named round is due; a SealedAt later than that moment is reason enough for distrust.
//   - The beacon's value is taken from the document. Look it up at the beacon itself and compare. An operator who owns the
//     beacon, or can know its value before the sealing, can roll the dice as often as they like: name a beacon of many
//     independent parties.
//   - An operator who dislikes the result can refuse to reveal the seed and start anew. That leaves a commitment that was
//     never opened, for everyone to see; it cannot be prevented.
//   - An operator can enter as many names as anybody else, and more cheaply. Each still has the same chance.
//   - A number that was absent at the sealing has a rank as well. Somebody served under such a number is visible (the
//     bitmap says absent) and has to be explained: a late return is legitimate, a newly made ticket is not.
package draw
