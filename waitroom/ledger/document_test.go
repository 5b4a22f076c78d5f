package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth/authtest"
	"anteroom/internal/fault"
	"anteroom/waitroom/ledger"
)

func TestReadEitherForm(t *testing.T) {
	t.Parallel()
	tokens := signed(t, authtest.Keys(t), good())
	doc := ledger.Document{Room: "arena", From: 1, Next: int64(len(tokens)) + 1, Lines: tokens}
	text, err := json.MarshalIndent(doc, "", " ")
	require.NoError(t, err)
	quoted := `"` + strings.Join(tokens, "\"\n\"") + `"`
	for name, body := range map[string]string{
		"document": string(text), "after blanks": "\n\t " + string(text) + "\n",
		"lines": strings.Join(tokens, "\n"), "lines that end": strings.Join(tokens, "\r\n") + "\n\n", "quoted lines": quoted,
	} {
		for _, slow := range []bool{false, true} {
			in := strings.NewReader(body)
			got, err := ledger.Read(in)
			if slow {
				got, err = ledger.Read(iotest.OneByteReader(strings.NewReader(body)))
			}
			require.NoError(t, err, name)
			require.Equal(t, tokens, got.Lines, name)
		}
	}
}

func TestWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	over := make([]string, ledger.MaxPage+1)
	for i := range over {
		over[i] = "x"
	}
	many, err := json.Marshal(over)
	require.NoError(t, err)
	for body, field := range map[string]string{
		"": "file", " \n": "file", "{": "document", "{}": "", "{]": "document", `{"room":"arena"`: "document",
		`{"room":"arena","from":1,"next":1}`:                                                           "lines",
		`{"room":"arena","from":1,"next":1,"lines":[]}{}`:                                              "document",
		`{"room":"arena","from":1,"next":1,"lines":[],"more":1}`:                                       "document",
		`{"room":"arena","room":"arena","from":1,"next":1,"lines":[]}`:                                 "document",
		`{"Room":"arena","from":1,"next":1,"lines":[]}`:                                                "document",
		`{"room":"a b","from":1,"next":1,"lines":[]}`:                                                  "room",
		`{"room":7,"from":1,"next":1,"lines":[]}`:                                                      "room",
		`{"room":"arena","from":0,"next":0,"lines":[]}`:                                                "from",
		`{"room":"arena","from":1.5,"next":1,"lines":[]}`:                                              "from",
		`{"room":"arena","from":1,"next":3,"lines":["x"]}`:                                             "next",
		`{"room":"arena","from":9223372036854775807,"next":-9223372036854775808,"lines":["x"]}`:        "next",
		`{"room":"arena","from":1,"next":2,"lines":[""]}`:                                              "lines",
		`{"room":"arena","from":1,"next":2,"lines":[null]}`:                                            "lines",
		`{"room":"arena","from":1,"next":2,"lines":["` + strings.Repeat("x", ledger.MaxLine+1) + `"]}`: "lines",
		fmt.Sprintf(`{"room":"arena","from":1,"next":%d,"lines":%s}`, ledger.MaxPage+2, many):          "lines",
		strings.Repeat("x", ledger.MaxLine+1):                                                          "file",
		strings.Repeat("x", 3*ledger.MaxLine):                                                          "file",
		"x\n\"x":                                                                                       "file",
		"{" + strings.Repeat(" ", 3<<20):                                                               "document",
	} {
		_, err := ledger.Read(strings.NewReader(body))
		require.ErrorIs(t, err, ledger.ErrDocument, "%.80q", body)
		if field != "" {
			require.Equal(t, field, fault.From(err).Fields[0].Name, "%.80q: %v", body, err)
		}
	}
	gone := errors.New("the disk is gone")
	_, err = ledger.Read(iotest.ErrReader(gone))
	require.ErrorIs(t, err, gone)
	_, err = ledger.Read(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("xx"))))
	require.ErrorIs(t, err, iotest.ErrTimeout)
}
