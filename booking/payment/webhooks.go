package payment

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

const (
	simulatorSignature = "Simulator-Signature"
	sendTimeout        = 5 * time.Second
	sendEvery          = 200 * time.Millisecond
	sendBatch          = 20
	eventAge           = "1 day" // how long sent ones are remembered
)

// simulatorEvent is the body of a webhook of the simulator.
type simulatorEvent struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Charge string `json:"charge"`
}

// Event implements booking.Provider.
func (s *Simulator) Event(header func(name string) string, body []byte) (booking.ChargeEvent, error) {
	if err := verify(s.Secret, header(simulatorSignature), body, time.Now()); err != nil {
		return booking.ChargeEvent{}, err
	}
	var e simulatorEvent
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || e.Type == "" {
		return booking.ChargeEvent{}, booking.ErrWebhookInvalid
	}
	return booking.ChargeEvent{ID: e.ID, Kind: e.Type, Key: e.Charge}, nil
}

// Run sends webhooks as they fall due until the context ends: to the address that target tells, none while that is empty, and none while the provider is down.
// report is told of what goes wrong.
func (s *Simulator) Run(ctx context.Context, target func() string, report func(error)) {
	client := &http.Client{Timeout: sendTimeout}
	defer client.CloseIdleConnections()
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if to := target(); to != "" && !s.down() {
			if err := s.send(ctx, client, to); err != nil && ctx.Err() == nil {
				report(err)
			}
		}
	}
}

// send sends what is due. One that is not acknowledged is sent again later, as providers do.
func (s *Simulator) send(ctx context.Context, client *http.Client, target string) error {
	if err := s.ripen(ctx); err != nil {
		return err
	}
	// A lease: whoever takes an event has time to send it before another instance does.
	rows, err := s.pool.Query(ctx, `
		UPDATE simulator_events SET attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => 10 + least(attempts, 60))
		 WHERE id IN (SELECT id FROM simulator_events WHERE copies > 0 AND due_at <= clock_timestamp() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING id, charge, kind, copies`, sendBatch)
	if err != nil {
		return fmt.Errorf("simulated provider: %w", err)
	}
	type due struct {
		ID           int64
		Charge, Kind string
		Copies       int
	}
	events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[due])
	if err != nil {
		return fmt.Errorf("simulated provider: %w", err)
	}
	for _, e := range events {
		body, err := json.Marshal(simulatorEvent{ID: "evt_" + strconv.FormatInt(e.ID, 10), Type: e.Kind, Charge: e.Charge})
		if err != nil {
			return err
		}
		for range e.Copies {
			if err := s.post(ctx, client, target, body); err != nil {
				return err
			}
		}
		if _, err := s.pool.Exec(ctx, `UPDATE simulator_events SET copies = 0 WHERE id = $1`, e.ID); err != nil {
			return fmt.Errorf("simulated provider: %w", err)
		}
	}
	if len(events) > 0 {
		_, err = s.pool.Exec(ctx, `DELETE FROM simulator_events WHERE copies = 0 AND due_at < clock_timestamp() - $1::interval`, eventAge)
	}
	return err
}

func (s *Simulator) post(ctx context.Context, client *http.Client, target string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("simulated provider: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(simulatorSignature, sign(s.Secret, body, time.Now()))
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("simulated provider: send a webhook: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4096)) // so that the connection can be used again
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("simulated provider: a webhook was answered %d", res.StatusCode)
	}
	return nil
}
