package backing

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// place is where PostgreSQL works and as whom. PostgreSQL refuses to run as root, so for root it runs as
// the user nobody, in folders that nobody can reach.
type place struct {
	base       string              // folder for its data and, if need be, its programs
	credential *syscall.Credential // nil: as we are
}

// findPlace returns o.Dir, unless we are root and another user could not get there (a home folder, say).
func findPlace(o Options) (place, error) {
	if os.Geteuid() != 0 {
		return place{base: o.Dir}, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return place{}, fmt.Errorf("PostgreSQL does not run as root, and there is no other user for it: %w", err)
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		return place{}, err
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	if err != nil {
		return place{}, err
	}
	p := place{base: o.Dir, credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	if reachable(o.Dir) {
		return p, nil
	}
	root := "/var/tmp" // unlike the usual temporary folder it survives a restart of the machine
	if _, err := os.Stat(root); err != nil {
		root = os.TempDir()
	}
	p.base = filepath.Join(root, fmt.Sprintf("anteroom-%x", sha256.Sum256([]byte(o.Dir)))[:len("anteroom-")+12])
	if err := os.Mkdir(p.base, 0o755); err != nil && !os.IsExist(err) {
		return p, err
	}
	// Anybody may make files in there: what is not ours is not used.
	info, err := os.Lstat(p.base)
	if err != nil {
		return p, err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || stat.Uid != 0 || info.Mode().Perm()&0o022 != 0 {
		return p, fmt.Errorf("%s belongs to somebody else; remove it, or keep the state in a folder that the user nobody can reach", p.base)
	}
	o.Progress(fmt.Sprintf("PostgreSQL: %s is out of reach for the user nobody; its data is kept in %s", o.Dir, p.base))
	return p, nil
}

// reachable reports whether every folder on the way to dir lets other users pass.
func reachable(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// makeDir makes a folder that only the user of PostgreSQL (and root) can read.
func (p place) makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return p.give(dir)
}

// give hands a file or folder to the user of PostgreSQL.
func (p place) give(path string) error {
	if p.credential == nil {
		return nil
	}
	return os.Chown(path, int(p.credential.Uid), int(p.credential.Gid))
}
