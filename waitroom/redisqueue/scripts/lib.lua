-- Stands in front of every script: the names of the keys, the clock, the room, and what admitting and ending mean.
--
-- KEYS     all keys of one room, in the order of keys.go; they share a hash tag, so a script runs on one node of a cluster.
-- ARGV[1]  now in ms since 1970; 0 for the clock of Redis, which is what everything but a test passes.
-- Returns  a table whose first element is 'ok', or the reason of a refusal: 'unknown', 'closed', 'superseded', 'invalid', 'changed'.
--
-- A script that Redis refuses to let write (replica, out of memory) fails at its first write and is not rolled back. So the
-- first write of each script is one that needs memory, and nothing is taken out of a set before it stands in the next one.

local ROOM, WAITING, SEEN, GONE = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ACTIVE, STARTED, EXPIRES, ADMITTED = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local RECENT, REVOKED, REVOKED_UNTIL = KEYS[9], KEYS[10], KEYS[11]

local MINUTE = 60000 -- ms; also the credit that one admission costs, see refill
local SKEW = 60000   -- ms by which a gateway's clock may be behind: a revocation outlives its pass by this
local SLACK = 250    -- ms; more than usually lies between two ticks
local BOUND = 1000   -- the most of any one thing that a call does

local function clock()
  local now = tonumber(ARGV[1])
  if now > 0 then return now end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

-- The room's figures and policy, or nil when there is no such room.
local function load_room()
  local f = redis.call('HMGET', ROOM, 'epoch', 'version', 'policy', 'issued', 'serving', 'admitted_total',
    'credit', 'credited_at', 'recent', 'ticked_at', 'resumed_at')
  if not f[1] then return nil end
  return {
    epoch = tonumber(f[1]), version = tonumber(f[2]), policy_json = f[3], policy = cjson.decode(f[3]),
    issued = tonumber(f[4]), serving = tonumber(f[5]), admitted_total = tonumber(f[6]),
    credit = tonumber(f[7]), credited_at = tonumber(f[8]), recent = tonumber(f[9]),
    ticked_at = tonumber(f[10]), resumed_at = tonumber(f[11]),
  }
end

-- RECENT lists the admissions of the last minute as 'ms:count', oldest first.
local function moment(entry)
  local ms, count = string.match(entry, '^(%d+):(%d+)$')
  return tonumber(ms), tonumber(count)
end

-- Takes out of RECENT what is a whole minute old. What the bound leaves in makes the limit stricter, never looser.
local function forget(room, now)
  local newest = redis.call('LINDEX', RECENT, -1)
  if newest and moment(newest) > now then
    -- The clock went back. Counting everything as admitted just now keeps the limit and waits a minute at most.
    redis.call('DEL', RECENT)
    redis.call('RPUSH', RECENT, string.format('%.0f:%.0f', now, room.recent))
  end
  for _ = 1, BOUND do
    local oldest = redis.call('LINDEX', RECENT, 0)
    if not oldest then break end
    local ms, count = moment(oldest)
    if ms > now - MINUTE then break end
    redis.call('LPOP', RECENT)
    room.recent = room.recent - count
  end
end

-- Returns how many may be admitted now. Two limits meet here: the window allows no more than the rate in any 60 s, and the credit
-- spreads admissions evenly. Credit grows by `rate` a millisecond and an admission costs 60,000, so it is whole numbers
-- throughout. It is bounded by one second's worth, so an idle room does not save up a burst, and by what
-- the window leaves free, so waiting for the window does not save one up either: otherwise a burst would come back every
-- minute. What has grown since the last call, up to SLACK, may stand above the bound, or low rates would lose it to rounding.
local function refill(room, now)
  forget(room, now)
  local rate = room.policy.rate_per_minute
  local free = math.max(0, rate - room.recent)
  local burst = math.min(math.max(1, math.floor(rate / 60)), math.max(1, free))
  local elapsed = math.min(math.max(0, now - room.credited_at), MINUTE)
  room.credit = math.min(room.credit + elapsed * rate, burst * MINUTE + math.min(elapsed, SLACK) * rate)
  room.credited_at = now
  local slots = room.policy.max_active - redis.call('ZCARD', ACTIVE)
  return math.max(0, math.min(math.floor(room.credit / MINUTE), burst, free, slots))
end

-- Makes a number an admitted session. Returns when its pass runs out.
local function admit(room, now, number)
  local expires = now + room.policy.session_limit_seconds * 1000
  redis.call('ZADD', ACTIVE, now, number)
  redis.call('ZADD', STARTED, now, number)
  redis.call('ZADD', EXPIRES, expires, number)
  redis.call('SETBIT', ADMITTED, number, 1)
  room.serving = math.max(room.serving, number)
  return expires
end

-- Writes down the room's figures after `count` admissions.
local function settle(room, now, count)
  if count > 0 then
    local newest, before = redis.call('LINDEX', RECENT, -1), 0
    if newest and moment(newest) == now then
      before = select(2, moment(newest))
      redis.call('RPOP', RECENT)
    end
    redis.call('RPUSH', RECENT, string.format('%.0f:%.0f', now, before + count))
    room.recent = room.recent + count
    room.admitted_total = room.admitted_total + count
    room.credit = room.credit - count * MINUTE
  end
  redis.call('HSET', ROOM, 'serving', room.serving, 'admitted_total', room.admitted_total,
    'credit', room.credit, 'credited_at', room.credited_at, 'recent', room.recent)
end

-- Ends an admitted session. Its pass may still be valid by some gateway's clock, so it is always revoked.
local function end_session(room, now, number)
  local expires = tonumber(redis.call('ZSCORE', EXPIRES, number))
  local member = string.format('%.0f:%.0f', room.epoch, number)
  redis.call('ZADD', REVOKED, now, member)
  redis.call('ZADD', REVOKED_UNTIL, math.max(expires, now) + SKEW, member)
  redis.call('ZREM', ACTIVE, number)
  redis.call('ZREM', STARTED, number)
  redis.call('ZREM', EXPIRES, number)
end

-- The room as Go reads it (snapshot in rooms.go), with the revocations given.
local function snapshot(room, now, revocations)
  return { 'ok', now, room.epoch, room.version, room.policy_json, room.issued, room.serving,
    redis.call('ZCARD', WAITING), redis.call('ZCARD', ACTIVE), room.admitted_total, room.recent, revocations }
end
