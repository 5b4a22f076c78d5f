package main

import (
	"fmt"
	"slices"
	"strings"

	"anteroom/loadtest/profile"
)

// The suites that have drivers of their own; every other one is a profile.
const (
	tenMillion = "ten-million"
	idle       = "idle"
	all        = "all"
)

// rounds are what `run all` runs, in this order. The suite idle is not among them: it wants more open files than most machines allow.
var rounds = []string{"join-storm", "poll-storm", "browse", "seat-rush", "journey", "ramp", "spike", "soak", "surge", "faults", tenMillion}

// own are the suites with a driver of their own, for `list`.
var own = []struct{ name, about string }{
	{tenMillion, "ten million people join, wait, are heard and are admitted in order, over two gateways and four more engines; a system of its own"},
	{idle, "100,000 connections wait: what each costs the gateway, and how admitted requests fare beside them; a system of its own"},
	{all, "one after another: " + strings.Join(rounds, ", ")},
}

// profileOf is the profile that a suite stands for, or the one that was given in its stead: the name of a shipped one, or a file.
func profileOf(suite, given string) (*profile.Profile, error) {
	if given != "" {
		p, err := profile.Open(given)
		if err != nil {
			return nil, fmt.Errorf("--profile: %w", err)
		}
		if !suiteOfOurs(suite) {
			return nil, unknownSuite(suite)
		}
		return p, nil
	}
	if strings.ContainsAny(suite, `/\.`) { // a file in the place of a suite
		return profile.Open(suite)
	}
	p, err := profile.Builtin(suite)
	if err != nil {
		return nil, unknownSuite(suite)
	}
	return p, nil
}

func suiteOfOurs(name string) bool {
	_, err := profile.Builtin(name)
	return err == nil
}

func unknownSuite(name string) error {
	var names []string
	for _, p := range profile.List() {
		names = append(names, p.Name)
	}
	for _, s := range own {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return fmt.Errorf("there is no suite %q; there are %s, and any profile in a file", name, strings.Join(names, ", "))
}
