package redistest

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
)

// Pair is a primary with a replica, each with the same arguments.
type Pair struct {
	Primary, Replica *Server

	t       testing.TB
	link    *relay // from the replica to the primary
	service *relay // from clients to whichever of them is the primary
}

// StartPair runs both and returns when the replica is attached and in sync. Arguments go to both; beside Durable,
// "--min-replicas-to-write", "1" is the useful one. A replica started with it refuses writes once it is promoted and alone, as it
// should: Do("CONFIG", "SET", "min-replicas-to-write", "0") is the operator's answer.
func StartPair(t testing.TB, args ...string) *Pair {
	t.Helper()
	p := &Pair{Primary: Start(t, args...), Replica: Start(t, args...), t: t}
	p.link = newRelay(t, p.Primary.Addr())
	p.service = newRelay(t, p.Primary.Addr())
	host, port, _ := net.SplitHostPort(p.link.addr())
	p.Replica.must("REPLICAOF", host, port)
	p.AwaitSync()
	return p
}

// URL is an address that leads to the primary, and after Promote to what was the replica, as a name or a virtual address would that an
// operator moves.
func (p *Pair) URL() string { return "redis://" + p.service.addr() }

// AwaitSync returns when the replica has everything that the primary had when AwaitSync was called, and the primary counts on it.
func (p *Pair) AwaitSync() {
	p.t.Helper()
	awaitSync(p.t, p.Primary, p.Replica)
}

func awaitSync(t testing.TB, primary, replica *Server) {
	t.Helper()
	want := offset(primary.must("INFO", "replication"), "master_repl_offset")
	await(t, "the replica to be in sync", func() error {
		its, err := replica.ask("INFO", "replication")
		if err != nil {
			return err
		}
		if status, has := field(its, "master_link_status"), offset(its, "slave_repl_offset"); status != "up" || has < want {
			return fmt.Errorf("the replica's link is %q and it has %d of %d bytes", status, has, want)
		}
		// The primary calls it online a little later, and until then does not count it where replicas are asked for.
		if said := primary.Info("replication", "slave0"); !strings.Contains(said, "state=online") {
			return fmt.Errorf("the primary says of it %q", said)
		}
		return nil
	}, primary, replica)
}

// Lag has the replica fall behind for good: it has what the primary had when Lag was called, and nothing that is written after Lag has
// returned will ever reach it. The primary does not notice, because the replica's acknowledgements, of what it had before, still arrive:
// so it goes on answering writes, with min-replicas-to-write too (only WAIT would tell). A Kill of the primary then is a failover
// that loses acknowledged writes, for certain.
//
// It lasts for a minute (repl-timeout), after which the replica gives the silent link up and the primary sees it leave.
func (p *Pair) Lag() {
	p.t.Helper()
	p.AwaitSync()
	p.link.mute()
}

// CatchUp ends a Lag while the primary is alive, and returns when the replica is in sync.
func (p *Pair) CatchUp() {
	p.t.Helper()
	p.link.point(p.Primary.Addr())
	p.AwaitSync()
}

// Promote makes a primary of the replica and lets URL lead to it. The old primary, if it lives or comes back, is left
// alone: it still believes to be one.
func (p *Pair) Promote() {
	p.t.Helper()
	p.Replica.must("REPLICAOF", "NO", "ONE")
	await(p.t, "the promotion", func() error {
		if role := p.Replica.Info("replication", "role"); role != "master" {
			return fmt.Errorf("its role is %q", role)
		}
		return nil
	}, p.Replica)
	p.service.point(p.Replica.Addr())
}

// offset is a number of bytes of the replication stream; -1 when the answer has none.
func offset(answer, name string) int64 {
	n, err := strconv.ParseInt(field(answer, name), 10, 64)
	if err != nil {
		return -1
	}
	return n
}
