package redisqueue

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/redis/rueidis"
)

// Dial makes a client for the Redis at a URL (redis://, rediss:// or unix://). It fails only for a URL that cannot be used:
// a Redis that is away does not keep a service from starting; calls fail until it is there, each trying anew to connect.
//
// Several addresses (?addr=…) are a cluster, and a primary is found through its sentinels when their name for it is given
// (?master_set=…); of these, one must be reachable at the start.
func Dial(address string) (rueidis.Client, error) {
	option, err := rueidis.ParseURL(address)
	if err != nil {
		// The library's error repeats the URL, and with it the password.
		if parsing := (*url.Error)(nil); errors.As(err, &parsing) {
			err = parsing.Err
		}
		return nil, fmt.Errorf("the Redis URL is not usable: %w", err)
	}
	option.DisableCache = true // nothing here reads through the client's cache, and not every Redis offers it
	option.DisableRetry = true // a call says at once that Redis is away; its caller knows whether to ask again
	option.ForceSingleClient = len(option.InitAddress) == 1 && option.Sentinel.MasterSet == ""
	if option.Dialer.Timeout == 0 {
		option.Dialer.Timeout = DefaultTimeout
	}
	if option.ConnWriteTimeout == 0 {
		option.ConnWriteTimeout = 3 * time.Second // a connection silent for longer is given up and made anew
	}
	if option.Sentinel.MasterSet != "" {
		// A sentinel that is frozen, not dead, tells of no promotion: it must be noticed, and the others asked.
		option.Dialer.KeepAlive = time.Second
		option.Sentinel.Dialer, option.Sentinel.TLSConfig = option.Dialer, option.TLSConfig
		option.Sentinel.TopologyRefreshInterval = 5 * time.Second
	}
	client, err := rueidis.NewClient(option)
	if client != nil && option.ForceSingleClient {
		return client, nil // without a connection as yet; the library makes one with the next call
	}
	if err != nil {
		return nil, fmt.Errorf("connecting to Redis: %w", err)
	}
	return client, nil
}
