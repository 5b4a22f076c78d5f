package waitroom

// PolicyChange changes the settings that are given and leaves the others.
type PolicyChange struct {
	Version             *int64  `json:"version"` // when given, the change is refused unless the room still has it
	Mode                *Mode   `json:"mode"`
	Method              *Method `json:"method"`
	RatePerMinute       *int64  `json:"rate_per_minute"`
	MaxActive           *int64  `json:"max_active"`
	BurstSeconds        *int64  `json:"burst_seconds"`
	SessionIdleSeconds  *int64  `json:"session_idle_seconds"`
	SessionLimitSeconds *int64  `json:"session_limit_seconds"`
	GhostSeconds        *int64  `json:"ghost_seconds"`
	ReturnGraceSeconds  *int64  `json:"return_grace_seconds"`
	PollMinMS           *int64  `json:"poll_min_ms"`
	PollMaxMS           *int64  `json:"poll_max_ms"`
	GateStatus          *int64  `json:"gate_status"`
	OnOutage            *Outage `json:"on_outage"`
	EndWhenSoldOut      *bool   `json:"end_when_sold_out"`
	PrequeueAt          *string `json:"prequeue_at"`
	OpenAt              *string `json:"open_at"`
	CloseAt             *string `json:"close_at"`
	TimeZone            *string `json:"time_zone"`
	Beacon              *string `json:"beacon"`
	Message             *string `json:"message"`

	PassLifeSeconds   *int64    `json:"pass_life_seconds"`
	PassRatePerSecond *int64    `json:"pass_rate_per_second"`
	PassConcurrency   *int64    `json:"pass_concurrency"`
	Brand             *Brand    `json:"brand"` // replaced whole, as are the next two
	Guards            *Guards   `json:"guards"`
	Adaptive          *Adaptive `json:"adaptive"`
}

// Apply returns p with the change made; it does not validate.
func (c PolicyChange) Apply(p Policy) Policy {
	set(&p.Mode, c.Mode)
	set(&p.Method, c.Method)
	set(&p.RatePerMinute, c.RatePerMinute)
	set(&p.MaxActive, c.MaxActive)
	set(&p.BurstSeconds, c.BurstSeconds)
	set(&p.SessionIdleSeconds, c.SessionIdleSeconds)
	set(&p.SessionLimitSeconds, c.SessionLimitSeconds)
	set(&p.GhostSeconds, c.GhostSeconds)
	set(&p.ReturnGraceSeconds, c.ReturnGraceSeconds)
	set(&p.PollMinMS, c.PollMinMS)
	set(&p.PollMaxMS, c.PollMaxMS)
	set(&p.GateStatus, c.GateStatus)
	set(&p.OnOutage, c.OnOutage)
	set(&p.EndWhenSoldOut, c.EndWhenSoldOut)
	set(&p.PrequeueAt, c.PrequeueAt)
	set(&p.OpenAt, c.OpenAt)
	set(&p.CloseAt, c.CloseAt)
	set(&p.TimeZone, c.TimeZone)
	set(&p.Beacon, c.Beacon)
	set(&p.Message, c.Message)
	set(&p.PassLifeSeconds, c.PassLifeSeconds)
	set(&p.PassRatePerSecond, c.PassRatePerSecond)
	set(&p.PassConcurrency, c.PassConcurrency)
	set(&p.Brand, c.Brand)
	set(&p.Guards, c.Guards)
	set(&p.Adaptive, c.Adaptive)
	return p
}

// Whole is the change that sets every field.
func Whole(p Policy, version *int64) PolicyChange {
	return PolicyChange{
		Version: version, Mode: &p.Mode, Method: &p.Method, RatePerMinute: &p.RatePerMinute, MaxActive: &p.MaxActive, BurstSeconds: &p.BurstSeconds,
		SessionIdleSeconds: &p.SessionIdleSeconds, SessionLimitSeconds: &p.SessionLimitSeconds,
		GhostSeconds: &p.GhostSeconds, ReturnGraceSeconds: &p.ReturnGraceSeconds,
		PollMinMS: &p.PollMinMS, PollMaxMS: &p.PollMaxMS, GateStatus: &p.GateStatus, OnOutage: &p.OnOutage, EndWhenSoldOut: &p.EndWhenSoldOut,
		PrequeueAt: &p.PrequeueAt, OpenAt: &p.OpenAt, CloseAt: &p.CloseAt, TimeZone: &p.TimeZone, Beacon: &p.Beacon, Message: &p.Message,
		PassLifeSeconds: &p.PassLifeSeconds, PassRatePerSecond: &p.PassRatePerSecond, PassConcurrency: &p.PassConcurrency,
		Brand: &p.Brand, Guards: &p.Guards, Adaptive: &p.Adaptive,
	}
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
