package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"anteroom/internal/fault"
	"anteroom/internal/service"
	"anteroom/waitroom"
	"anteroom/waitroom/redisqueue"
)

// commandTimeout bounds what the command asks of the line.
const commandTimeout = 20 * time.Second

// room makes a room or replaces its policy, for operators at a shell.
func room(args []string) error {
	var (
		s        settings
		ifAbsent bool
	)
	f := service.NewFlags("waitroom room put NAME [flags] [field=value …] [brand.field=text …]", "WAITROOM", os.Stderr)
	s.lineFlags(f)
	f.Bool(&ifAbsent, "if-absent", false, "leave a room that is there as it is")
	if len(args) > 0 && args[0] == "put" {
		args = args[1:]
	} else if len(args) == 0 || (args[0] != "--help" && args[0] != "-h") {
		return f.Fail(errors.New("the command is: waitroom room put NAME"))
	}
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if name == "" && len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	if !waitroom.ValidRoom(name) {
		return f.Fail(fmt.Errorf("%q cannot be a room's name: lower-case letters, digits and hyphens, at most 63", name))
	}
	policy, err := parsePolicy(rest)
	if err != nil {
		return f.Fail(err)
	}
	return put(s, name, policy, ifAbsent)
}

// textFields are the policy's fields whose values are not numbers.
var textFields = []string{"mode", "method", "on_outage", "prequeue_at", "open_at", "close_at", "time_zone", "beacon", "message"}

// parsePolicy reads field=value pairs, named as in the contract; what is not given takes its default.
func parsePolicy(pairs []string) (waitroom.Policy, error) {
	fields := map[string]any{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		group, field, nested := strings.Cut(key, ".")
		switch {
		case !ok:
			return waitroom.Policy{}, fmt.Errorf("%q is not of the form field=value (flags stand before the fields)", pair)
		case nested && group == "brand":
			if err := setBrand(fields, field, value); err != nil {
				return waitroom.Policy{}, err
			}
		case slices.Contains(textFields, key):
			fields[key] = value
		case key == "end_when_sold_out", strings.HasPrefix(value, "{"): // JSON: a switch, or brand, guards and adaptive
			fields[key] = json.RawMessage(value)
		default:
			fields[key] = json.Number(value)
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return waitroom.Policy{}, fmt.Errorf("a value is not a whole number, or not true or false: %w", err)
	}
	policy := waitroom.DefaultPolicy()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&policy); err != nil {
		return waitroom.Policy{}, fmt.Errorf("the fields are not acceptable: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if err := policy.Validate(); err != nil {
		f := fault.From(err)
		wrong := make([]string, len(f.Fields))
		for i, field := range f.Fields {
			wrong[i] = field.Name + " " + field.Message
		}
		return waitroom.Policy{}, errors.New(strings.Join(wrong, "; "))
	}
	return policy, nil
}

// setBrand sets one field of the brand, all of which are texts: name, or texts.ko.title and the like. Beside brand as a whole it is ambiguous.
func setBrand(fields map[string]any, path, value string) error {
	at, name := fields, "brand"
	for rest := path; ; {
		next, more, nested := strings.Cut(rest, ".")
		inner, ok := at[name].(map[string]any)
		if at[name] == nil {
			inner, ok = map[string]any{}, true
			at[name] = inner
		}
		if !ok {
			return fmt.Errorf("brand.%s contradicts what is said of %s", path, name)
		}
		at, name = inner, next
		if !nested {
			break
		}
		rest = more
	}
	if at[name] != nil {
		return fmt.Errorf("brand.%s is there twice", path)
	}
	at[name] = value
	return nil
}

func put(s settings, name string, policy waitroom.Policy, ifAbsent bool) error {
	client, err := redisqueue.Dial(s.RedisURL)
	if err != nil {
		return err
	}
	defer client.Close()
	queue := redisqueue.New(client, s.KeyPrefix, redisqueue.WithTimeout(commandTimeout)) // nobody is kept waiting by it, as visitors would be
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	if ifAbsent {
		switch _, _, err := queue.Tick(ctx, name, time.Now()); {
		case err == nil:
			fmt.Printf("room %s is there already\n", name)
			return nil
		case !errors.Is(err, waitroom.ErrRoomUnknown):
			return err
		}
	}
	snapshot, err := queue.Create(ctx, name, policy)
	if err != nil {
		return err
	}
	fmt.Printf("room %s: mode %s, %d a minute, at most %d at once (version %d)\n", name, policy.Mode, policy.RatePerMinute, policy.MaxActive, snapshot.Version)
	return nil
}
