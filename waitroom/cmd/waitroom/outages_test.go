package main

import (
	"fmt"
	"strings"
	"testing"

	"anteroom/internal/testenv"
)

// outage is something that fails: how a test makes it fail, what is declared to happen then, and the test that sees it happen. The
// declarations are docs/outages.md.
type outage struct {
	name     string // of the subtest
	what     string
	made     string
	declared string
	recovers string
	see      func(t *testing.T)
}

// outages are all of them, in the order of the page.
func outages() []outage { return append(lineOutages(), upstreamOutages()...) }

func TestOutages(t *testing.T) {
	t.Parallel()
	for _, o := range outages() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			o.see(t)
		})
	}
}

func TestThePageOfOutagesIsUpToDate(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`# Outages: what is declared, and seen by tests

Each row is a subtest of ` + "`TestOutages`" + ` in ` + "`waitroom/cmd/waitroom`" + `, which makes that thing fail under a real gateway with a real Redis and sees the
declared behaviour happen; this page is written from the same list. What the gate does while the line cannot be reached is declared for each room (` + "`on_outage`" + `),
and a route may declare otherwise:

| ` + "`on_outage`" + ` | who has a good pass | who has none |
|---|---|---|
| ` + "`hold`" + ` (default) | goes on | is told that the line is down (503 with ` + "`Retry-After`" + `, people get the waiting page) and keeps the ticket |
| ` + "`open`" + ` | goes on | goes through, no faster than the room's rate on each gateway, with a pass that is good until the line is back |
| ` + "`closed`" + ` | is told that the line is down | the same |

"The line is down" below means that table, for all three kinds of rooms. In every row the test also sees that **nobody loses a place**: every ticket given before
still has its number afterwards and is not expired, no number is given twice, and who was inside is still inside. A view of the line counts as lost after 1.5 s; gateways
look ten times a second, so the bounds on recovery are the time to connect again plus one look.

| what fails | how the test makes it | declared, and seen | recovery | subtest |
|---|---|---|---|---|
`)
	for _, o := range outages() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | `%s` |\n", o.what, o.made, o.declared, o.recovers, o.name)
	}
	b.WriteString("\nA restart on purpose is no outage: see `TestARestartDropsNothing`, where one of two gateways behind a load balancer is restarted under load and no request fails;\n" +
		"with `--drain-delay 0s` some do, which is its control. What PostgreSQL's outages do to booking is tested there (`booking/cmd/booking`).\n")
	testenv.Generated(t, "../../../docs/outages.md", b.String())
}
