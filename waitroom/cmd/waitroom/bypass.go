package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
	"anteroom/internal/service"
	"anteroom/waitroom"
	"anteroom/waitroom/proxy"
	"anteroom/waitroom/routes"
)

// maxLinkLife bounds a bypass link: it cannot be taken back but with the key that signed it.
const maxLinkLife = 30 * 24 * time.Hour

// bypassLink makes a link that leads past the gate, or the key that links are signed with.
func bypassLink(args []string) error {
	var config, room, target, initKey string
	var life time.Duration
	f := service.NewFlags("waitroom bypass-link", "WAITROOM", os.Stderr)
	f.String(&config, "config", "", "configuration file of the gateway")
	f.String(&target, "url", "", "the page that the link opens, for example https://shop.example.com/seats")
	f.String(&room, "room", "", "room whose gate the link leads past; it must be the one that the URL is gated by")
	f.Duration(&life, "expires", time.Hour, "time until the link runs out, 1m to 720h")
	f.String(&initKey, "init-key", "", "make this key file for bypass.key_file instead, unless it is there already")
	rest, err := f.Parse(args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return f.Fail(fmt.Errorf("%q is not expected", rest[0]))
	case initKey != "":
		created, err := auth.InitBypassKeys(initKey)
		if err == nil && !created {
			_, err = auth.LoadBypassKeys(initKey)
		}
		return made(initKey, created, err)
	case config == "" || room == "" || target == "":
		return f.Fail(errors.New("--config, --room and --url must be given"))
	case life < time.Minute || life > maxLinkLife:
		return f.Fail(fmt.Errorf("--expires must be from 1m to %s, is %s", maxLinkLife, life))
	}
	c, err := routes.Load(config)
	if err != nil {
		return err
	}
	return writeLink(os.Stdout, c, room, target, time.Now().Add(life))
}

// writeLink makes a link, having made sure that the gateway would take it.
func writeLink(w io.Writer, config *routes.Config, room, target string, expires time.Time) error {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Fragment != "" {
		return fmt.Errorf("--url must be a URL with http or https and a host and no fragment, is %q", target)
	}
	path, err := proxy.CleanPath(u)
	if err != nil {
		return fmt.Errorf("--url: the gateway refuses this path: %s", fault.From(err).Message)
	}
	way, err := config.Table.Match(waitroom.Ask{Host: []byte(u.Host), Path: path, Method: []byte("GET")})
	switch {
	case err != nil:
		return fmt.Errorf("--url: %s", fault.From(err).Message)
	case string(way.Room) != room:
		return fmt.Errorf("--url is behind the room %q, not %q", way.Room, room)
	case !way.Links:
		return fmt.Errorf("the route %s takes no links; it says so with bypass: {links: true}", way.Name)
	}
	token, err := config.Bypass.Keys.SignLink(auth.Bypass{Room: room, Host: proxy.LinkHost(u.Host), Path: string(path), Expires: expires})
	if err != nil {
		return err
	}
	u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+proxy.LinkParameter+"="+token, "&")
	fmt.Fprintln(w, u)
	return nil
}
