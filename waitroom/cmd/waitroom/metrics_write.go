package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"anteroom/waitroom"
	"anteroom/waitroom/ops"
)

// classes are the labels of answers, by the first digit of their status.
var classes = [6]string{"other", "1xx", "2xx", "3xx", "4xx", "5xx"}

// write prints all metrics, each with its labels in one order.
func (o *observer) write(w io.Writer) {
	sum := func(name string, value int64, labels ...string) {
		fmt.Fprintf(w, "%s%s %d\n", name, braced(labels...), value)
	}
	sum(metricAdmitted, o.straight.Load(), "straight", "true")
	sum(metricAdmitted, o.admitted.Load(), "straight", "false")
	sum(metricWaiting, o.waiting.Load())
	past := o.bypassed.read()
	for _, by := range slices.Sorted(maps.Keys(past)) {
		sum(metricBypassed, past[by], "by", by)
	}
	for _, m := range []struct {
		name  string
		tally *tally[ops.Refusal]
	}{{metricRefused, &o.refused}, {metricJoinRefused, &o.unjoined}} {
		all := m.tally.read()
		for _, why := range slices.SortedFunc(maps.Keys(all), func(a, b ops.Refusal) int {
			return cmp.Or(cmp.Compare(a.Room, b.Room), cmp.Compare(a.Reason, b.Reason))
		}) {
			sum(m.name, all[why], "room", why.Room, "reason", why.Reason)
		}
	}
	answers := o.access.Tally()
	for class, n := range answers.Answers {
		sum(metricAnswers, n, "class", classes[class])
	}
	sum(metricLeftOut, answers.Suppressed)
	sum(metricConnections, o.connections())
	sum(metricParked, o.parking.Count())
	sum(metricStreams, o.streams())
	up := int64(1)
	if o.lineDown.Load() {
		up = 0
	}
	sum(metricLineUp, up)
	causes := o.causes.read()
	for _, cause := range slices.Sorted(maps.Keys(causes)) {
		sum(metricLineError, causes[cause], "cause", cause)
	}
	o.writeGuards(sum)
	o.writeMoves(sum)
	o.writeUpstreams(w, sum)
	o.writeRooms(w, sum)
}

func (o *observer) writeUpstreams(w io.Writer, sum func(name string, value int64, labels ...string)) {
	all := o.upstreams.each()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		all[name].latency.Counts().Expose(w, metricForward, labelled("upstream", name))
		errors := all[name].errors.read()
		for _, reason := range slices.Sorted(maps.Keys(errors)) {
			sum(metricUpstream, errors[reason], "upstream", name, "reason", reason)
		}
	}
}

func (o *observer) writeRooms(w io.Writer, sum func(name string, value int64, labels ...string)) {
	now := time.Now()
	o.Each(func(v *waitroom.View) {
		for _, figure := range []struct {
			name  string
			value int64
		}{
			{metricIssued, v.Issued}, {metricServing, v.Serving}, {metricLine, v.Waiting()}, {metricActive, v.Active},
			{metricMaxActive, v.Policy.MaxActive}, {metricTotal, v.AdmittedTotal}, {metricLastMinute, v.AdmittedLastMinute},
			{metricRate, v.Policy.RatePerMinute}, {metricRateNow, v.Rate()}, {metricRateAdvised, v.RateAdvised}, {metricWould, v.WouldQueue}, {metricRevoked, o.live.Ended(v.Room)},
		} {
			sum(figure.name, max(figure.value, 0), "room", v.Room)
		}
		room := braced("room", v.Room)
		fmt.Fprintf(w, "%s%s %g\n", metricPerSecond, room, float64(v.AdmittedLastMinute)/60)
		fmt.Fprintf(w, "%s%s %g\n", metricViewAge, room, v.Age(now).Seconds())
		if score, ok := o.Fairness(v.Room); ok {
			fmt.Fprintf(w, "%s%s %g\n", metricFairness, room, score)
		}
	})
	for name, all := range map[string]map[string]*ops.Histogram{metricBatch: o.batches.each(), metricOff: o.off.each()} {
		for _, room := range slices.Sorted(maps.Keys(all)) {
			all[room].Counts().Expose(w, name, labelled("room", room))
		}
	}
	estimates := o.estimates.read()
	for _, e := range slices.SortedFunc(maps.Keys(estimates), func(a, b estimate) int {
		return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.outcome, b.outcome))
	}) {
		sum(metricEstimate, estimates[e], "room", e.room, "outcome", string(e.outcome))
	}
}

// labelled writes pairs of names and values as labels.
func labelled(pairs ...string) (text string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			text += ","
		}
		text += pairs[i] + "=" + strconv.Quote(pairs[i+1])
	}
	return text
}

func braced(pairs ...string) string {
	if len(pairs) == 0 {
		return ""
	}
	return "{" + labelled(pairs...) + "}"
}
