// Package forward hands requests on to upstreams and their answers back.
//
// A Pool is one upstream: several addresses that do the same. It picks the least loaded one that is well, keeps connections open between
// requests, bounds them in number and in age, and gives up on what stays silent.
//
// The listening side is fasthttp's. The upstream side is our own, for two reasons. It costs less: the head of the request is checked and
// copied in one pass, of the answer nothing but the head is read, and no timer is set for any single request. And it is stricter: an answer
// that two readers could understand in two ways is refused, and its connection is never used again, so that no visitor can be given what
// was meant for another.
//
// What a visitor's connection is about never reaches the other side: hop-by-hop headers, those that Connection names, and in requests
// everything that only the gateway may say. Bodies stream both ways. Trailers are read, checked and left out in both directions, and so are
// interim answers (100, 102, 103); the gateway answers Expect: 100-continue itself. Date is the gateway's own.
package forward
