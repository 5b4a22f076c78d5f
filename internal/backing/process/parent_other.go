//go:build unix && !linux

package process

import "syscall"

// dieWithParent does nothing: only Linux can. The next start finds what is left by its lock and stops it.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
