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
	CauseOther    = "other"
)

// errReplicas says that WAIT counted too few.
var errReplicas = errors.New("too few replicas have it")

// Beginnings of the errors of Redis, which it defines.
var causes = map[string]string{
	"OOM": CauseFull, "READONLY": CauseReadOnly, "MISCONF": CauseReadOnly, "LOADING": CauseLoading, "NOREPLICAS": CauseReplicas,
	"MASTERDOWN": CauseGone, "CLUSTERDOWN": CauseGone, "BUSY": CauseTimeout,
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
		word, _, _ := strings.Cut(said.Error(), " ")
		if cause, ok := causes[word]; ok {
			return cause
		}
		return CauseOther
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
