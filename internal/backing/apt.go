package backing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"anteroom/internal/backing/process"
)

// redisPackages holds the server's program without the system service (see findRedis).
var redisPackages = []string{"redis-tools"}

// postgresPackages: the first comes alone, so that its setting can keep the second from making a cluster
// that the system would start at every boot.
var postgresPackages = []string{"postgresql-common", "postgresql"}

// mayInstall: only as root, and only where there is apt.
func mayInstall(o Options) bool {
	if o.NoInstall || os.Geteuid() != 0 {
		return false
	}
	_, err := exec.LookPath("apt-get")
	return err == nil
}

// installHint is what a person can do who reads that something is missing.
func installHint(formula string) string {
	if runtime.GOOS == "darwin" {
		return "brew install " + formula
	}
	if formula == "redis" {
		return "as root: apt-get install redis-tools, or redis-server"
	}
	return "as root: apt-get install postgresql"
}

// install gets Debian packages, one after the other, without any service being started or added.
func install(ctx context.Context, o Options, what string, packages []string) error {
	began := time.Now()
	o.Progress(fmt.Sprintf("%s: installing with apt-get (%s)", what, strings.Join(packages, ", ")))
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	defer cancel()
	restorePolicy, err := forbidServices()
	if err != nil {
		return err
	}
	defer restorePolicy()
	if !*o.aptUpdated {
		if err := aptGet(ctx, o, "update", "-qq"); err != nil {
			return err
		}
		*o.aptUpdated = true
	}
	for _, name := range packages {
		if err := aptGet(ctx, o, "install", "-y", "-qq", "--no-install-recommends", name); err != nil {
			return err
		}
		if name == "postgresql-common" {
			restoreClusters, err := forbidCluster()
			if err != nil {
				return err
			}
			defer restoreClusters()
		}
	}
	o.Progress(fmt.Sprintf("%s: installed after %s", what, time.Since(began).Round(time.Second)))
	return nil
}

func aptGet(ctx context.Context, o Options, args ...string) error {
	// Somebody else may be installing: wait for the lock rather than fail.
	p, err := process.Start(process.Spec{Name: "apt-get " + args[0], Path: "apt-get",
		Args: append([]string{"-o", "DPkg::Lock::Timeout=120"}, args...),
		Env:  append(os.Environ(), "DEBIAN_FRONTEND=noninteractive"),
		Log:  filepath.Join(o.Dir, "apt-"+args[0]+".log")})
	if err != nil {
		return err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return errors.Join(fmt.Errorf("%s: %w", p.Name(), ctx.Err()), p.Stop(stop))
	}
	if p.Err() != nil {
		return fmt.Errorf("%s failed (%w); the end of its output:\n%s", p.Name(), p.Err(), p.Tail(15))
	}
	return nil
}

// policyFile is asked by Debian's packages before they start a service; 101 means no.
const policyFile = "/usr/sbin/policy-rc.d"

// forbidServices keeps packages from starting services until restore is called. A policy that the machine
// already has is left as it is.
func forbidServices() (restore func(), err error) {
	file, err := os.OpenFile(policyFile, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if errors.Is(err, os.ErrExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString("#!/bin/sh\nexit 101\n")
	return func() { _ = os.Remove(policyFile) }, errors.Join(err, file.Close())
}

// clusterFile tells Debian's PostgreSQL packages whether to make a first cluster.
const clusterFile = "/etc/postgresql-common/createcluster.conf"

// forbidCluster keeps the server's package from making a cluster until restore is called.
func forbidCluster() (restore func(), err error) {
	before, err := os.ReadFile(clusterFile)
	if err != nil {
		return nil, err
	}
	after := append([]byte("create_main_cluster = false\n"), before...)
	if err := os.WriteFile(clusterFile, after, 0o644); err != nil {
		return nil, err
	}
	return func() { _ = os.WriteFile(clusterFile, before, 0o644) }, nil
}
