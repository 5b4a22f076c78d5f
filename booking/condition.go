package booking

// The states of the simulated payment provider.
const (
	ProviderUp   = "up"
	ProviderSlow = "slow" // it does what it is asked to, and answers late
	ProviderDown = "down" // nothing reaches it, and nothing comes from it
)

// MaxProviderDelay is the longest that the simulated provider can be made to wait, in milliseconds.
const MaxProviderDelay = 60_000

// Condition is how the simulated payment provider does. It belongs to one running process, and a new one begins with ProviderUp.
type Condition struct {
	State   string `json:"state"`
	DelayMS int    `json:"delay_ms,omitempty"` // of ProviderSlow: how much later it answers, 1 to MaxProviderDelay
}

// Validate fails with "simulator-invalid".
func (c Condition) Validate() error {
	switch {
	case c.State != ProviderUp && c.State != ProviderSlow && c.State != ProviderDown:
		return ErrSimulatorInvalid.WithField("state", "must be up, slow or down")
	case c.State == ProviderSlow && (c.DelayMS < 1 || c.DelayMS > MaxProviderDelay):
		return ErrSimulatorInvalid.WithField("delay_ms", "must be 1 to %d when the state is slow", MaxProviderDelay)
	case c.State != ProviderSlow && c.DelayMS != 0:
		return ErrSimulatorInvalid.WithField("delay_ms", "is for the state slow only")
	}
	return nil
}

// Simulated is a provider without money, whose condition can be set to see what becomes of purchases meanwhile.
type Simulated interface {
	// SetCondition takes effect with the next call. The condition must be valid.
	SetCondition(c Condition)
}
