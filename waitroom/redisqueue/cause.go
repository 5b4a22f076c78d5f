package redisqueue

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"

	"github.com/redis/rueidis"

	"anteroom/waitroom"
)

// Causes of "line-unavailable", as a metric's label names them.
const (
	CauseFull     = "full"      // Redis has reached its maxmemory
	CauseReadOnly = "read_only" // a replica answered, or Redis cannot write to its disk
	CauseLoading  = "loading"   // Redis reads its log or its primary's data
	CauseReplicas = "replicas"  // too few replicas follow, or have what was written
	CauseTimeout  = "timeout"   // there is a connection, and no answer in time
	CauseGone     = "gone"      // there is no connection, or the cluster lacks the room's node
	CauseAccess   = "access"    // Redis does not know the password, or does not let its user do this
	CauseOther    = "other"
)

// Causes are all of them.
var Causes = []string{CauseFull, CauseReadOnly, CauseLoading, CauseReplicas, CauseTimeout, CauseGone, CauseAccess, CauseOther}

// errReplicas says that WAIT counted too few.
var errReplicas = errors.New("too few replicas have it")

// refusals are the replies of a Redis that is there but cannot serve just now, and what is wrong with it. They are prefixes of the text
// as Redis defines it, without "ERR ".
var refusals = map[string]string{
	"OOM": CauseFull, "READONLY": CauseReadOnly, "MISCONF": CauseReadOnly, "LOADING": CauseLoading, "NOREPLICAS": CauseReplicas,
	"MASTERDOWN": CauseGone, "CLUSTERDOWN": CauseGone, "TRYAGAIN": CauseGone, "BUSY": CauseTimeout,
	"NOAUTH": CauseAccess, "WRONGPASS": CauseAccess, "NOPERM": CauseAccess, "max number of clients": CauseOther,
}

// refusalOf finds an error of Redis among the refusals.
func refusalOf(said *rueidis.RedisError) (cause string, ok bool) {
	for prefix, cause := range refusals {
		if strings.HasPrefix(said.Error(), prefix) {
			return cause, true
		}
	}
	return CauseOther, false
}

// Cause tells why the line is unavailable, in one of a few words. It is empty for nil and for any other error.
func Cause(err error) string {
	if !errors.Is(err, waitroom.ErrLineUnavailable) {
		return ""
	}
	var said *rueidis.RedisError
	var network net.Error
	switch {
	case errors.As(err, &said):
		cause, _ := refusalOf(said)
		return cause
	case errors.Is(err, errReplicas):
		return CauseReplicas
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return CauseTimeout
	case errors.As(err, &network) && network.Timeout():
		return CauseTimeout
	case errors.Is(err, context.Canceled), errors.Unwrap(err) == nil:
		return CauseOther // the caller gave up; or Redis was not asked
	}
	return CauseGone // whatever else a client reports is about its connections
}
