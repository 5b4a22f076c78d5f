package routes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a configuration file, in bytes.
const maxFile = 1 << 20

// Load reads a configuration file and the files that it names. The error is Problems: all that is wrong, each with its line.
func Load(file string) (*Config, error) {
	config, _, err := load(file)
	return config, err
}

// load also returns what it looked at, when it fails too.
func load(file string) (*Config, sightings, error) {
	var seen sightings
	seen.note(file)
	content, err := readBounded(file)
	if err != nil {
		return nil, seen, Problems{{File: file, Reason: err.Error()}}
	}
	config, named, err := parse(file, content)
	seen = append(seen, named...)
	if err != nil {
		return nil, seen, err
	}
	config.seen = seen
	return config, seen, nil
}

func readBounded(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", pathless(err))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", pathless(err))
	}
	if len(content) > maxFile {
		return nil, fmt.Errorf("is larger than %d bytes", maxFile)
	}
	return content, nil
}

// pathless is an error of the file system without the path, which stands beside it anyway.
func pathless(err error) error {
	if inner := (*os.PathError)(nil); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

// Parse is Load of a file whose content has been read. Files that it names are looked for relative to the folder of file.
func Parse(file string, content []byte) (*Config, error) {
	config, _, err := parse(file, content)
	return config, err
}

func parse(file string, content []byte) (*Config, sightings, error) {
	n := &notes{file: file}
	root, err := document(content)
	if err != nil {
		return nil, nil, Problems{syntax(file, err)}
	}
	table := &Table{hosts: hosts{exact: map[string]*site{}, below: map[string]*site{}}}
	p := &parser{
		config:    &Config{File: file, Bypass: Bypass{CookieLife: defaultCookieLife}, Table: table},
		folder:    filepath.Dir(file),
		upstreams: map[string]*upstreamAt{},
		hosts:     map[string]int{},
		names:     map[string]int{},
	}
	p.file(value{n, root, ""})
	if len(n.problems) > 0 {
		n.problems.sort()
		return nil, p.seen, n.problems
	}
	n.warnings.sort()
	p.config.Warnings = n.warnings
	return p.config, p.seen, nil
}

// errMore is for a file with more than one document.
var errMore = errors.New("the file holds more than one document (---)")

// document parses the one document of a file.
func document(content []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(content))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty")
	} else if err != nil {
		return nil, err
	}
	if err := d.Decode(&yaml.Node{}); err == nil {
		return nil, errMore
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, errors.New("the file is empty")
	}
	return doc.Content[0], nil
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntax makes a problem of the parser's error, which carries the line in its text only.
func syntax(file string, err error) Problem {
	reason := strings.TrimPrefix(err.Error(), "yaml: ")
	p := Problem{File: file, Line: 1, Column: 1}
	if found := yamlLine.FindStringSubmatch(reason); found != nil {
		p.Line, _ = strconv.Atoi(found[1]) // digits
		reason = reason[len(found[0]):]
	}
	p.Reason = "is not proper YAML: " + reason
	return p
}
