package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"anteroom/internal/fault"
	"anteroom/internal/service"
	"anteroom/waitroom"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/routes"
)

// checkConfig reads a configuration file as the gateway would, and says what is wrong with it, or what it would do.
func checkConfig(args []string) error {
	var file, target, method, from string
	f := service.NewFlags("waitroom check-config FILE", "WAITROOM", os.Stderr)
	f.String(&file, "config", "", "configuration file; may be given without the flag")
	f.String(&target, "url", "", "say where this URL leads, for example https://shop.example.com/seats")
	f.String(&method, "method", "GET", "with --url: the method")
	f.String(&from, "from", "", "with --url: the client's address")
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		args = append(args[1:], "--config", args[0])
	}
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) == 1 {
		file, rest = rest[0], nil
	}
	if len(rest) > 0 || file == "" {
		return f.Fail(errors.New("wants one configuration file"))
	}
	config, err := routes.Load(file)
	var problems routes.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, p)
		}
		return fmt.Errorf("%s is refused: %d problems", file, len(problems))
	}
	if err != nil {
		return err
	}
	for _, w := range config.Warnings {
		fmt.Fprintln(os.Stderr, "warning:", w)
	}
	if target == "" {
		return summarise(os.Stdout, config)
	}
	ask, err := parseAsk(target, method, from)
	if err != nil {
		return f.Fail(err)
	}
	return explain(os.Stdout, config, ask)
}

// parseAsk makes a request of a URL, with the path as the gateway would clean it.
func parseAsk(target, method, from string) (ask waitroom.Ask, err error) {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ask, fmt.Errorf("--url must be a URL with http or https and a host, is %q", target)
	}
	path, err := proxy.CleanPath(u)
	if err != nil {
		return ask, fmt.Errorf("--url: the gateway refuses this path: %s", fault.From(err).Message)
	}
	ask = waitroom.Ask{Host: []byte(u.Host), Path: path, Method: []byte(strings.ToUpper(method))}
	if from != "" {
		if ask.Client, err = netip.ParseAddr(from); err != nil {
			return ask, fmt.Errorf("--from must be an address, is %q", from)
		}
		ask.Client = ask.Client.Unmap()
	}
	return ask, nil
}

// explain says where a request leads.
func explain(w io.Writer, config *routes.Config, ask waitroom.Ask) error {
	way, err := config.Table.Match(ask)
	if err != nil {
		f := fault.From(err)
		fmt.Fprintf(w, "refused: %s (%s)\n", f.Message, f.Type)
		return nil
	}
	room := "none; everybody goes through"
	if len(way.Room) > 0 {
		room = string(way.Room)
	}
	fmt.Fprintf(w, "path      %s\nroute     %s\nupstream  %s\nroom      %s\n", ask.Path, way.Name, leadsTo(config, way.Upstream), room)
	if len(way.Room) == 0 {
		return nil
	}
	gate := "a pass is wanted"
	if way.Bypass {
		gate = "a bypass rule lets this request past"
	}
	for _, more := range []struct {
		on   bool
		text string
	}{{way.Links, "signed links are taken"}, {way.Staff, "staff may pass"}, {way.OnOutage != "", "while the line is down: " + string(way.OnOutage)}} {
		if more.on {
			gate += "; " + more.text
		}
	}
	fmt.Fprintf(w, "gate      %s\n", gate)
	return nil
}

func leadsTo(config *routes.Config, name string) string {
	switch name {
	case waitroom.ServeApps:
		return "the web apps of this gateway"
	case waitroom.ServeVisitor:
		return "the gateway itself"
	}
	for _, u := range config.Upstreams {
		if u.Name == name {
			return fmt.Sprintf("%s (%s://%s)", name, u.Scheme, strings.Join(u.Addresses, ", "))
		}
	}
	return name
}

// summarise says what a configuration does.
func summarise(w io.Writer, config *routes.Config) error {
	fmt.Fprintf(w, "%s is good: %d routes, %d upstreams\n", config.File, len(config.Routes), len(config.Upstreams))
	if l := config.Listen; l.TLS {
		fmt.Fprintf(w, "TLS with %d certificates\n", len(l.Certs))
	}
	if l := config.Listen; len(l.ProxyFrom) > 0 {
		fmt.Fprintf(w, "PROXY protocol from %v\n", l.ProxyFrom)
	}
	if t := config.Trusted; len(t.Networks) > 0 {
		fmt.Fprintf(w, "trusted proxies %v\n", t.Networks)
	}
	for _, u := range config.Upstreams {
		health := "no health check"
		if u.Health.Path != "" {
			health = "health check " + u.Health.Path
		}
		fmt.Fprintf(w, "upstream %s: %s://%s, %s\n", u.Name, u.Scheme, strings.Join(u.Addresses, ", "), health)
	}
	for _, r := range config.Routes {
		fmt.Fprintf(w, "line %d: route %s\n", r.Line, r)
	}
	return nil
}
