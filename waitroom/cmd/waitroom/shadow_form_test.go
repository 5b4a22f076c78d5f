package main

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// What differs from one answer to the next, whoever asks.
var passing = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`/move/[A-Za-z0-9_-]+`), "/move/CODE"},
	{regexp.MustCompile(`\b[A-Z2-7]{26}\b`), "KEY"},
	{regexp.MustCompile(`\b[0-9a-f]{16}\b`), "ID"},
	{regexp.MustCompile(`nonce(-|=")[A-Za-z0-9+/_=-]+`), "NONCE"},
	{regexp.MustCompile(`"challenge":"[^"]*"`), "CHALLENGE"},
	{regexp.MustCompile(`( d=|"path":)"[^"]*"`), "DRAWN"}, // a QR code
	{regexp.MustCompile(`\d+(\.\d+)?`), "0"},
}

var tokenForm = regexp.MustCompile(`[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`)

// formOf is an answer without what differs from one to the next: status, headers and body, with each token as its header, its claims and the length of its
// signature.
func formOf(a answer) string {
	lines := []string{}
	for name, values := range a.header {
		if name == "Date" || name == "X-Request-Id" || name == "Content-Length" {
			continue
		}
		for _, value := range values {
			lines = append(lines, name+": "+plainForm(value))
		}
	}
	sort.Strings(lines)
	return fmt.Sprintf("%d\n%s\n\n%s", a.status, strings.Join(lines, "\n"), plainForm(string(a.body)))
}

func plainForm(text string) string {
	var tokens []string
	text = tokenForm.ReplaceAllStringFunc(text, func(token string) string {
		parts := strings.Split(token, ".")
		head, _ := base64.RawURLEncoding.DecodeString(parts[0])
		claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
		tokens = append(tokens, fmt.Sprintf("%s %s %d", head, passing[len(passing)-1].what.ReplaceAll(claims, []byte("0")), len(parts[2])))
		return "TOKEN"
	})
	for _, p := range passing {
		text = p.what.ReplaceAllString(text, p.by)
	}
	return text + strings.Join(tokens, "|")
}
