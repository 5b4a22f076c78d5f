package main

import "anteroom/internal/testenv"

// process makes a gateway of the system in a process of its own, with further flags, and waits until it is ready.
func (s *system) process(name string, flags ...string) *testenv.Program {
	s.t.Helper()
	return testenv.StartProgram(s.t, name, asProgram, append([]string{
		"--redis-url", s.settings.RedisURL, "--key-prefix", s.settings.KeyPrefix, "--keys-file", s.settings.KeysFile,
		"--booking-url", s.settings.BookingURL, "--admin-url", s.settings.AdminURL, "--staff-jwks-url", s.settings.StaffJWKSURL,
	}, flags...)...)
}

// elsewhere is a gateway of another process, to be asked as this one is.
func (g *server) elsewhere(p *testenv.Program) *server {
	return &server{t: g.t, url: p.URL(), opsURL: p.OpsURL(), addr: p.Address, client: g.client, staffKeys: g.staffKeys, steady: g.steady, held: g.held}
}
