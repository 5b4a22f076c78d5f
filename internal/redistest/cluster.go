package redistest

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const (
	masters = 3
	slots   = 16384
)

// Cluster is three masters that share all slots, without replicas.
type Cluster struct {
	Nodes [masters]*Server // in the order of their slots

	t testing.TB
}

// StartCluster runs the masters with further arguments and returns when each of them knows the others and calls the cluster sound. A
// cluster that has lost a master goes on serving the slots of the others, so that a test can see which rooms an outage touches;
// "--cluster-require-full-coverage", "yes" changes that.
func StartCluster(t testing.TB, args ...string) *Cluster {
	t.Helper()
	c := &Cluster{t: t}
	// The timeout only settles when the others notice a death; a short one makes deaths of what is merely slow.
	args = append([]string{"--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "5000",
		"--cluster-announce-ip", "127.0.0.1", "--cluster-require-full-coverage", "no"}, args...)
	for i := range c.Nodes {
		c.Nodes[i] = Start(t, args...)
		c.Nodes[i].must("CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(slots*i/masters), strconv.Itoa(slots*(i+1)/masters-1))
		c.Nodes[i].must("CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1))
	}
	c.meet()
	c.AwaitSound()
	return c
}

// meet has the nodes meet each other. One that does not shake hands within the cluster's timeout is forgotten for good, so it is asked again then.
func (c *Cluster) meet() {
	c.t.Helper()
	await(c.t, "the nodes to meet", func() (missing error) {
		for _, node := range c.Nodes {
			nodes := node.must("CLUSTER", "NODES")
			for _, other := range c.Nodes {
				listed, known := finds(nodes, other)
				if !listed {
					host, port, _ := net.SplitHostPort(other.Addr())
					node.must("CLUSTER", "MEET", host, port)
				}
				if !known {
					missing = fmt.Errorf("%s has not met %s", node.Addr(), other.Addr())
				}
			}
		}
		return missing
	}, c.Nodes[:]...)
}

// finds says whether a server is in a list of CLUSTER NODES, and whether it has shaken hands.
func finds(nodes string, s *Server) (listed, known bool) {
	for line := range strings.Lines(nodes) {
		if strings.Contains(line, " "+s.Addr()+"@") {
			listed, known = true, known || !strings.Contains(line, "handshake")
		}
	}
	return listed, known
}

// URL names every node, in the form that rueidis.ParseURL takes.
func (c *Cluster) URL() string { return severalAddresses(c.Nodes[:], nil) }

// NodeOf is the master of a key's slot.
func (c *Cluster) NodeOf(key string) *Server {
	c.t.Helper()
	slot, err := strconv.Atoi(c.Nodes[0].must("CLUSTER", "KEYSLOT", key))
	if err != nil {
		c.t.Fatal(err)
	}
	for i, node := range c.Nodes {
		if slot < slots*(i+1)/masters {
			return node
		}
	}
	c.t.Fatalf("there is no slot %d", slot)
	return nil
}

// AwaitSound returns when every node answers, knows three masters and calls the cluster sound; it is for after a Restart too.
func (c *Cluster) AwaitSound() {
	c.t.Helper()
	want := map[string]string{"cluster_state": "ok", "cluster_known_nodes": strconv.Itoa(masters), "cluster_size": strconv.Itoa(masters),
		"cluster_slots_ok": strconv.Itoa(slots)}
	await(c.t, "the cluster to be sound", func() error {
		for _, node := range c.Nodes {
			answer, err := node.ask("CLUSTER", "INFO")
			if err != nil {
				return err
			}
			for name, value := range want {
				if got := field(answer, name); got != value {
					return fmt.Errorf("%s says %s:%s", node.Addr(), name, got)
				}
			}
		}
		return nil
	}, c.Nodes[:]...)
}

// severalAddresses is a URL with the first server as its host and the others as parameters.
func severalAddresses(servers []*Server, query url.Values) string {
	if query == nil {
		query = url.Values{}
	}
	for _, s := range servers[1:] {
		query.Add("addr", s.Addr())
	}
	u := url.URL{Scheme: "redis", Host: servers[0].Addr(), RawQuery: query.Encode()}
	return u.String()
}
