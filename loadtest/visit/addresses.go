package visit

import (
	"net"
	"net/url"
	"runtime"
)

// addresses says that visitors come from many addresses, so that a limit by address does not take a crowd for one visitor. All of
// 127.0.0.0/8 is this machine, which is used where the gateways are reached by it; else all come from the one address of the generator.
type addresses bool

// How many addresses people come from, and how few bots do.
const (
	addressesOfPeople = 250
	addressesOfBots   = 4
)

func newAddresses(limited bool, gateways []string) addresses {
	return addresses(limited && runtime.GOOS == "linux" && onLoopback(gateways))
}

// lanes is how many groups of connections there are: one an address.
func (a addresses) lanes() int {
	if !a {
		return 1
	}
	return addressesOfPeople + addressesOfBots
}

// lane is that of a visitor.
func (a addresses) lane(visitor int, bot bool) int {
	switch {
	case !bool(a):
		return 0
	case bot:
		return addressesOfPeople + visitor%addressesOfBots
	}
	return visitor % addressesOfPeople
}

// of is the address that connections of a lane come from; nil leaves it to the system.
func (a addresses) of(lane int) net.IP {
	switch {
	case !bool(a):
		return nil
	case lane >= addressesOfPeople:
		return net.IPv4(127, 0, 2, byte(1+lane-addressesOfPeople))
	}
	return net.IPv4(127, 0, 1, byte(1+lane))
}

func onLoopback(gateways []string) bool {
	for _, gateway := range gateways {
		u, err := url.Parse(gateway)
		if err != nil {
			return false
		}
		if ip := net.ParseIP(u.Hostname()).To4(); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}
