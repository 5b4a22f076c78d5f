package local

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The ports of a local run; the private one is the public one's plus 1000.
const (
	gatewayPort = 8080
	bookingPort = 8081
	adminPort   = 8082
	privateStep = 1000
	gatewayStep = 10 // between gateways
)

// Where free ports are taken. Systems take the ports of outgoing connections, and of listeners that do not mind which they get, from a range above it (32768
// and up on Linux): one from there may be lost before its service listens, or while that is dead.
const (
	lowestFree = 32_000
	// freeStep from a free port is a port on which the system itself listens, which tells other systems of this machine that the port is spoken for.
	freeStep = 384
)

// pair is a service's two ports.
type pair struct{ public, private int }

func (p pair) listen() []string {
	return []string{"--listen", address(p.public), "--ops-listen", address(p.private)}
}

func (p pair) url() string    { return "http://" + address(p.public) }
func (p pair) opsURL() string { return "http://" + address(p.private) }

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// ports hands out ports, none twice.
type ports struct {
	anywhere bool // free ones, instead of the fixed ones where they are free
	used     map[int]bool
	held     []net.Listener // tell that ports are spoken for
	say      func(line string)
}

// pair returns the wanted public port and its private one, each replaced by a free one if it is taken.
func (p *ports) pair(what string, public int) (pair, error) {
	a, err := p.one("the "+what, public)
	if err != nil {
		return pair{}, err
	}
	b, err := p.one("the private port of the "+what, public+privateStep)
	return pair{a, b}, err
}

func (p *ports) one(what string, wanted int) (int, error) {
	if !p.anywhere && !p.used[wanted] && portFree(wanted) {
		p.used[wanted] = true
		return wanted, nil
	}
	for range 100 {
		port, err := p.other(wanted)
		if err != nil {
			return 0, err
		}
		if p.used[port] {
			continue
		}
		p.used[port] = true
		if !p.anywhere {
			p.say(fmt.Sprintf("port %d is taken%s: %s listens on %d", wanted, owner(wanted), what, port))
		}
		return port, nil
	}
	return 0, fmt.Errorf("no free port for %s", what)
}

// other prefers a port that is easy to remember next to the wanted one.
func (p *ports) other(wanted int) (int, error) {
	if !p.anywhere {
		for port := wanted + 4; port < wanted+gatewayStep; port++ {
			if !p.used[port] && portFree(port) {
				return port, nil
			}
		}
	}
	return p.free()
}

// free takes a free port that no other system gets until the holders are released, whether its service lives or not.
func (p *ports) free() (int, error) {
	var err error
	for range 20 * freeStep {
		port := lowestFree + rand.IntN(freeStep) //nolint:gosec // No secret: it only spreads them.
		var held net.Listener
		if held, err = (&net.ListenConfig{}).Listen(context.Background(), "tcp", address(port+freeStep)); err != nil {
			continue
		}
		if portFree(port) {
			p.held = append(p.held, held)
			return port, nil
		}
		_ = held.Close()
	}
	return 0, fmt.Errorf("no port from %d to %d is free: %w", lowestFree, lowestFree+freeStep-1, err)
}

// release lets others have the ports.
func (p *ports) release() {
	for _, held := range p.held {
		_ = held.Close()
	}
	p.held = nil
}

// portFree asks for the port on every address: one that somebody else has on another address would still
// confuse a browser.
func portFree(port int) bool {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", ":"+strconv.Itoa(port))
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}

// owner names who listens on a port, where the system tells: " by nginx (process 12)", else nothing.
func owner(port int) string {
	inode := ""
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		body, _ := os.ReadFile(table)
		for _, line := range strings.Split(string(body), "\n") {
			f := strings.Fields(line)
			// local address as ADDR:PORT in hexadecimal, state 0A is listening, column 9 is the socket's number
			if len(f) > 9 && f[3] == "0A" && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", port)) {
				inode = f[9]
			}
		}
	}
	if inode == "" {
		return ""
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != "socket:["+inode+"]" {
			continue
		}
		dir := filepath.Dir(filepath.Dir(link))
		name, _ := os.ReadFile(filepath.Join(dir, "comm"))
		return fmt.Sprintf(" by %s (process %s)", strings.TrimSpace(string(name)), filepath.Base(dir))
	}
	return ""
}
