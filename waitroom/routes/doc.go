// Package routes reads the gateway's configuration file and finds where requests lead.
//
// A file is read whole before anything of it counts: Load returns either a Config in which everything fits together, or all that is
// wrong with it, each with its line. What a Config says is never changed, so one can be used while the next is read.
package routes
