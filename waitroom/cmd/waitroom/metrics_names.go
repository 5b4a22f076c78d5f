package main

// The names of all the gateway's metrics. Labels are bounded: rooms and upstreams are made by operators, reasons and causes are types of
// our own errors, and beyond maxLabels of one metric everything is counted under empty labels.
const (
	metricAdmitted    = "waitroom_gate_admitted_total"
	metricWaiting     = "waitroom_gate_waiting_total"
	metricBypassed    = "waitroom_gate_bypassed_total"
	metricRefused     = "waitroom_gate_refused_total"
	metricJoinRefused = "waitroom_join_refused_total"

	metricAnswers     = "waitroom_http_answers_total"
	metricConnections = "waitroom_http_connections"
	metricParked      = "waitroom_http_connections_parked"
	metricStreams     = "waitroom_http_streams"
	metricLeftOut     = "waitroom_log_left_out_total"

	metricForward  = "waitroom_forward_duration_seconds"
	metricUpstream = "waitroom_upstream_errors_total"

	metricIssued     = "waitroom_room_issued"
	metricServing    = "waitroom_room_serving"
	metricLine       = "waitroom_room_waiting"
	metricActive     = "waitroom_room_active"
	metricTotal      = "waitroom_room_admitted_total"
	metricLastMinute = "waitroom_room_admitted_last_minute"
	metricPerSecond  = "waitroom_room_admitted_per_second"
	metricRevoked    = "waitroom_room_evicted_total"
	metricViewAge    = "waitroom_room_view_age_seconds"
	metricRate       = "waitroom_room_rate_per_minute"
	metricMaxActive  = "waitroom_room_max_active"
	metricWould      = "waitroom_room_would_queue_total"
	metricFairness   = "waitroom_room_fairness"
	metricBatch      = "waitroom_room_join_batch_size"
	metricEstimate   = "waitroom_estimate_total"
	metricOff        = "waitroom_estimate_error_seconds"

	metricMove = "waitroom_move_total"

	metricGuard       = "waitroom_guard_total"
	metricRateNow     = "waitroom_room_rate_now"
	metricRateAdvised = "waitroom_room_rate_advised"

	metricLineError = "waitroom_line_errors_total"
	metricLineUp    = "waitroom_line_up"

	metricConfigGeneration = "waitroom_config_generation"
	metricConfigAge        = "waitroom_config_age_seconds"
	metricConfigRefused    = "waitroom_config_refused_total"
	metricConfigRefusing   = "waitroom_config_refusing"
)

// The kinds of metrics.
const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
)

// documented is a metric as docs/metrics.md describes it.
type documented struct {
	name, kind, labels, means string
}

// documentation is every metric of the gateway. A test compares it with what /metrics prints and with docs/metrics.md.
var documentation = []struct {
	title   string
	metrics []documented
}{
	{"The gate", []documented{
		{metricAdmitted, counter, "straight", "gated requests let through; straight=true: their visitors had no pass before"},
		{metricWaiting, counter, "", "answers on gated paths that told to wait"},
		{metricBypassed, counter, "by", "gated requests that went past the gate, by what let them: rule, staff, link"},
		{metricRefused, counter, "room, reason", "passes that were not good, and visitors turned away at a gated path; the room is empty where the path names none that is known"},
		{metricJoinRefused, counter, "room, reason", "joins that got no place: the room is closed, sold out, full, or the line does not answer"},
	}},
	{"Guards", []documented{
		{metricGuard, counter, "room, guard, outcome", "applicants by what each guard (proof_of_work, presale, join_limit, shadow) made of them: passed, refused, shadowed; would_refuse and would_shadow while it is only watched"},
	}},
	{"Moves to other devices", []documented{
		{metricMove, counter, "room, step, outcome", "steps of moving a place (offer: a link is made; claim: it is used) by how they went: ok, or why not; a claim that is repeated counts again"},
	}},
	{"Requests", []documented{
		{metricAnswers, counter, "class", "answers on the public port by the first digit of their status: 1xx to 5xx, other"},
		{metricConnections, gauge, "", "open connections to the public port"},
		{metricParked, gauge, "", "of these, those that wait for their next request and cost next to nothing meanwhile"},
		{metricStreams, gauge, "", "event streams being served (GET /waitroom/v1/{room}/events)"},
		{metricLeftOut, counter, "", "errors and refusals that were not logged, because there were too many"},
	}},
	{"Upstreams", []documented{
		{metricForward, histogram, "upstream", "seconds from forwarding a request to the head of its answer"},
		{metricUpstream, counter, "upstream, reason", "forwarded requests that the upstream did not answer properly, by what visitors were told"},
	}},
	{"Rooms, as this gateway sees them", []documented{
		{metricIssued, gauge, "room", "the highest number given"},
		{metricServing, gauge, "room", "the highest rank admitted"},
		{metricLine, gauge, "room", "people who wait and are here"},
		{metricActive, gauge, "room", "admitted sessions now"},
		{metricMaxActive, gauge, "room", "admitted sessions that are allowed"},
		{metricTotal, counter, "room", "admissions of this epoch, by all gateways together"},
		{metricLastMinute, gauge, "room", "admissions in the last 60 s, by all gateways together"},
		{metricPerSecond, gauge, "room", "the same, a second"},
		{metricRate, gauge, "room", "admissions in any 60 s that are allowed"},
		{metricRateNow, gauge, "room", "the same as things are: less where an adaptive room's upstream is under pressure"},
		{metricRateAdvised, gauge, "room", "what pressure on the upstream leaves of the rate, also while that is only watched"},
		{metricRevoked, counter, "room", "passes ended before they ran out that this gateway has learnt of since it started: evicted by an operator, given back, or fallen silent"},
		{metricViewAge, gauge, "room", "seconds since the line told this gateway of the room; more than 1.5 is an outage"},
		{metricWould, counter, "room", "with the method passthrough: visitors who would have waited"},
		{metricFairness, gauge, "room", "share of the latest admissions in the order of the line, 0 to 1; absent while there are none"},
		{metricBatch, histogram, "room", "joins that this gateway sent to the line in one call"},
		{metricEstimate, counter, "room, outcome", "waits that were estimated at the join, by how they came out: within, early, late"},
		{metricOff, histogram, "room", "seconds by which a wait was outside its estimated range"},
	}},
	{"The configuration", []documented{
		{metricConfigGeneration, gauge, "", "1 at the start, one more with each configuration put into force"},
		{metricConfigAge, gauge, "", "seconds since the configuration in force was put into force"},
		{metricConfigRefused, counter, "", "configuration files refused since the start"},
		{metricConfigRefusing, gauge, "", "1 while the file's newest version is refused and an older one is in force, else 0"},
	}},
	{"Keys", []documented{
		{"waitroom_key_loads_total", counter, "file, outcome", "loads of a key file (keys, edge), by how they went: ok, failed"},
		{"waitroom_key_file_failed", gauge, "file", "1 while the file as it is now cannot be used and the keys from before are, else 0"},
	}},
	{"The line in Redis", []documented{
		{metricLineUp, gauge, "", "1 while the newest call succeeded, else 0"},
		{metricLineError, counter, "cause", "calls that failed: full, read_only, loading, replicas, timeout, gone, access, other"},
	}},
}
