package waitroom_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// wrong is the names of the fields that a policy's refusal names.
func wrong(t *testing.T, err error) (names []string) {
	t.Helper()
	if err == nil {
		return nil
	}
	f := fault.From(err)
	require.Equal(t, "policy-invalid", f.Type)
	for _, field := range f.Fields {
		assert.NotEmpty(t, field.Message)
		names = append(names, field.Name)
	}
	return names
}

func TestPolicyNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	require.NoError(t, waitroom.DefaultPolicy().Validate())
	for name, c := range map[string]struct {
		change func(*waitroom.Policy)
		fields []string
	}{
		"mode":                                   {func(p *waitroom.Policy) { p.Mode = "ajar" }, []string{"mode"}},
		"method":                                 {func(p *waitroom.Policy) { p.Method = "auction" }, []string{"method"}},
		"outage":                                 {func(p *waitroom.Policy) { p.OnOutage = "shrug" }, []string{"on_outage"}},
		"no rate in a queue":                     {func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeQueue, 0 }, []string{"rate_per_minute"}},
		"no rate when open":                      {func(p *waitroom.Policy) { p.RatePerMinute = 0 }, []string{"rate_per_minute"}},
		"no rate when draining":                  {func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeDraining, 0 }, []string{"rate_per_minute"}},
		"no rate in a hold":                      {func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeHold, 0 }, nil},
		"no rate when closed":                    {func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeClosed, 0 }, nil},
		"a negative rate":                        {func(p *waitroom.Policy) { p.Mode, p.RatePerMinute = waitroom.ModeHold, -1 }, []string{"rate_per_minute"}},
		"too fast":                               {func(p *waitroom.Policy) { p.RatePerMinute = 10_000_001 }, []string{"rate_per_minute"}},
		"no slots":                               {func(p *waitroom.Policy) { p.MaxActive = 0 }, []string{"max_active"}},
		"burst":                                  {func(p *waitroom.Policy) { p.BurstSeconds = 61 }, []string{"burst_seconds"}},
		"idle and limit":                         {func(p *waitroom.Policy) { p.SessionIdleSeconds, p.SessionLimitSeconds = 0, 86_401 }, []string{"session_idle_seconds", "session_limit_seconds"}},
		"ghost shorter than poll":                {func(p *waitroom.Policy) { p.GhostSeconds, p.PollMaxMS = 10, 10_000 }, []string{"ghost_seconds"}},
		"grace":                                  {func(p *waitroom.Policy) { p.ReturnGraceSeconds = -1 }, []string{"return_grace_seconds"}},
		"polls crossed":                          {func(p *waitroom.Policy) { p.PollMinMS, p.PollMaxMS = 5000, 4000 }, []string{"poll_max_ms"}},
		"gate status":                            {func(p *waitroom.Policy) { p.GateStatus = 302 }, []string{"gate_status"}},
		"a draw without a beacon and an opening": {func(p *waitroom.Policy) { p.Method = waitroom.MethodDraw }, []string{"beacon", "open_at"}},
		"long texts":                             {func(p *waitroom.Policy) { p.Message, p.Beacon = strings.Repeat("안", 501), strings.Repeat("b", 201) }, []string{"message", "beacon"}},
		"long enough texts":                      {func(p *waitroom.Policy) { p.Message = strings.Repeat("안", 500) }, nil},
		"close before open": {func(p *waitroom.Policy) { p.OpenAt, p.CloseAt = "2026-12-01T20:00:00", "2026-12-01T19:00:00" },
			[]string{"close_at"}},
		"a watch that is none":  {func(p *waitroom.Policy) { p.Guards.Shadow, p.Adaptive.Stage = "on", "yes" }, []string{"guards.shadow", "adaptive.stage", "adaptive.min_rate_per_minute"}},
		"a proof without cost":  {func(p *waitroom.Policy) { p.Guards.ProofOfWork = waitroom.WatchOnly }, []string{"guards.proof_bits"}},
		"too dear a proof":      {func(p *waitroom.Policy) { p.Guards.ProofBits = 27 }, []string{"guards.proof_bits"}},
		"a limit of nothing":    {func(p *waitroom.Policy) { p.Guards.JoinLimit = waitroom.WatchEnforce }, []string{"guards.join_limit"}},
		"less than nothing":     {func(p *waitroom.Policy) { p.Guards.JoinsPerPrefix = -1 }, []string{"guards.joins_per_prefix"}},
		"a presale without end": {func(p *waitroom.Policy) { p.Guards.PresaleUntilOpen = true }, []string{"guards.presale_until_open"}},
		"an upstream at rest": {func(p *waitroom.Policy) {
			p.Adaptive = waitroom.Adaptive{Stage: waitroom.WatchOnly, MinRatePerMinute: p.RatePerMinute + 1, MaxErrorPercent: 101}
		}, []string{"adaptive.min_rate_per_minute", "adaptive.target_p95_ms", "adaptive.max_error_percent"}},
		"everything": {func(p *waitroom.Policy) { *p = waitroom.Policy{} }, []string{
			"mode", "method", "on_outage", "rate_per_minute", "max_active", "burst_seconds", "session_idle_seconds", "session_limit_seconds",
			"ghost_seconds", "poll_min_ms", "poll_max_ms", "gate_status", "time_zone"}},
	} {
		p := waitroom.DefaultPolicy()
		c.change(&p)
		got := wrong(t, p.Validate())
		for _, field := range c.fields {
			assert.Contains(t, got, field, name)
		}
		if len(c.fields) < 3 {
			assert.Len(t, got, len(c.fields), name)
		}
	}
}

// TestChangeKnowsEveryField keeps policy and change from drifting apart: each field must be there under the same JSON name, be set by Apply,
// and be left alone when it is not given.
func TestChangeKnowsEveryField(t *testing.T) {
	t.Parallel()
	base := waitroom.DefaultPolicy()
	for field := range reflect.TypeFor[waitroom.Policy]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		value := any(int64(77))
		switch field.Type.Kind() {
		case reflect.String:
			value = "other"
		case reflect.Bool:
			value = true
		case reflect.Struct: // replaced whole; its first field stands for all
			whole := reflect.New(field.Type).Elem()
			whole.Field(0).SetString("other")
			value = whole.Interface()
		}
		text, err := json.Marshal(map[string]any{name: value})
		require.NoError(t, err)
		var change waitroom.PolicyChange
		require.NoError(t, json.Unmarshal(text, &change))
		changed := change.Apply(base)
		assert.Equal(t, value, reflect.ValueOf(changed).FieldByName(field.Name).Convert(reflect.TypeOf(value)).Interface(), name)
		back := waitroom.Whole(base, nil).Apply(changed)
		assert.Equal(t, base, back, name)
		assert.Equal(t, base, waitroom.PolicyChange{}.Apply(base))
	}
}

// fieldsOf makes the messages of a refusal's fields an error, for assert.ErrorContains.
func fieldsOf(err error) error {
	var all []string
	for _, field := range fault.From(err).Fields {
		all = append(all, field.Message)
	}
	return errors.New(strings.Join(all, "; "))
}
