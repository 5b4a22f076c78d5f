package benchmarks

import (
	"strings"

	"anteroom/benchmarks/seed"
	"anteroom/loadtest/report"
)

// seedRows writes the figures that the seed system published beside ours.
func seedRows(line printer, f *seed.File) {
	if f == nil {
		return
	}
	line("\n## The seed system's published figures, and ours\n")
	line("Measured %s at %s on %s, %d cores.\n", f.Measured.UTC().Format("2006-01-02 15:04 UTC"), f.Commit, f.Machine.CPU, f.Machine.Cores)
	line("| | published | ours | unit | command | |\n|---|--:|--:|---|---|---|")
	for _, r := range f.Rows {
		ours, command := r.Ours, ""
		if r.Absent != "" {
			ours = "absent: " + r.Absent
		}
		if r.Command != "" {
			command = "`" + strings.ReplaceAll(seed.WithoutPaths(r.Command), "|", `\|`) + "`"
		}
		topic := r.What
		if r.Topic != "" {
			topic = "**" + r.Topic + "**: " + r.What
		}
		line("| %s | %s | %s | %s | %s | %s |", topic, r.Theirs, ours, r.Unit, command, r.Note)
	}
}

func suite(line printer, r *report.Report) {
	line("\n## Suite %s\n", r.Suite)
	line("```\n%s\n```\n", seed.WithoutPaths(r.Command))
	line("%s, verdict **%s**: %d visitors, %d requests in %.1f s (%.0f a second, %d in the busiest), %.3f %% failed; the generator is on the same machine.\n",
		r.Began.UTC().Format("2006-01-02 15:04 UTC"), r.Verdict, r.Load.Visitors, r.Load.Requests, r.Seconds, r.Load.PerSecond, r.Load.PeakPerSecond, r.Load.FailedPercent)
	if len(r.Phases) > 0 {
		line("| phase | seconds | people | a second | CPU of Redis | memory of Redis | |\n|---|---|---|---|---|---|---|")
		for _, p := range r.Phases {
			line("| %s | %.1f | %d | %.0f | %.0f %% of a core | %.1f MiB | %s |", p.Name, p.Seconds, p.People, p.PerSecond, p.RedisCPUPercent, float64(p.RedisMemory)/(1<<20), p.Note)
		}
		line("")
	}
	line("| promise | check | right | wrong | of |\n|---|---|---|---|---|")
	for _, p := range r.Promises {
		for _, c := range p.Checks {
			if c.Of == 0 {
				line("| %s %s | %s | not measured | | |", p.ID, p.Name, c.Name)
				continue
			}
			line("| %s %s | %s | %.3f %% | %d | %d |", p.ID, p.Name, c.Name, c.Percent, c.Violations, c.Of)
		}
	}
	if len(r.SLOs) > 0 {
		line("\n| service level | measured | | |\n|---|--:|---|---|")
		for _, level := range r.SLOs {
			line("| %s | %s | %s | %s |", level.Name, level.Measured(), level.Bound(), level.State())
		}
	}
	line("\nLatency counts from when a request was due, in milliseconds.")
	if r.Generator != nil && r.Generator.Saturated != "" {
		line("They say little of the system: %s.", r.Generator.Saturated)
	}
	line("")
	line("| request | count | p50 | p95 | p99 | max |\n|---|---|---|---|---|---|")
	for _, a := range r.Actions {
		line("| %s | %d | %.1f | %.1f | %.1f | %.1f |", a.Name, a.Count, a.P50, a.P95, a.P99, a.Max)
	}
}

// absent says what the page does not tell.
func (p Page) absent(line printer) {
	line("\n## What is not measured\n")
	for _, b := range p.Measurement.Benchmarks {
		if b.Skipped != "" {
			line("- %s.%s was skipped: %s", b.Package, b.Name, b.Skipped)
		}
	}
	measured := map[string]bool{}
	for _, f := range p.Measurement.Benchmarks {
		measured[f.Package+"."+f.Name] = true
	}
	var left []string
	for _, f := range Figures {
		if !measured[f.Package+"."+f.Name] {
			left = append(left, f.Package+"."+f.Name)
		}
	}
	if len(left) > 0 {
		line("- Listed, and left out of this run: %s.", strings.Join(left, ", "))
	}
	if p.Seed == nil {
		line("- The seed system's figures beside ours: `go run ./benchmarks/cmd/seed` measures them.")
	}
	if len(p.Suites) == 0 {
		line("- Load suites: `make loadtest` writes the reports that this page takes in.")
	}
	line("- A network: everything is on loopback, so neither its latency, nor its losses, nor a real load balancer is in any figure.")
	line("- More than one machine: with the load on the same cores, the figures are lower bounds of what a gateway of its own would do.")
	line("- TLS to visitors, a CDN in front, a Redis Cluster, a managed PostgreSQL.")
	line("- Browsers: what a page costs the visitor's own device.")
}
