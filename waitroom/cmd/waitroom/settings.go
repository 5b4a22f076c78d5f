package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"

	"anteroom/internal/service"
	"anteroom/waitroom/api"
)

// settings of the command serve.
type settings struct {
	Listen       string
	OpsListen    string
	RedisURL     string
	KeyPrefix    string
	KeysFile     string
	Config       string // file; empty: the built-in routes
	EdgeKeyFile  string
	BookingURL   string
	AdminURL     string
	SPADir       string
	StaffJWKSURL string
	Secure       bool
	Fsync        bool
	Replicas     int
	MaxStreams   int
	CORSOrigins  string
	operations
}

// lineFlags are the settings of every command that talks to the line.
func (s *settings) lineFlags(f *service.Flags) {
	f.String(&s.RedisURL, "redis-url", "redis://127.0.0.1:6379/0", "URL of the Redis that keeps the line")
	f.String(&s.KeyPrefix, "key-prefix", "wr", "what all names of keys in Redis begin with; gateways of one line share it")
}

func parseServe(args []string) (settings, error) {
	var s settings
	f := service.NewFlags("waitroom serve", "WAITROOM", os.Stderr)
	f.String(&s.Listen, "listen", ":8080", "address of the public port, host:port")
	f.String(&s.OpsListen, "ops-listen", ":9080", "address of the private port (health, metrics, control API), host:port")
	s.lineFlags(f)
	f.String(&s.KeysFile, "keys-file", "keys/waitroom.json", "file with the private keys, made by waitroom keys init; a change is noticed by itself")
	f.String(&s.EdgeKeyFile, "edge-key-file", "", "file with the key of the passes that edges verify, made by waitroom keys edge; empty gives no such passes")
	f.String(&s.Config, "config", "", "configuration file with listeners, upstreams and routes, see docs/configuration.md; empty: the built-in routes to booking and back office")
	f.String(&s.BookingURL, "booking-url", "http://127.0.0.1:8081", "base URL of the booking service: asked whether a show is sold out, and without --config /api/ is forwarded to it")
	f.String(&s.AdminURL, "admin-url", "http://127.0.0.1:8082", "base URL of the back office's API, which /admin/api/ is forwarded to without --config")
	f.String(&s.SPADir, "spa-dir", "", "folder with the built web apps in client, admin and accounts; empty serves none")
	f.String(&s.StaffJWKSURL, "staff-jwks-url", "http://127.0.0.1:8082/admin/api/.well-known/jwks.json", "URL of the keys that staff tokens are verified with")
	f.Bool(&s.Fsync, "redis-fsync", false, "Redis must be set to write each place to disk before it answers (appendfsync always); the gateway is not ready while it is not")
	f.Int(&s.Replicas, "redis-replicas", 0, "how many replicas of Redis must have a place before it is acknowledged (WAIT), 0 to 10")
	f.Int(&s.MaxStreams, "max-streams", api.DefaultStreams, "the most event streams that this gateway serves at once, 1 to 100000; pages poll beyond")
	f.String(&s.CORSOrigins, "cors-origins", "", "origins of other sites whose pages may make the visitor's calls with the visitor's cookies, separated by commas, as https://shop.example; empty: none")
	f.Bool(&s.Secure, "secure-cookies", false, "visitors come by HTTPS: cookies are Secure and carry the __Host- prefix")
	s.operationFlags(f)
	rest, err := f.Parse(args)
	if err != nil {
		return s, err
	}
	if err := s.validate(rest); err != nil {
		return s, f.Fail(err)
	}
	return s, nil
}

func (s *settings) validate(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is not expected", rest[0])
	case s.KeyPrefix == "":
		return errors.New("--key-prefix must not be empty")
	case s.Replicas < 0 || s.Replicas > 10:
		return fmt.Errorf("--redis-replicas must be from 0 to 10, is %d", s.Replicas)
	case s.MaxStreams < 1 || s.MaxStreams > 100_000:
		return fmt.Errorf("--max-streams must be from 1 to 100000, is %d", s.MaxStreams)
	case s.KeysFile == "":
		return errors.New("--keys-file must be given")
	}
	if _, err := api.ParseOrigins(s.CORSOrigins); err != nil {
		return fmt.Errorf("--cors-origins: %w", err)
	}
	if u, err := url.Parse(s.StaffJWKSURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--staff-jwks-url must be a URL with http or https, is %q", s.StaffJWKSURL)
	}
	return s.validateOperations()
}
