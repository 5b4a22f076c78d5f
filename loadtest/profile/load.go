package profile

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a profile, in bytes.
const maxFile = 1 << 20

// Defaults of a profile and of a kind of visitor, where the file says nothing.
const (
	defaultShow        = "arena"
	defaultOther       = "theatre"
	defaultConnections = 256
	defaultTimeout     = Duration(15 * time.Second)
	defaultTail        = Duration(5 * time.Minute) // deadline after the last corner of the line of arrivals
)

//go:embed profiles/*.yaml
var shipped embed.FS

// Load reads a profile from a file. The error is Problems: all that is wrong, each with its line.
func Load(file string) (*Profile, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, Problems{{File: file, Reason: "cannot be read: " + pathless(err).Error()}}
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, Problems{{File: file, Reason: "cannot be read: " + pathless(err).Error()}}
	case len(content) > maxFile:
		return nil, Problems{{File: file, Reason: fmt.Sprintf("is larger than %d bytes", maxFile)}}
	}
	return Parse(file, content)
}

// pathless is an error of the file system without the path, which stands beside it anyway.
func pathless(err error) error {
	if inner := (*os.PathError)(nil); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

// Parse is Load of a file whose content has been read; file is only its name in errors.
func Parse(file string, content []byte) (*Profile, error) {
	root, err := document(content)
	if err != nil {
		return nil, Problems{syntax(file, err)}
	}
	p := &Profile{Show: defaultShow, OtherShow: defaultOther, Scale: 1, Connections: defaultConnections, Timeout: defaultTimeout}
	r := &reader{file: file, lines: map[string]int{}}
	r.read(root, p)
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	p.complete()
	if err := p.Validate(); err != nil {
		return nil, r.placed(err)
	}
	return p, nil
}

// complete fills in what depends on other fields.
func (p *Profile) complete() {
	if p.Deadline == 0 {
		p.Deadline = Duration(p.Length()) + defaultTail
	}
	for i := range p.Visitors {
		if t := &p.Visitors[i].Think; t.P95 == 0 {
			t.P95 = 2 * t.Median
		}
	}
}

// Builtin is the shipped profile of that name. The error of one that there is not lists those that there are.
func Builtin(name string) (*Profile, error) {
	var names []string
	for _, p := range List() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return nil, fmt.Errorf("there is no profile %q; there are %s", name, strings.Join(names, ", "))
}

// Open is the shipped profile of that name or, when what is given ends in .yaml or .yml or has a separator in it, the profile in that file.
func Open(nameOrFile string) (*Profile, error) {
	if strings.ContainsAny(nameOrFile, `/\`) || strings.HasSuffix(nameOrFile, ".yaml") || strings.HasSuffix(nameOrFile, ".yml") {
		return Load(nameOrFile)
	}
	return Builtin(nameOrFile)
}

// List are the shipped profiles, by name. Each call makes them anew: they may be changed.
func List() []*Profile {
	entries, err := shipped.ReadDir("profiles")
	if err != nil {
		panic(err) // embedded
	}
	all := make([]*Profile, len(entries))
	for i, e := range entries {
		content, err := shipped.ReadFile(path.Join("profiles", e.Name()))
		if err == nil {
			all[i], err = Parse(e.Name(), content)
		}
		if err != nil {
			panic(err) // a test loads each of them
		}
	}
	return all
}

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
		return nil, errors.New("the file holds more than one document (---)")
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return doc.Content[0], nil
}
