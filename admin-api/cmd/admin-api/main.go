// Command admin-api is the back office's service.
package main

import (
	"os"

	"anteroom/internal/service"
)

func main() {
	os.Exit(service.Main("admin-api", os.Args[1:], os.Stderr, commands()))
}
