package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// InUseError says that a lock is held by a program that is alive and well.
type InUseError struct {
	Path string // the lock's file
	PID  int    // who made it
}

// Error names the holder.
func (e *InUseError) Error() string {
	return fmt.Sprintf("%s is in use by the process %d", filepath.Dir(e.Path), e.PID)
}

// Lock is held for as long as its maker, or any child that inherited File, is alive: the kernel lets
// go of it when the last of them ends, so there is nothing stale to clear away after a crash.
type Lock struct {
	// File belongs into Spec.Inherit of the children that work in the locked folder.
	File *os.File
}

// Acquire takes the lock file at path. When its maker is alive the error is an *InUseError. When the
// maker was killed and its children are still there, they are told to stop and Acquire waits for them
// until ctx ends; say hears about it.
func Acquire(ctx context.Context, path string, say func(line string)) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	told := false
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			_ = file.Close()
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		maker, children := readLock(path)
		if maker != 0 && alive(maker) {
			_ = file.Close()
			return nil, &InUseError{Path: path, PID: maker}
		}
		if !told {
			told = true
			say(fmt.Sprintf("an earlier run in %s was killed; stopping what it left behind", filepath.Dir(path)))
			for _, c := range children {
				_ = syscall.Kill(c.pid, c.signal)
			}
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, fmt.Errorf("what an earlier run left in %s does not stop (processes %v): end it and try again", filepath.Dir(path), children)
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err := file.Truncate(0); err != nil {
		_ = file.Close()
		return nil, err
	}
	l := &Lock{File: file}
	return l, l.write(os.Getpid(), 0)
}

// Note records a child that inherited the lock, for who has to clear up after a crash.
func (l *Lock) Note(p *Process) error { return l.write(p.PID(), p.spec.StopSignal) }

func (l *Lock) write(pid int, sig syscall.Signal) error {
	end, err := l.File.Seek(0, 2)
	if err != nil {
		return err
	}
	_, err = l.File.WriteAt([]byte(fmt.Sprintf("%d %d\n", pid, int(sig))), end)
	return err
}

// Release lets go of the lock. Children that inherited it go on holding it.
func (l *Lock) Release() { _ = l.File.Close() }

type leftover struct {
	pid    int
	signal syscall.Signal
}

// String is the number alone, for messages.
func (c leftover) String() string { return strconv.Itoa(c.pid) }

func readLock(path string) (maker int, children []leftover) {
	body, err := os.ReadFile(path)
	if err != nil {
		return 0, nil
	}
	for i, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
		var pid, sig int
		if _, err := fmt.Sscanf(line, "%d %d", &pid, &sig); err != nil || pid <= 1 {
			continue
		}
		if i == 0 {
			maker = pid
			continue
		}
		children = append(children, leftover{pid, syscall.Signal(sig)})
	}
	return maker, children
}

// alive reports whether the process exists; one that we may not signal does.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
