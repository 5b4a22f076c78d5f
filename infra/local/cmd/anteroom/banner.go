package main

import (
	"fmt"
	"strings"
	"time"

	"anteroom/infra/local"
)

// banner is what a person needs to know once everything is up.
func banner(s *local.System, took time.Duration) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	at := strings.Replace(s.GatewayURLs[0], "127.0.0.1", "localhost", 1)
	line("")
	line("  Anteroom is running (ready after %s). Ctrl-C stops all of it.", took.Round(100*time.Millisecond))
	line("")
	line("  Buy a seat           %s/", at)
	line("    behind a crowd     %s/shows/arena/seats", at)
	line("    straight through   %s/shows/theatre/seats", at)
	line("  My bookings          %s/bookings", at)
	line("  Run the sale         %s/admin/", at)
	line("")
	line("  Sign-ins, all with the password demo-anteroom:")
	line("    buyer              buyer@demo.test")
	line("    owner              owner@demo.test")
	line("    event manager      manager@demo.test")
	line("    customer service   service@demo.test")
	line("    auditor            auditor@demo.test")
	line("    and                boxoffice@, finance@, devops@, developer@demo.test")
	line("")
	if len(s.GatewayURLs) > 1 {
		line("  Gateways             %s", strings.Join(s.GatewayURLs, "  "))
	}
	line("  Health and metrics   %s/readyz  %s/readyz  %s/readyz", s.GatewayControlURLs[0], s.BookingOpsURL, s.AdminOpsURL)
	line("  Redis                %s (%s)", s.RedisURL, s.RedisSource)
	line("  PostgreSQL           %s", s.PostgresSource)
	line("  Logs                 %s", s.LogDir)
	if s.Redis == "embedded" {
		line("")
		line("  NOTE: this Redis is an imitation, for demonstration only: the line is lost when this stops,")
		line("  and no figure taken on it means anything. With redis-server on the machine the real one is used.")
	}
	line("")
	return b.String()
}
