// Package e2e holds the end-to-end tests: they start the real programs and buy seats over HTTP.
package e2e
