// Command waitroom is the gateway: the waiting room in front of everything.
package main

import (
	"os"

	"anteroom/internal/service"
)

func main() {
	os.Exit(service.Main("waitroom", os.Args[1:], os.Stderr, map[string]func([]string) error{
		"serve": serve, "check-config": checkConfig, "bypass-link": bypassLink, "keys": keys, "room": room, "verify": verify, "codes": codes,
	}))
}
