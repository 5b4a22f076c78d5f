package redistest

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// MasterSet is the name under which the sentinels know the primary.
const MasterSet = "anteroom"

// Sentinels is a primary and a replica, watched by three sentinels of which two must agree that a primary is gone.
//
// They need three seconds of silence for that. With half a second, a machine with ten times as much to do as it has cores was seen to
// turn a failover back unasked. It can still happen to one that stands still for longer: hence Primary, which asks them.
type Sentinels struct {
	Servers   [2]*Server // the primary at the start, then the replica
	Sentinels [3]*Server

	t testing.TB
}

// StartSentinels runs them all, the servers with further arguments, and returns when every sentinel knows every other and the
// replica, which is in sync.
func StartSentinels(t testing.TB, args ...string) *Sentinels {
	t.Helper()
	r := &Sentinels{t: t}
	for i := range r.Servers {
		r.Servers[i] = Start(t, args...)
	}
	primary, replica := r.Servers[0], r.Servers[1]
	host, port, _ := net.SplitHostPort(primary.Addr())
	replica.must("REPLICAOF", host, port)
	awaitSync(t, primary, replica)
	for i := range r.Sentinels {
		r.Sentinels[i] = start(t, claim, func(dir string, own int) ([]string, error) {
			// The file is the sentinel's own from here on: it writes into it what it finds out.
			file := filepath.Join(dir, "sentinel.conf")
			return []string{file, "--sentinel"}, os.WriteFile(file, fmt.Appendf(nil, sentinelConfig, own, host, port), 0o600)
		})
	}
	want := fmt.Sprintf("name=%s,status=ok,address=%s,slaves=1,sentinels=%d", MasterSet, primary.Addr(), len(r.Sentinels))
	for _, s := range r.Sentinels {
		await(t, "the sentinels to know each other", func() error {
			if got := s.Info("sentinel", "master0"); got != want {
				return fmt.Errorf("%s says %q", s.Addr(), got)
			}
			return nil
		}, s)
	}
	return r
}

const sentinelConfig = `port %d
bind 127.0.0.1
sentinel monitor ` + MasterSet + ` %s %s 2
sentinel down-after-milliseconds ` + MasterSet + ` 3000
sentinel failover-timeout ` + MasterSet + ` 6000
sentinel parallel-syncs ` + MasterSet + ` 1
`

// URL names every sentinel and the master set, in the form that rueidis.ParseURL takes.
func (r *Sentinels) URL() string {
	return severalAddresses(r.Sentinels[:], url.Values{"master_set": {MasterSet}})
}

// Primary is the server that the sentinels call the primary. The test fails when they do not agree on one.
func (r *Sentinels) Primary() *Server {
	r.t.Helper()
	var agreed *Server
	await(r.t, "the sentinels to agree on a primary", func() (err error) {
		agreed, err = r.agreed()
		return err
	}, r.Sentinels[:]...)
	return agreed
}

// WaitForPromotion returns the new primary once every sentinel that answers calls it that, and it does so itself. The
// test fails when that takes longer than a failover and one more attempt may.
func (r *Sentinels) WaitForPromotion(old *Server) *Server {
	r.t.Helper()
	var promoted *Server
	await(r.t, "a promotion", func() (err error) {
		if promoted, err = r.agreed(); err != nil {
			return err
		}
		if promoted == old {
			return fmt.Errorf("it is still %s", old.Addr())
		}
		if role := promoted.Info("replication", "role"); role != "master" {
			return fmt.Errorf("the role of %s is %q", promoted.Addr(), role)
		}
		return nil
	}, r.Sentinels[:]...)
	return promoted
}

// agreed is the primary of all sentinels that answer.
func (r *Sentinels) agreed() (*Server, error) {
	var addr string
	for _, s := range r.Sentinels {
		answer, err := s.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MasterSet)
		if err != nil {
			continue // a test may have killed it
		}
		host, port, _ := strings.Cut(answer, "\n")
		said := net.JoinHostPort(host, port)
		if addr != "" && addr != said {
			return nil, fmt.Errorf("one says %s, another %s", addr, said)
		}
		addr = said
	}
	for _, s := range r.Servers {
		if s.Addr() == addr {
			return s, nil
		}
	}
	return nil, fmt.Errorf("they say %q", addr)
}
