package launch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"anteroom/internal/auth"
	"anteroom/loadtest/faults"
	"anteroom/loadtest/profile"
)

// simulator is what the simulated payment provider is switched to.
type simulator struct {
	State   string `json:"state"` // up, slow or down
	DelayMS int64  `json:"delay_ms,omitempty"`
}

func (s *System) breakPayment(ctx context.Context, f profile.Fault) (string, faults.Mend, error) {
	to, note := simulator{State: "down"}, "the simulated provider refused every call"
	if f.How == "slow" {
		to = simulator{State: "slow", DelayMS: time.Duration(f.By).Milliseconds()}
		note = fmt.Sprintf("the simulated provider answered each call %s later", time.Duration(f.By))
	}
	mend := func(ctx context.Context) error {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for { // booking itself may be broken at the moment
			err := s.switchSimulator(ctx, simulator{State: "up"})
			if err == nil {
				return nil
			}
			select {
			case <-ctx.Done():
				return err
			case <-tick.C:
			}
		}
	}
	return note, mend, s.switchSimulator(ctx, to)
}

// switchSimulator asks booking's private port, as the back office would, with a token of the owner.
func (s *System) switchSimulator(ctx context.Context, to simulator) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	keys, err := auth.LoadKeys(filepath.Join(s.running.KeysDir, "admin-api.keys"))
	if err != nil {
		return err
	}
	token, err := keys.SignStaff(auth.Staff{Email: s.Email, Name: "Load laboratory", Role: auth.Owner}, "booking", time.Minute)
	if err != nil {
		return err
	}
	body, err := json.Marshal(to)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, s.BookingOps+"/control/v1/simulator", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	says, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("booking does not switch the simulated provider: %s: %s", response.Status, says)
	}
	var now simulator
	if err := json.Unmarshal(says, &now); err != nil || now != to {
		return errors.Join(fmt.Errorf("booking says of the simulated provider: %s", says), err)
	}
	return nil
}
