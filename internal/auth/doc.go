// Package auth is the single place where tokens are made and verified and roles are checked: tickets and receipts
// of the line, passes of the gate, staff tokens between services, passwords and opaque session secrets.
//
// Passes, receipts and staff tokens are EdDSA (Ed25519) JWTs or JWSs, verified by anyone with the published keys; tickets are
// HS256 JWSs that only the gateways verify. The algorithm is fixed by the kind of token and never taken from the token,
// so that "none" and key confusion (RFC 8725 §3.1) are refused by construction.
package auth
